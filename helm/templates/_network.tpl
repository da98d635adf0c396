{{/* Which TCP ports Kaia's pod opens connections to; standard policies know ports, not host names. */}}

{{/* Takes an address; gives its port, or nothing. */}}
{{- define "kaia.portOf" -}}
{{- if . -}}
{{- $address := urlParse . -}}
{{- $port := regexFind ":[0-9]+$" $address.host | trimPrefix ":" -}}
{{- $port | default (ternary "443" "80" (eq $address.scheme "https")) -}}
{{- end -}}
{{- end -}}

{{/* A JSON list: HTTPS, the API server, the addresses among the values, Postgres' usual port. */}}
{{- define "kaia.egressPorts" -}}
{{- $ports := list 443 -}}
{{- range .Values.networkPolicy.apiServerPorts -}}{{- $ports = append $ports (int .) -}}{{- end -}}
{{- $addresses := list .Values.slack.apiUrl .Values.model.baseUrl .Values.traces.endpoint (get .Values.config "KAIA_TRANSCRIPTION_URL") -}}
{{- range $addresses -}}
{{- with include "kaia.portOf" . -}}{{- $ports = append $ports (int .) -}}{{- end -}}
{{- end -}}
{{- if include "kaia.hasPostgres" . -}}{{- $ports = append $ports 5432 -}}{{- end -}}
{{- $ports | uniq | toJson -}}
{{- end -}}

{{- define "kaia.dnsEgress" -}}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end -}}
