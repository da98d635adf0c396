{{/* Sentences about variables and addresses, as in _problems.tpl. A value is never quoted: it may hold
     a password. */}}

{{/* What the chart sets itself, and where it is said. */}}
{{- define "kaia.ownVariables" -}}
KAIA_MODEL: model.provider and model.name
KAIA_STORE: store
KAIA_STORE_FILE: store
KAIA_HTTP_PORT: httpPort
KAIA_CONFIG: settings
KAIA_CLUSTER_NAME: clusterName
KAIA_ALLOWED_CHANNELS: slack.allowedChannels
KAIA_ALLOWED_USERS: slack.allowedUsers
KAIA_ALLOWED_APPS: slack.allowedApps
KAIA_WRITES: writes
KAIA_NAMESPACES: rbac.namespaces
SLACK_BOT_TOKEN: slack.existingSecret
SLACK_BOT_TOKEN_FILE: slack.existingSecret
SLACK_APP_TOKEN: slack.existingSecret
SLACK_APP_TOKEN_FILE: slack.existingSecret
SLACK_API_URL: slack.apiUrl
OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint
{{- end -}}

{{- define "kaia.isSecretName" -}}
{{- if and (regexMatch "KEY$|TOKEN$|SECRET|PASSWORD|PASSWD|CREDENTIALS?$" (upper .)) (not (hasSuffix "_FILE" .)) -}}true{{- end -}}
{{- end -}}

{{/* The schema refuses these names too; where it is skipped, a secret would stand in a ConfigMap. */}}
{{- define "kaia.problems.config" -}}
{{- $own := include "kaia.ownVariables" . | fromYaml -}}
{{- $shapes := include "kaia.shapes" . | fromYaml -}}
{{- range $name, $value := .Values.config -}}
{{- if and (hasKey $own $name) (hasPrefix "KAIA_" $name) (not (hasSuffix "_FILE" $name)) }}
config.{{ $name }} is set by the chart itself: set {{ get $own $name }} instead.
{{- else if or (not (regexMatch "^KAIA_[A-Z_]+$" $name)) (include "kaia.isSecretName" $name) (and (hasSuffix "_FILE" $name) (ne $name "KAIA_AUDIT_FILE")) }}
config takes KAIA_… variables that are no secrets, and {{ printf "%q" $name }} is none: give it with extraEnv, from a Secret where it is one.
{{- end }}
{{- with get $shapes $name -}}
{{- if not (regexMatch (printf "^(%s)$" .shape) (include "kaia.text" $value)) }}
config.{{ $name }} has to be {{ .said }}.
{{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* What the variables of `config` may hold, where that can be said in short. */}}
{{- define "kaia.shapes" -}}
{{- $count := dict "shape" "0*[1-9][0-9]{0,17}" "said" "a whole number, 1 or more" -}}
{{- $above := "0*[1-9][0-9]{0,14}([.][0-9]+)?|0*[.]0*[1-9][0-9]*" -}}
{{- $seconds := dict "shape" $above "said" "a number of seconds above 0" -}}
{{- dict
  "KAIA_NUM_CTX" (dict "shape" "204[89]|20[5-9][0-9]|2[1-9][0-9]{2}|[3-9][0-9]{3}|[1-9][0-9]{4,17}" "said" "a whole number of tokens, 2048 or more, such as 16384")
  "KAIA_KEEP_ALIVE" (dict "shape" "-?[0-9]+|([0-9]+([.][0-9]+)?(ms|s|m|h))+" "said" "how long Ollama keeps the model loaded, such as 60m, or -1 for ever")
  "KAIA_THINK" (dict "shape" "true|false" "said" "true or false")
  "KAIA_MODEL_TIMEOUT_SECONDS" $seconds
  "KAIA_TURN_TIMEOUT_SECONDS" $seconds
  "KAIA_PARALLEL_MODEL_CALLS" $count
  "KAIA_PARALLEL_TURNS" $count
  "KAIA_TURNS_PER_HOUR" $count
  "KAIA_DAILY_TOKENS" $count
  "KAIA_RETENTION_DAYS" (dict "shape" $above "said" "a number of days above 0")
  "KAIA_GRACE_SECONDS" (dict "shape" "[0-9]{1,15}([.][0-9]+)?" "said" "a number of seconds, 0 or more")
  "KAIA_LOG_LEVEL" (dict "shape" "(?i)debug|info|warning|error" "said" "debug, info, warning or error")
  | toYaml -}}
{{- end -}}

{{- define "kaia.problems.addresses" -}}
{{- $addresses := dict
  "slack.apiUrl" .Values.slack.apiUrl
  "model.baseUrl" .Values.model.baseUrl
  "traces.endpoint" .Values.traces.endpoint
  "config.KAIA_TRANSCRIPTION_URL" (get .Values.config "KAIA_TRANSCRIPTION_URL") -}}
{{- range $where, $address := $addresses -}}
{{- if ne (toString $address) "" -}}
{{- if include "kaia.holdsPassword" (toString $address) }}
{{ $where }} holds a user or a password, and would stand in a ConfigMap: leave that out of the address.
{{- else if not (include "kaia.isAddress" (toString $address)) }}
{{ $where }} has to be an address such as https://models.example:8443/v1: http:// or https://, a host, a port from 1 to 65535 where it is not the usual one, and no blanks.
{{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Kaia's container and its Ollama's. From a Secret, by valueFrom, a variable may hold anything. */}}
{{- define "kaia.problems.extraEnv" -}}
{{- $own := include "kaia.ownVariables" . | fromYaml -}}
{{- range $name, $_ := include "kaia.environment" . | fromYaml -}}
{{- if not (hasKey $own $name) -}}{{- $_ := set $own $name (ternary (printf "config.%s" $name) "model" (hasKey $.Values.config $name)) -}}{{- end -}}
{{- end -}}
{{- $ofOllama := dict "HOME" "nothing" "OLLAMA_HOST" "nothing" "OLLAMA_MODELS" "ollama.persistence" -}}
{{- include "kaia.problems.variables" (list "extraEnv" .Values.extraEnv $own) -}}
{{- include "kaia.problems.variables" (list "ollama.extraEnv" .Values.ollama.extraEnv $ofOllama) -}}
{{- end -}}

{{/* Takes (list where variables taken). */}}
{{- define "kaia.problems.variables" -}}
{{- $where := index . 0 -}}
{{- $taken := index . 2 -}}
{{- range index . 1 -}}
{{- $value := .value | toString -}}
{{- if include "kaia.isProxy" .name -}}{{- $value = print "http://" (last (splitList "://" $value)) -}}{{- end -}}
{{- if hasKey $taken .name }}
{{ $where }} names {{ printf "%q" .name }}, which the chart sets itself: set {{ get $taken .name }} instead.
{{- else if and (not .valueFrom) (include "kaia.isSecretName" .name) }}
{{ $where }} gives {{ printf "%q" .name }} by its value, and a secret would stand in the Deployment: take it from a Secret with valueFrom.secretKeyRef.
{{- else if and (not .valueFrom) (include "kaia.holdsPassword" $value) }}
{{ $where }} gives {{ printf "%q" .name }} an address with a user or a password, which would stand in the Deployment: take it from a Secret with valueFrom.secretKeyRef.
{{- end }}
{{- end -}}
{{- end -}}
