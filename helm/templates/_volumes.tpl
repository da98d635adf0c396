{{/* What is mounted into Kaia's container: its state, a place for scratch, settings, secrets and its token. */}}

{{- define "kaia.mounts" -}}
- name: state
  mountPath: /var/lib/kaia
- name: tmp
  mountPath: /tmp
- name: api-access
  mountPath: /var/run/secrets/kubernetes.io/serviceaccount
  readOnly: true
- name: settings
  mountPath: /etc/kaia/config
  readOnly: true
{{- if .Values.runbooks }}
- name: runbooks
  mountPath: /etc/kaia/runbooks
  readOnly: true
{{- end }}
- name: slack
  mountPath: /etc/kaia/slack
  readOnly: true
{{- if include "kaia.modelSecret" . }}
- name: model
  mountPath: /etc/kaia/model
  readOnly: true
{{- end }}
{{- if include "kaia.hasPostgres" . }}
- name: store
  mountPath: /etc/kaia/store
  readOnly: true
{{- end }}
{{- end -}}

{{- define "kaia.volumes" -}}
{{- $fullname := include "kaia.fullname" . -}}
- name: state
  {{- with include "kaia.claim" . }}
  persistentVolumeClaim:
    claimName: {{ . | quote }}
  {{- else }}
  emptyDir:
    sizeLimit: 1Gi
  {{- end }}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
# As the kubelet would mount it, but good for an hour only and in this container alone.
- name: api-access
  projected:
    defaultMode: 0444
    sources:
      - serviceAccountToken:
          path: token
          expirationSeconds: {{ int .Values.serviceAccount.tokenSeconds }}
      - configMap:
          name: kube-root-ca.crt
          items:
            - key: ca.crt
              path: ca.crt
      - downwardAPI:
          items:
            - path: namespace
              fieldRef:
                apiVersion: v1
                fieldPath: metadata.namespace
- name: settings
  configMap:
    name: "{{ $fullname }}-settings"
{{- if .Values.runbooks }}
- name: runbooks
  configMap:
    name: "{{ $fullname }}-runbooks"
{{- end }}
- name: slack
  secret:
    secretName: {{ include "kaia.slackSecret" . | quote }}
    defaultMode: 0444
    items:
      - key: {{ .Values.slack.secretKeys.botToken | quote }}
        path: bot-token
      - key: {{ .Values.slack.secretKeys.appToken | quote }}
        path: app-token
{{- with include "kaia.modelSecret" . }}
- name: model
  secret:
    secretName: {{ . | quote }}
    defaultMode: 0444
    items:
      - key: {{ $.Values.model.secretKey | quote }}
        path: api-key
{{- end }}
{{- if include "kaia.hasPostgres" . }}
- name: store
  secret:
    secretName: {{ .Values.store.existingSecret | quote }}
    defaultMode: 0444
    items:
      - key: {{ .Values.store.secretKey | quote }}
        path: url
{{- end }}
{{- end -}}
