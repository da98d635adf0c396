{{/* Names, labels and small conversions. Every template here begins with `kaia.`. */}}

{{/* 52 characters, so that `-ollama` and `-test-ready` still fit into a name of 63. What is cut ends
     with a hash of the whole: two names that differ late stay two. */}}
{{- define "kaia.cut" -}}
{{- if gt (len .) 52 -}}
{{- printf "%s-%s" (trunc 43 . | trimSuffix "-") (sha256sum . | trunc 8) -}}
{{- else -}}
{{- . -}}
{{- end -}}
{{- end -}}

{{- define "kaia.name" -}}
{{- default .Chart.Name .Values.nameOverride | include "kaia.cut" -}}
{{- end -}}

{{- define "kaia.fullname" -}}
{{- $name := include "kaia.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- include "kaia.cut" .Values.fullnameOverride -}}
{{- else if contains $name .Release.Name -}}
{{- include "kaia.cut" .Release.Name -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | include "kaia.cut" -}}
{{- end -}}
{{- end -}}

{{/* Takes (list $ part). Of what stands outside the release's namespace: in the cluster, or in the
     namespaces of others. Neither half holds a dot, so no two releases ever share one. */}}
{{- define "kaia.roleName" -}}
{{- $ := index . 0 -}}
{{- printf "%s-%s.%s" (include "kaia.fullname" $) (index . 1) $.Release.Namespace -}}
{{- end -}}

{{/* Whom approved changes run as, unless a name is given: of this release alone, or another one's
     Kaia could act with its rights. */}}
{{- define "kaia.approved" -}}
{{- printf "kaia-approved:%s:%s" .Release.Namespace (include "kaia.fullname" .) -}}
{{- end -}}

{{- define "kaia.approvedUser" -}}
{{- .Values.writes.asUser | default (include "kaia.approved" .) -}}
{{- end -}}

{{- define "kaia.approvedGroup" -}}
{{- .Values.writes.asGroup | default (include "kaia.approved" .) -}}
{{- end -}}

{{/* Takes (list $ component). Selectors cannot be changed later: nothing that changes belongs here. */}}
{{- define "kaia.selectorLabels" -}}
{{- $ := index . 0 -}}
app.kubernetes.io/name: {{ include "kaia.name" $ | quote }}
app.kubernetes.io/instance: {{ $.Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Takes (list $ component), and further dictionaries whose keys never win over the chart's own. */}}
{{- define "kaia.labels" -}}
{{- $ := index . 0 -}}
{{- $labels := include "kaia.selectorLabels" . | fromYaml -}}
{{- $_ := set $labels "app.kubernetes.io/part-of" "kaia" -}}
{{- $_ := set $labels "app.kubernetes.io/managed-by" $.Release.Service -}}
{{- $_ := set $labels "app.kubernetes.io/version" ($.Chart.AppVersion | replace "+" "_" | trunc 63) -}}
{{- $_ := set $labels "helm.sh/chart" (printf "%s-%s" $.Chart.Name $.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
{{- range slice . 2 -}}
{{- $labels = merge $labels (. | default dict) -}}
{{- end -}}
{{- merge $labels ($.Values.commonLabels | default dict) | toYaml -}}
{{- end -}}

{{- define "kaia.serviceAccountName" -}}
{{- default (include "kaia.fullname" .) .Values.serviceAccount.name -}}
{{- end -}}

{{/* Takes (list image version). A digest wins over a tag. */}}
{{- define "kaia.imageOf" -}}
{{- $image := index . 0 -}}
{{- with $image.registry -}}{{ . | trimSuffix "/" }}/{{- end -}}
{{- $image.repository -}}
{{- if $image.digest -}}@{{ $image.digest }}{{- else -}}:{{ $image.tag | default (index . 1) }}{{- end -}}
{{- end -}}

{{- define "kaia.image" -}}
{{- include "kaia.imageOf" (list .Values.image .Chart.AppVersion) -}}
{{- end -}}

{{/* YAML's numbers reach templates as floats, and a million would be written 1e+06. */}}
{{- define "kaia.text" -}}
{{- if and (kindIs "float64" .) (eq (floor .) .) -}}{{ int64 . }}{{- else -}}{{ toString . }}{{- end -}}
{{- end -}}

{{- define "kaia.slackSecret" -}}
{{- default (printf "%s-slack" (include "kaia.fullname" .)) .Values.slack.existingSecret -}}
{{- end -}}

{{- define "kaia.makesSlackSecret" -}}
{{- if and (not .Values.slack.existingSecret) .Values.slack.botToken .Values.slack.appToken -}}true{{- end -}}
{{- end -}}

{{/* Empty where the model needs no key, or gets none. */}}
{{- define "kaia.modelSecret" -}}
{{- if .Values.model.existingSecret -}}
{{- .Values.model.existingSecret -}}
{{- else if .Values.model.apiKey -}}
{{- printf "%s-model" (include "kaia.fullname" .) -}}
{{- end -}}
{{- end -}}

{{- define "kaia.hasPostgres" -}}
{{- if eq .Values.store.type "postgres" -}}true{{- end -}}
{{- end -}}

{{/* The claim that holds the SQLite file; empty where nothing is kept. */}}
{{- define "kaia.claim" -}}
{{- if and .Values.persistence.enabled (not (include "kaia.hasPostgres" .)) -}}
{{- default (include "kaia.fullname" .) .Values.persistence.existingClaim -}}
{{- end -}}
{{- end -}}

{{/* Namespaces that are read where the scope is `namespaced`, as a JSON list. */}}
{{- define "kaia.namespaces" -}}
{{- .Values.rbac.namespaces | default (list .Release.Namespace) | uniq | sortAlpha | toJson -}}
{{- end -}}

{{- define "kaia.isNamespaced" -}}
{{- if eq .Values.rbac.scope "namespaced" -}}true{{- end -}}
{{- end -}}

{{- define "kaia.changesNodes" -}}
{{- if and .Values.writes.enabled (kindIs "map" .Values.writes.nodes) -}}true{{- end -}}
{{- end -}}

{{- define "kaia.ollamaUrl" -}}
{{- printf "http://%s-ollama:11434" (include "kaia.fullname" .) -}}
{{- end -}}

{{- define "kaia.modelUrl" -}}
{{- if .Values.model.baseUrl -}}
{{- .Values.model.baseUrl -}}
{{- else if .Values.ollama.enabled -}}
{{- include "kaia.ollamaUrl" . -}}
{{- end -}}
{{- end -}}

{{/* Everything that is written into a Secret; hashed, so that the pod follows it. */}}
{{- define "kaia.ownSecrets" -}}
{{- if include "kaia.makesSlackSecret" . -}}
{{- list .Values.slack.secretKeys .Values.slack.botToken .Values.slack.appToken | toJson -}}
{{- end -}}
{{- list .Values.model.secretKey .Values.model.apiKey | toJson -}}
{{- end -}}
