{{/* Where Kaia's pod opens connections to; standard policies know ports and addresses, not host names.
     Nothing here fails on a text that is no address. */}}

{{- define "kaia.isAddress" -}}
{{- $port := "[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]" -}}
{{- if regexMatch (printf "^https?://([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9.])?|\\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*\\])(:(%s))?([/?#]\\S*)?$" $port) . -}}true{{- end -}}
{{- end -}}

{{/* The user of an ssh:// address is no secret; of any other it may be a token. */}}
{{- define "kaia.holdsPassword" -}}
{{- if and (regexMatch "://[^/?#\\s]*@" .) (not (regexMatch "^[a-z+]*ssh://[^:@]*@" .)) -}}true{{- end -}}
{{- end -}}

{{- define "kaia.isProxy" -}}
{{- if and (hasSuffix "_PROXY" (upper .)) (ne (upper .) "NO_PROXY") -}}true{{- end -}}
{{- end -}}

{{/* `host:port` of an address, which may lack its scheme. */}}
{{- define "kaia.placeOf" -}}
{{- regexReplaceAll "^([A-Za-z][A-Za-z0-9+.-]*://)?([^/?#]*@)?" . "" | regexFind "^[^/?#]*" -}}
{{- end -}}

{{/* Nothing where no port can be told. */}}
{{- define "kaia.portOf" -}}
{{- $scheme := regexFind "^[A-Za-z][A-Za-z0-9+.-]*://" . | trimSuffix "://" | lower | default "http" -}}
{{- $usual := dict "http" "80" "https" "443" "ws" "80" "wss" "443" "socks4" "1080" "socks5" "1080" "socks5h" "1080" "postgresql" "5432" "postgres" "5432" -}}
{{- $place := include "kaia.placeOf" . -}}
{{- $isPlace := regexMatch "^([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$" $place -}}
{{- $port := regexFind ":[0-9]{1,5}$" $place | trimPrefix ":" | default (get $usual $scheme) -}}
{{- if and $isPlace $port (le 1 (int $port)) (le (int $port) 65535) -}}{{- int $port -}}{{- end -}}
{{- end -}}

{{/* A name without a dot, or one of a Service: of a pod in this cluster, and of no other machine. */}}
{{- define "kaia.isInside" -}}
{{- $host := regexReplaceAll ":[0-9]*$" (include "kaia.placeOf" .) "" | trimSuffix "." | lower -}}
{{- if regexMatch "^[a-z0-9-]+$|[.]svc$|[.]svc[.]|[.]cluster[.]local$" $host -}}true{{- end -}}
{{- end -}}

{{/* All that the values say is called, by whichever name: a JSON list. What comes from a Secret or a
     ConfigMap cannot be seen here. */}}
{{- define "kaia.addresses" -}}
{{- $addresses := list .Values.slack.apiUrl .Values.model.baseUrl .Values.traces.endpoint (get .Values.config "KAIA_TRANSCRIPTION_URL" | toString) -}}
{{- range .Values.extraEnv -}}
{{- $value := .value | default "" | trim -}}
{{- if or (contains "://" $value) (and $value (include "kaia.isProxy" .name)) -}}{{- $addresses = append $addresses $value -}}{{- end -}}
{{- end -}}
{{- without $addresses "" | uniq | toJson -}}
{{- end -}}

{{/* {inside: […], outside: […]}: the ports to pods of this cluster, and to anybody. HTTPS is Slack's;
     where Postgres stands is known to a Secret alone. */}}
{{- define "kaia.egressPorts" -}}
{{- $inside := list -}}
{{- $outside := list 443 -}}
{{- range include "kaia.addresses" . | fromJsonArray -}}
{{- $port := include "kaia.portOf" . -}}
{{- if and $port (include "kaia.isInside" .) -}}
{{- $inside = append $inside (int $port) -}}
{{- else if $port -}}
{{- $outside = append $outside (int $port) -}}
{{- end -}}
{{- end -}}
{{- if include "kaia.hasPostgres" . -}}{{- $outside = append $outside 5432 -}}{{- end -}}
{{- dict "inside" ($inside | uniq) "outside" ($outside | uniq) | toJson -}}
{{- end -}}

{{/* Takes a list of numbers. */}}
{{- define "kaia.tcp" -}}
{{- range . }}
- port: {{ int . }}
  protocol: TCP
{{- end }}
{{- end -}}

{{/* Anybody but the services that hand a node's credentials to whoever asks. Pods are named too:
     some networks do not count them among the addresses. */}}
{{- define "kaia.anybody" -}}
- namespaceSelector: {}
- ipBlock:
    cidr: 0.0.0.0/0
    except: [169.254.0.0/16, 100.100.100.200/32, 168.63.129.16/32]
- ipBlock:
    cidr: ::/0
    except: ["fe80::/10", "fd00:ec2::254/128", "fd20:ce::254/128"]
{{- end -}}

{{- define "kaia.dnsEgress" -}}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end -}}
