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
{{- $grace := get .Values.config "KAIA_GRACE_SECONDS" | toString | default "20" | float64 -}}
{{- if lt (float64 .Values.terminationGracePeriodSeconds) (addf $grace 25) }}
terminationGracePeriodSeconds is {{ int .Values.terminationGracePeriodSeconds }}: it has to be at least KAIA_GRACE_SECONDS and 25 more, {{ include "kaia.text" (ceil (addf $grace 25)) }}, or running answers are cut off.
{{- end }}
{{- end -}}

{{- define "kaia.ownVariables" -}}
KAIA_MODEL: model.provider and model.name
KAIA_STORE: store
KAIA_HTTP_PORT: httpPort
KAIA_CONFIG: settings
KAIA_CLUSTER_NAME: clusterName
KAIA_ALLOWED_CHANNELS: slack.allowedChannels
KAIA_ALLOWED_USERS: slack.allowedUsers
KAIA_ALLOWED_APPS: slack.allowedApps
KAIA_WRITES: writes
KAIA_NAMESPACES: rbac.namespaces
{{- end -}}

{{/* The schema refuses these too; where it is skipped, a secret would stand in a ConfigMap. */}}
{{- define "kaia.problems.config" -}}
{{- $own := include "kaia.ownVariables" . | fromYaml -}}
{{- range $name, $_ := .Values.config -}}
{{- if hasKey $own $name }}
config.{{ $name }} is set by the chart itself: set {{ get $own $name }} instead.
{{- else if or (not (regexMatch "^KAIA_[A-Z_]+$" $name)) (regexMatch "KEY|TOKEN$|_FILE$|SECRET|PASSWORD" $name | and (ne $name "KAIA_AUDIT_FILE")) }}
config takes KAIA_… variables that are no secrets, and {{ printf "%q" $name }} is none: give it with extraEnv, from a Secret where it is one.
{{- end }}
{{- end -}}
{{- end -}}

{{- define "kaia.problems.serviceAccount" -}}
{{- with .Values.serviceAccount -}}
{{- if and (not .create) (or (not .name) (eq .name "default")) }}
serviceAccount.create is false: name an account of Kaia's own with serviceAccount.name, not the one that every pod of the namespace has.
{{- end }}
{{- end -}}
{{- end -}}

{{- define "kaia.problems.rbac" -}}
{{- if and .Values.rbac.namespaces (not (include "kaia.isNamespaced" .)) }}
rbac.namespaces is given and rbac.scope is cluster, which reads all of them: set rbac.scope to namespaced, or leave rbac.namespaces empty.
{{- end }}
{{- end -}}

{{/* Reading and nothing else, and of that no Secrets: what is more is asked for with extraObjects. */}}
{{- define "kaia.problems.extraRules" -}}
{{- range $index, $rule := .Values.rbac.extraRules -}}
{{- $where := printf "rbac.extraRules[%d]" $index -}}
{{- if or (not $rule.apiGroups) (not $rule.resources) (not $rule.verbs) }}
{{ $where }} needs apiGroups, resources and verbs.
{{- end }}
{{- range $key, $_ := $rule -}}
{{- if not (has $key (list "apiGroups" "resources" "resourceNames" "verbs")) }}
{{ $where }} may have apiGroups, resources, resourceNames and verbs, not {{ printf "%q" $key }}.
{{- end }}
{{- end -}}
{{- range $verb := $rule.verbs -}}
{{- if not (has $verb (list "get" "list" "watch")) }}
{{ $where }} may only get, list and watch, not {{ printf "%q" $verb }}.
{{- end }}
{{- end -}}
{{- range concat ($rule.apiGroups | default list) ($rule.resources | default list) -}}
{{- if contains "*" . }}
{{ $where }} holds {{ printf "%q" . }}: name groups and resources one by one, so that it can be seen what Kaia may read.
{{- end }}
{{- end -}}
{{- range $resource := $rule.resources -}}
{{- $parts := splitList "/" (lower $resource) -}}
{{- if eq (first $parts) "secrets" }}
{{ $where }} names secrets: Kaia never reads Secrets.
{{- end }}
{{- if and (gt (len $parts) 1) (not (has (join "/" (rest $parts)) (list "log" "status" "scale"))) }}
{{ $where }} names {{ printf "%q" $resource }}: of subresources only log, status and scale may be read.
{{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "kaia.problems.writes" -}}
{{- $scoped := include "kaia.isNamespaced" . -}}
{{- $read := include "kaia.namespaces" . | fromJsonArray -}}
{{- with .Values.writes -}}
{{- $nodes := kindIs "map" .nodes -}}
{{- if .enabled -}}
{{- if not (or .namespaces $nodes) }}
writes.enabled is true, and nothing says where: name namespaces under writes.namespaces, or give writes.nodes.
{{- end }}
{{- $places := deepCopy .namespaces -}}
{{- if $nodes -}}{{- $_ := set $places "nodes" .nodes -}}{{- end -}}
{{- $approvers := .approvers -}}
{{- range $name, $place := $places -}}
{{- if not (or $approvers ($place | default dict).approvers) }}
Nobody may approve changes in {{ printf "%q" $name }}: give writes.approvers, or approvers of that place.
{{- end }}
{{- end -}}
{{- if and $nodes $scoped }}
writes.nodes is given and rbac.scope is namespaced, in which Kaia sees no nodes: leave writes.nodes out, or set rbac.scope to cluster.
{{- end }}
{{- range $name, $_ := .namespaces -}}
{{- if and $scoped (not (has $name $read)) }}
writes.namespaces names {{ printf "%q" $name }}, which Kaia may not read: add it to rbac.namespaces.
{{- end }}
{{- end -}}
{{- range $key := list "asUser" "asGroup" -}}
{{- $name := get $.Values.writes $key -}}
{{- if or (not $name) (hasPrefix "system:" $name) }}
writes.{{ $key }} has to be a name of your own, such as kaia-approved, and none of Kubernetes' own (system:…).
{{- end }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
