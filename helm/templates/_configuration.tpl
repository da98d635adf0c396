{{/* What Kaia is told: variables, and the file of KAIA_CONFIG. No secret stands in either. */}}

{{- define "kaia.providers" -}}
ollama: {url: OLLAMA_HOST}
openai: {url: OPENAI_BASE_URL, key: OPENAI_API_KEY_FILE}
anthropic: {url: ANTHROPIC_BASE_URL, key: ANTHROPIC_API_KEY_FILE}
gemini: {url: GEMINI_BASE_URL, key: GEMINI_API_KEY_FILE}
azure: {url: AZURE_OPENAI_ENDPOINT, key: AZURE_OPENAI_API_KEY_FILE}
builtin: {}
{{- end -}}

{{/* The variables as a YAML mapping, every value a string. */}}
{{- define "kaia.environment" -}}
{{- $env := dict
  "SLACK_BOT_TOKEN_FILE" "/etc/kaia/slack/bot-token"
  "SLACK_APP_TOKEN_FILE" "/etc/kaia/slack/app-token"
  "KAIA_HTTP_PORT" (include "kaia.text" .Values.httpPort)
  "KAIA_CONFIG" "/etc/kaia/config/kaia.yaml"
  "KAIA_WRITES" (ternary "approve" "off" .Values.writes.enabled) -}}
{{- range $name, $value := .Values.config -}}
{{- $_ := set $env $name (include "kaia.text" $value) -}}
{{- end -}}
{{- $named := dict
  "SLACK_API_URL" .Values.slack.apiUrl
  "KAIA_CLUSTER_NAME" .Values.clusterName
  "KAIA_ALLOWED_CHANNELS" (join "," .Values.slack.allowedChannels)
  "KAIA_ALLOWED_USERS" (join "," .Values.slack.allowedUsers)
  "KAIA_ALLOWED_APPS" (join "," .Values.slack.allowedApps)
  "OTEL_EXPORTER_OTLP_ENDPOINT" .Values.traces.endpoint -}}
{{- if include "kaia.isNamespaced" . -}}
{{- $_ := set $named "KAIA_NAMESPACES" (include "kaia.namespaces" . | fromJsonArray | join ",") -}}
{{- end -}}
{{- $env = mergeOverwrite $env (include "kaia.modelEnvironment" . | fromYaml) (include "kaia.storeEnvironment" . | fromYaml) -}}
{{- range $name, $value := $named -}}
{{- if $value -}}{{- $_ := set $env $name $value -}}{{- end -}}
{{- end -}}
{{- toYaml $env -}}
{{- end -}}

{{- define "kaia.modelEnvironment" -}}
{{- $provider := get (include "kaia.providers" . | fromYaml) .Values.model.provider | default dict -}}
{{- $env := dict "KAIA_MODEL" "builtin" -}}
{{- if ne .Values.model.provider "builtin" -}}
{{- $_ := set $env "KAIA_MODEL" (printf "%s:%s" .Values.model.provider .Values.model.name) -}}
{{- end -}}
{{- $url := include "kaia.modelUrl" . -}}
{{- if and $url $provider.url -}}{{- $_ := set $env $provider.url $url -}}{{- end -}}
{{- if and (include "kaia.modelSecret" .) $provider.key -}}
{{- $_ := set $env $provider.key "/etc/kaia/model/api-key" -}}
{{- end -}}
{{- toYaml $env -}}
{{- end -}}

{{- define "kaia.storeEnvironment" -}}
{{- if include "kaia.hasPostgres" . -}}
KAIA_STORE_FILE: /etc/kaia/store/url
{{- else -}}
KAIA_STORE: sqlite:////var/lib/kaia/kaia.db
{{- end -}}
{{- end -}}

{{/* The file of KAIA_CONFIG. */}}
{{- define "kaia.settings" -}}
{{- $settings := deepCopy .Values.settings -}}
{{- if .Values.runbooks -}}{{- $_ := set $settings "runbooks" "/etc/kaia/runbooks" -}}{{- end -}}
{{- with .Values.writes -}}
{{- if .enabled -}}
{{- $writes := dict
  "approvers" .approvers
  "own_requests" .ownRequests
  "as_user" (include "kaia.approvedUser" $)
  "as_group" (include "kaia.approvedGroup" $)
  "namespaces" .namespaces -}}
{{- if kindIs "map" .nodes -}}{{- $_ := set $writes "nodes" .nodes -}}{{- end -}}
{{- $_ := set $settings "writes" $writes -}}
{{- end -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}
