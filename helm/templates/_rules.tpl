{{/* Kaia's rights, one list per place. Verbs that change nothing, and never Secrets, `*` or a subresource that acts. */}}

{{/* Inside namespaces; in a ClusterRole these hold everywhere, in a Role in its own namespace. */}}
{{- define "kaia.rules.namespaced" -}}
- apiGroups: [""]
  resources:
    - configmaps
    - endpoints
    - events
    - limitranges
    - persistentvolumeclaims
    - pods
    - podtemplates
    - replicationcontrollers
    - resourcequotas
    - serviceaccounts
    - services
  verbs: [get, list, watch]
- apiGroups: [""]
  resources:
    - persistentvolumeclaims/status
    - pods/log
    - pods/status
    - replicationcontrollers/scale
    - replicationcontrollers/status
    - resourcequotas/status
    - services/status
  verbs: [get]
- apiGroups: [apps]
  resources: [controllerrevisions, daemonsets, deployments, replicasets, statefulsets]
  verbs: [get, list, watch]
- apiGroups: [apps]
  resources:
    - daemonsets/status
    - deployments/scale
    - deployments/status
    - replicasets/scale
    - replicasets/status
    - statefulsets/scale
    - statefulsets/status
  verbs: [get]
- apiGroups: [batch]
  resources: [cronjobs, jobs]
  verbs: [get, list, watch]
- apiGroups: [batch]
  resources: [cronjobs/status, jobs/status]
  verbs: [get]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers/status]
  verbs: [get]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets/status]
  verbs: [get]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [get, list, watch]
- apiGroups: [networking.k8s.io]
  resources: [ingresses/status]
  verbs: [get]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [get, list, watch]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, list, watch]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [rolebindings, roles]
  verbs: [get, list, watch]
- apiGroups: [storage.k8s.io]
  resources: [csistoragecapacities]
  verbs: [get, list, watch]
- apiGroups: [resource.k8s.io]
  resources: [resourceclaims, resourceclaimtemplates]
  verbs: [get, list, watch]
- apiGroups: [metrics.k8s.io]
  resources: [pods]
  verbs: [get, list]
{{- end -}}

{{/* What belongs to no namespace. */}}
{{- define "kaia.rules.cluster" -}}
- apiGroups: [""]
  resources: [namespaces, nodes, persistentvolumes]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [namespaces/status, nodes/status, persistentvolumes/status]
  verbs: [get]
- apiGroups: [metrics.k8s.io]
  resources: [nodes]
  verbs: [get, list]
- apiGroups: [storage.k8s.io]
  resources: [csidrivers, csinodes, storageclasses, volumeattachments, volumeattributesclasses]
  verbs: [get, list, watch]
- apiGroups: [networking.k8s.io]
  resources: [ingressclasses, ipaddresses, servicecidrs]
  verbs: [get, list, watch]
- apiGroups: [scheduling.k8s.io]
  resources: [priorityclasses]
  verbs: [get, list, watch]
- apiGroups: [node.k8s.io]
  resources: [runtimeclasses]
  verbs: [get, list, watch]
- apiGroups: [resource.k8s.io]
  resources: [deviceclasses, resourceslices]
  verbs: [get, list, watch]
- apiGroups: [admissionregistration.k8s.io]
  resources:
    - mutatingwebhookconfigurations
    - validatingadmissionpolicies
    - validatingadmissionpolicybindings
    - validatingwebhookconfigurations
  verbs: [get, list, watch]
- apiGroups: [apiregistration.k8s.io]
  resources: [apiservices]
  verbs: [get, list, watch]
- apiGroups: [apiextensions.k8s.io]
  resources: [customresourcedefinitions]
  verbs: [get, list, watch]
- apiGroups: [certificates.k8s.io]
  resources: [certificatesigningrequests]
  verbs: [get, list, watch]
- apiGroups: [rbac.authorization.k8s.io]
  resources: [clusterrolebindings, clusterroles]
  verbs: [get, list, watch]
{{- end -}}

{{/* Takes the list of changes allowed in one namespace: rights for these and no more. */}}
{{- define "kaia.rules.changes" -}}
{{- $patching := list "rollout restart" "rollout undo" "rollout pause" "rollout resume" "set image" -}}
{{- $patches := false -}}
{{- range $patching -}}{{- if has . $ -}}{{- $patches = true -}}{{- end -}}{{- end -}}
{{- if or $patches (has "scale" .) -}}
- apiGroups: [apps]
  resources: [daemonsets, deployments, statefulsets]
  verbs: {{ ternary "[get, patch]" "[get]" $patches }}
{{- end }}
{{- if has "rollout undo" . }}
- apiGroups: [apps]
  resources: [controllerrevisions, replicasets]
  verbs: [get, list]
{{- end }}
{{- if has "scale" . }}
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [get]
- apiGroups: [apps]
  resources: [deployments/scale, replicasets/scale, statefulsets/scale]
  verbs: [get, patch, update]
{{- end }}
{{- if has "delete pod" . }}
- apiGroups: [""]
  resources: [pods]
  verbs: [delete]
{{- end }}
{{- end -}}

{{- define "kaia.changesInNamespaces" -}}
["rollout restart", "rollout undo", "rollout pause", "rollout resume", "scale", "delete pod", "set image"]
{{- end -}}
