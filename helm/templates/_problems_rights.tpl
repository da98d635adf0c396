{{/* Sentences about rights, as in _problems.tpl. */}}

{{- define "kaia.problems.rbac" -}}
{{- if and (not .Values.rbac.create) (or .Values.rbac.bindView .Values.rbac.extraRules) }}
rbac.create is false, so no role is made: set rbac.create to true, or leave rbac.bindView and rbac.extraRules out and give these rights yourself.
{{- end }}
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
{{- $part := join "/" (rest $parts) -}}
{{- if and $part (not (has $part (list "status" "scale"))) (ne $resource "pods/log") }}
{{ $where }} names {{ printf "%q" $resource }}: of subresources only status, scale and pods/log may be read; the others act, or read what is no object.
{{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Takes (list $ name). Who acts as a name has all that it may: with a colon it is Kubernetes' or an
     identity provider's, with an @ a person's, with such a word most likely an administrator's. */}}
{{- define "kaia.isOfOthers" -}}
{{- $name := index . 1 | lower -}}
{{- $words := splitList "-" (regexReplaceAll "[^a-z0-9]+" $name "-") -}}
{{- if eq $name (include "kaia.approved" (index . 0)) -}}
{{- else if regexMatch "[:@]" $name -}}
true
{{- else -}}
{{- range $words -}}
{{- if regexMatch "^((cluster|super|k8s|kube)?(admin|administrator|master|superuser|owner)s?|root|sudo|wheel|everyone)$" . -}}true{{- end -}}
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
{{- if include "kaia.isOfOthers" (list $ $name) }}
writes.{{ $key }} has to be a name of your own that nobody else has, such as kaia-approved, and {{ printf "%q" $name }} may be one of Kubernetes' own (system:…), an administrator's or a person's: leave it empty, and it is {{ include "kaia.approved" $ }}.
{{- end }}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}
