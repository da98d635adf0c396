{{/* Each gives the sentences about its part of the values, a line each; none where all is well.
     What a sentence quotes is quoted by %q: no value can break a line, and no token is quoted. */}}

{{- define "kaia.problems.names" -}}
{{- $fullname := include "kaia.fullname" . -}}
{{- if not (regexMatch "^[a-z]([-a-z0-9]*[a-z0-9])?$" $fullname) }}
The objects would be named {{ printf "%q" $fullname }}, and a Service has to begin with a letter: choose another release name, or set fullnameOverride.
{{- end }}
{{- range $namespace := concat (include "kaia.namespaces" . | fromJsonArray) (keys .Values.writes.namespaces) -}}
{{- if not (regexMatch "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$" $namespace) }}
{{ printf "%q" $namespace }} is no name of a namespace.
{{- end }}
{{- end -}}
{{- end -}}

{{- define "kaia.problems.slack" -}}
{{- with .Values.slack -}}
{{- if and .existingSecret (or .botToken .appToken) }}
slack.existingSecret and tokens are both given: keep the Secret, and leave slack.botToken and slack.appToken empty.
{{- end }}
{{- if and .botToken (not .appToken) }}
slack.botToken is given and slack.appToken is not: Kaia needs both (the app token begins with xapp-).
{{- end }}
{{- if and .appToken (not .botToken) }}
slack.appToken is given and slack.botToken is not: Kaia needs both (the bot token begins with xoxb-).
{{- end }}
{{- if and .botToken (not (hasPrefix "xoxb-" .botToken)) }}
slack.botToken has to begin with xoxb-; it stands under "OAuth & Permissions" of the Slack app.
{{- end }}
{{- if and .appToken (not (hasPrefix "xapp-" .appToken)) }}
slack.appToken has to begin with xapp-; it stands under "Basic Information", "App-Level Tokens" of the Slack app.
{{- end }}
{{- if eq .secretKeys.botToken .secretKeys.appToken }}
slack.secretKeys names one key for both tokens: give each its own.
{{- end }}
{{- end -}}
{{- end -}}

{{- define "kaia.problems.model" -}}
{{- $mayComeOtherwise := or .Values.extraEnv .Values.extraEnvFrom -}}
{{- $ollama := .Values.ollama.enabled -}}
{{- with .Values.model -}}
{{- $hasKey := or .existingSecret .apiKey -}}
{{- if and $ollama (ne .provider "ollama") }}
ollama.enabled is true and model.provider is {{ .provider }}: the Ollama would run for nobody. Set model.provider to ollama, or ollama.enabled to false.
{{- end }}
{{- if and $ollama (eq .provider "ollama") .baseUrl }}
ollama.enabled is true and model.baseUrl names another one: leave model.baseUrl empty, or set ollama.enabled to false.
{{- end }}
{{- if and .existingSecret .apiKey }}
model.existingSecret and model.apiKey are both given: keep the Secret, and leave model.apiKey empty.
{{- end }}
{{- if and (has .provider (list "ollama" "builtin")) $hasKey }}
model.provider {{ .provider }} takes no key: leave model.existingSecret and model.apiKey empty.
{{- end }}
{{- if and (has .provider (list "openai" "anthropic" "gemini")) (not $hasKey) (not .baseUrl) (not $mayComeOtherwise) }}
model.provider {{ .provider }} needs a key: name a Secret that holds it with model.existingSecret.
{{- end }}
{{- if and (eq .provider "azure") (not .baseUrl) (not $mayComeOtherwise) }}
model.provider azure needs model.baseUrl: the endpoint that stands on the resource's page in Azure.
{{- end }}
{{- if and (ne .provider "builtin") (not (trim .name)) }}
model.name is empty: name a model of {{ .provider }}, or set model.provider to builtin.
{{- end }}
{{- if and (eq .provider "builtin") .baseUrl }}
model.provider builtin asks no server: leave model.baseUrl empty.
{{- end }}
{{- end -}}
{{- end -}}

{{- define "kaia.problems.store" -}}
{{- $postgres := include "kaia.hasPostgres" . -}}
{{- if and $postgres (not .Values.store.existingSecret) }}
store.type postgres needs store.existingSecret: a Secret that holds the postgresql://… address under {{ printf "%q" .Values.store.secretKey }}.
{{- end }}
{{- if and (not $postgres) .Values.store.existingSecret }}
store.existingSecret is given and store.type is sqlite, which takes none: set store.type to postgres.
{{- end }}
{{- if and (not $postgres) (gt (int .Values.replicaCount) 1) }}
replicaCount is {{ int .Values.replicaCount }} and store.type is sqlite, a file that one process holds: set store.type to postgres, or replicaCount to 1.
{{- end }}
{{- /* What is no number is told of as such. */ -}}
{{- $said := get .Values.config "KAIA_GRACE_SECONDS" | include "kaia.text" | default "20" -}}
{{- $grace := regexFind "^[0-9]{1,15}([.][0-9]+)?$" $said | float64 -}}
{{- if lt (float64 .Values.terminationGracePeriodSeconds) (addf $grace 25) }}
terminationGracePeriodSeconds is {{ int .Values.terminationGracePeriodSeconds }}: it has to be at least KAIA_GRACE_SECONDS and 25 more, {{ include "kaia.text" (ceil (addf $grace 25)) }}, or running answers are cut off.
{{- end }}
{{- end -}}

{{- define "kaia.problems.persistence" -}}
{{- if and (include "kaia.hasPostgres" .) .Values.persistence.existingClaim }}
persistence.existingClaim is given and store.type is postgres, which takes no volume: leave it empty, or set store.type to sqlite.
{{- end }}
{{- range $where, $persistence := dict "persistence" .Values.persistence "ollama.persistence" .Values.ollama.persistence -}}
{{- if and (not $persistence.enabled) $persistence.existingClaim }}
{{ $where }}.enabled is false and {{ $where }}.existingClaim is given: nothing would be kept on that claim. Set {{ $where }}.enabled to true, or leave existingClaim empty.
{{- end }}
{{- end -}}
{{- end -}}

{{- define "kaia.problems.serviceAccount" -}}
{{- with .Values.serviceAccount -}}
{{- if and .create (eq .name "default") }}
serviceAccount.name is default, the account that every pod of the namespace has: all of them would get Kaia's rights. Leave it empty, or name another.
{{- end }}
{{- if and (not .create) (or (not .name) (eq .name "default")) }}
serviceAccount.create is false: name an account of Kaia's own with serviceAccount.name, not the one that every pod of the namespace has.
{{- end }}
{{- end -}}
{{- end -}}
