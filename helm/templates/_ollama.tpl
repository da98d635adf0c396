{{/* Ollama runs as nobody in particular: its home and its models lie on one volume. */}}

{{/* Takes the address: where the server listens, or where its client looks. */}}
{{- define "kaia.ollamaEnv" -}}
- name: HOME
  value: /tmp
- name: OLLAMA_HOST
  value: {{ . | quote }}
- name: OLLAMA_MODELS
  value: /var/lib/ollama/models
{{- end -}}

{{- define "kaia.ollamaMounts" -}}
- name: models
  mountPath: /var/lib/ollama
- name: tmp
  mountPath: /tmp
{{- end -}}

{{/* Model names are arguments and never part of the script. What is there is not asked for again:
     a cluster that has lost its way out keeps its models. The shell only waits for what runs in the
     background, so that it hears when the pod is told to stop. */}}
{{- define "kaia.ollamaPull" -}}
trap 'exit 0' TERM INT
for model in "$@"; do
  until ollama show "$model" >/dev/null 2>&1; do
    echo "Getting $model"
    ollama pull "$model" & wait $! && continue
    echo "$model is not here yet; trying again in 15 s, from where it stopped"
    sleep 15 & wait $!
  done
  echo "$model is here"
done
while :; do sleep 3600 & wait $!; done
{{- end -}}
