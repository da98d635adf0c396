"""What a cluster shows in ordinary times, byte for byte as it was."""

# ruff: noqa: E501  # tables of texts read better with one text a line

import base64
import json
import textwrap

import pytest

from bot.redaction import Redactor

UID = "0b6d6f0e-6a54-4f0c-9a57-0d9a3b5a5f63"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

LINES = {
    "pods": "NAME                                  READY   STATUS             RESTARTS        AGE\ncheckout-7d9f8c6b5-x2x7k              1/1     Running            0               5d3h\ncheckout-7d9f8c6b5-zq8fp              0/1     CrashLoopBackOff   12 (3m2s ago)   41m\n",
    "pods, wide": "prometheus-kube-prometheus-stack-prometheus-0   2/2   Running   0   9d   10.244.3.17   ip-10-0-1-2.eu-west-1.compute.internal   <none>   <none>",
    "pods of a daemon set": "kube-system   aws-node-4h7xq   2/2   Running   4 (6d ago)   31d   10.0.12.7   gke-prod-pool-1a2b3c4d-x5z9   <none>",
    "pods with labels": "checkout-6d4cf56db6-t5w7b   1/1   Running   0   3h   app.kubernetes.io/instance=checkout,app.kubernetes.io/managed-by=Helm,pod-template-hash=6d4cf56db6",
    "a job's pod": "backup-nightly-28341120-x2x7k   0/1   Completed   0   7h",
    "nodes": "aks-nodepool1-12345678-vmss000001   Ready   agent   42d   v1.28.3   10.224.0.5   <none>   Ubuntu 22.04.3 LTS   5.15.0-1053-azure   containerd://1.7.2-1",
    "nodes of gke": "gke-cluster-1-default-pool-8f1e2d3c-k9x2   Ready   <none>   12d   v1.28.3-gke.1286000   10.132.0.4   34.76.1.2   Container-Optimized OS from Google   6.1.58+   containerd://1.7.10",
    "nodes of eks": "ip-10-0-1-2.ec2.internal   Ready   <none>   9d   v1.29.0-eks-5e0fdde",
    "a machine set": "prod-worker-eu-west-1a-7xk2p   Running   m5.2xlarge   eu-west-1   eu-west-1a   61d",
    "volumes": f"pvc-{UID}   20Gi   RWO   Delete   Bound   shop/data-postgres-0   gp3   <unset>   61d",
    "replica sets": "checkout-7d9f8c6b5   3   3   3   5d   checkout   registry.example.com/shop/checkout:v1.14.2-rc.1+build.20240101.sha.5114f85   app=checkout,pod-template-hash=7d9f8c6b5",
    "services": "kube-prometheus-stack-prometheus-node-exporter   ClusterIP   10.96.11.2   <none>   9100/TCP   61d   app.kubernetes.io/instance=kube-prometheus-stack",
    "an ingress": "checkout   nginx   shop.example.com,www.shop.example.com   a1b2c3d4e5f60718293a4b5c6d7e8f90-1234567890.eu-west-1.elb.amazonaws.com   80, 443   61d",
    "cron jobs": "backup-nightly   0 3 * * 1-5   Europe/Berlin   False   0   7h   61d",
    "a stateful set's revision": "    controller-revision-hash: web-6596ffb49b\n    statefulset.kubernetes.io/pod-name: web-0",
    "service accounts": "NAME      SECRETS   AGE\ndefault   0         61d\nkaia      1         61d\n",
    "secrets as a table": "NAME                             TYPE                 DATA   AGE\nsh.helm.release.v1.checkout.v3   helm.sh/release.v1   1      5d\ncheckout-tls                     kubernetes.io/tls    2      61d\n",
    "an image by digest": f"    image: registry.example.com/shop/checkout@sha256:{DIGEST}",
    "an image's id": f"    Image ID:       docker.io/library/nginx@sha256:{DIGEST}",
    "a container's id": f"    Container ID:   containerd://{DIGEST}",
    "a digest alone": DIGEST,
    "a digest in capitals": DIGEST.upper(),
    "a commit": "HEAD is now at 3f786850e387550fdab836ed7e6dc881de23001b",
    "a change id": "Change-Id: I8091919d45421e3f53029b8660427f844fee0228",
    "an uid": f"  uid: {UID}\n  resourceVersion: \"123456789012345678901\"",
    "owner": f"  ownerReferences:\n  - apiVersion: apps/v1\n    blockOwnerDeletion: true\n    controller: true\n    kind: ReplicaSet\n    name: checkout-7d9f8c6b5\n    uid: {UID}",
    "helm's labels": "    app.kubernetes.io/managed-by: Helm\n    helm.sh/chart: kube-prometheus-stack-45.7.1\n    meta.helm.sh/release-name: kube-prometheus-stack\n    meta.helm.sh/release-namespace: monitoring",
    "argo's labels": "    argocd.argoproj.io/tracking-id: checkout:apps/Deployment:shop/checkout\n    argocd.argoproj.io/instance: checkout-production-eu-west-1\n    argocd.argoproj.io/sync-wave: \"-1\"",
    "argo's state": "    sync:\n      revision: 3f786850e387550fdab836ed7e6dc881de23001b\n      status: OutOfSync",
    "cert-manager's": "    cert-manager.io/certificate-name: checkout-tls\n    cert-manager.io/issuer-kind: ClusterIssuer\n    acme.cert-manager.io/http01-solver: \"true\"\n    acme.cert-manager.io/http-domain: \"1187498356\"",
    "cert-manager's order": "checkout-tls-4x7zk-1234567890   invalid   61m",
    "istio's": "    sidecar.istio.io/inject: \"true\"\n    service.istio.io/canonical-name: checkout\n    security.istio.io/tlsMode: istio\n    topology.istio.io/network: network1\n    istio.io/rev: default",
    "istio's clusters": "outbound|8080|v1|checkout.shop.svc.cluster.local ISTIO_META_MESH_ID=cluster.local ISTIO_META_WORKLOAD_NAME=checkout ISTIO_META_UNPRIVILEGED_POD=true",
    "linkerd's": "    linkerd.io/created-by: linkerd/proxy-injector stable-2.14.1\n    linkerd.io/trust-root-sha256: " + DIGEST,
    "prometheus' annotations": "    prometheus.io/scrape: \"true\"\n    prometheus.io/port: \"9090\"\n    checksum/config: " + DIGEST,
    "a cloud's annotations": "    service.beta.kubernetes.io/aws-load-balancer-connection-draining-enabled: \"true\"\n    cloud.google.com/backend-config: '{\"default\": \"checkout-backendconfig\"}'\n    volume.kubernetes.io/storage-provisioner: ebs.csi.aws.com",
    "a role's name": "    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/eksctl-prod-nodegroup-ng-1-NodeInstanceRole-1X2Y3Z4A5B6C7",
    "a certificate's name": f"    service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn:aws:acm:eu-west-1:123456789012:certificate/{UID}",
    "azure's path": f"  providerID: azure:///subscriptions/{UID}/resourceGroups/MC_prod_aks1_westeurope/providers/Microsoft.Compute/virtualMachineScaleSets/aks-nodepool1-12345678-vmss/virtualMachines/0",
    "google's path": "  providerID: gce://acme-production-1234/europe-west1-b/gke-cluster-1-default-pool-8f1e2d3c-k9x2",
    "amazon's path": "  providerID: aws:///eu-west-1a/i-0a1b2c3d4e5f67890 vol-0a1b2c3d4e5f67890 subnet-0a1b2c3d4e5f67890",
    "tolerations": "Tolerations:                 node.kubernetes.io/not-ready:NoExecute op=Exists for 300s\n                             node.kubernetes.io/unreachable:NoExecute op=Exists for 300s",
    "affinity": "      requiredDuringSchedulingIgnoredDuringExecution:\n        nodeSelectorTerms:\n      preferredDuringSchedulingIgnoredDuringExecution: []",
    "conditions": "  PodReadyToStartContainers   True\n  ContainersReady             False\n  AbleToScale     True    SucceededGetScale\n  ScalingLimited  False   DesiredWithinRange\n  ReplicaFailure  FailedCreate ProgressDeadlineExceeded MinimumReplicasUnavailable",
    "managed fields": "  managedFields:\n  - apiVersion: apps/v1\n    fieldsType: FieldsV1\n    fieldsV1:\n      f:metadata:\n        f:annotations:\n          f:deployment.kubernetes.io/revision: {}\n      f:spec:\n        f:progressDeadlineSeconds: {}\n        f:terminationMessagePath: {}",
    "managed containers": "            k:{\"name\":\"checkout\"}:\n              f:imagePullPolicy: {}\n              f:terminationMessagePolicy: {}\n            k:{\"containerPort\":8080,\"protocol\":\"TCP\"}:",
    "mounts": f"    Mounts:\n      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-x7k2p (ro)\n      /var/lib/kubelet/pods/{UID}/volumes/kubernetes.io~projected/kube-api-access-x7k2p",
    "a cgroup": f"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod{UID.replace('-', '_')}.slice/cri-containerd-{DIGEST}.scope",
    "an api path": "GET https://10.96.0.1:443/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/checkout?fieldManager=kubectl-client-side-apply&timeout=10s",
    "a watch": "GET /api/v1/pods?allowWatchBookmarks=true&fieldSelector=spec.nodeName%3Dip-10-0-1-2.ec2.internal&labelSelector=app%3Dcheckout%2Cpod-template-hash%3D7d9f8c6b5&resourceVersion=0 200",
    "events": "5m   Warning   FailedScheduling   pod/checkout-7d9f8c6b5-x2x7k   0/5 nodes are available: 2 Insufficient memory, 3 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }. preemption: 0/5 nodes are available",
    "an event of a probe": "Readiness probe failed: Get \"http://10.244.3.17:8080/healthz/ready?verbose=true\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
    "an event of an image": f"Failed to pull image \"registry.example.com/shop/checkout:v1.14.2\": rpc error: code = NotFound desc = failed to pull and unpack image: failed to resolve reference: unexpected status from HEAD request to https://registry.example.com/v2/shop/checkout/manifests/sha256:{DIGEST}: 404 Not Found",
    "an event of a container": "Back-off restarting failed container checkout in pod checkout-7d9f8c6b5-x2x7k_shop(" + UID + ")",
    "an event of a volume": f"MountVolume.MountDevice failed for volume \"pvc-{UID}\" : rpc error: code = Internal desc = could not format \"/dev/nvme1n1\" and mount it at \"/var/lib/kubelet/plugins/kubernetes.io/csi/ebs.csi.aws.com/{DIGEST}/globalmount\"",
    "a sandbox": f"Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox \"{DIGEST}\": plugin type=\"calico\" failed (add): error getting ClusterInformation: connection is unauthorized",
    "the kubelet": "I1126 22:37:13.123456    1234 reconciler_common.go:258] \"operationExecutor.MountVolume started for volume \\\"kube-api-access-x7k2p\\\" (UniqueName: \\\"kubernetes.io/projected/" + UID + "-kube-api-access-x7k2p\\\") pod \\\"checkout-7d9f8c6b5-x2x7k\\\"\"",
    "the proxy": "-A KUBE-SERVICES -d 10.96.11.2/32 -p tcp -m comment --comment \"shop/checkout:http cluster IP\" -j KUBE-SVC-TCOU7JCQXEZGVUNU",
    "etcd": "{\"level\":\"warn\",\"ts\":\"2026-11-01T10:00:00.123456Z\",\"caller\":\"etcdserver/util.go:170\",\"msg\":\"apply request took too long\",\"took\":\"312.4ms\",\"prefix\":\"read-only range \",\"request\":\"key:\\\"/registry/pods/shop/checkout-7d9f8c6b5-x2x7k\\\" \",\"response\":\"range_response_count:1 size:8123\"}",
    "a lease": "holderIdentity: ip-10-0-1-2_" + UID + "\nrenewTime: \"2026-11-01T10:00:00.123456Z\"",
    "a java trace": "org.springframework.beans.factory.UnsatisfiedDependencyException: Error creating bean with name 'checkoutController'\n\tat org.springframework.beans.factory.support.ConstructorResolver.createArgumentArray(ConstructorResolver.java:795)\n\tat com.example.shop.CheckoutApplication$$EnhancerBySpringCGLIB$$3f2a1b4c.<init>(<generated>)\n\tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)",
    "a java cause": "Caused by: org.apache.kafka.common.errors.SaslAuthenticationException: Authentication failed\n\tat org.apache.kafka.clients.producer.internals.Sender$SenderMetricsRegistry.lambda$handleRequest$0(Sender.java:12)",
    "java memory": "Exception in thread \"http-nio-8080-exec-10\" java.lang.OutOfMemoryError: GC overhead limit exceeded at com.zaxxer.hikari.pool.HikariPool$PoolEntryCreator.call(HikariPool.java:726)",
    "a dotnet trace": "System.InvalidOperationException: Unable to resolve service for type 'Microsoft.Extensions.Caching.Distributed.IDistributedCache'\n   at Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.HttpProtocol.ProcessRequests[TContext](IHttpApplication`1 application) ConnectionId:0HMVD9T8DRBE4",
    "a go trace": "goroutine 1 [running]:\nmain.(*CheckoutServer).ListenAndServe(0xc0004a6000, {0x7f8b1c000b20, 0xc00012e3f0}, 0x1)\n\t/go/src/github.com/acme/checkout/cmd/server/main.go:42 +0x1b4\nk8s.io/client-go/tools/cache.(*controller).processLoop(0xc0003ae000)\n\t/go/pkg/mod/k8s.io/client-go@v0.28.3/tools/cache/controller.go:184 +0x36",
    "go's types": "cannot unmarshal string into Go struct field HorizontalPodAutoscalerSpec.spec.scaleTargetRef of type v2.CrossVersionObjectReference; *v1beta1.CustomResourceDefinitionSpec, map[string]interface{}",
    "go's modules": "golang.org/x/net v0.0.0-20230525234030-28d5490b6b19 => github.com/AzureAD/microsoft-authentication-library-for-go v1.2.0",
    "a python trace": "  File \"/usr/local/lib/python3.11/site-packages/sqlalchemy/engine/base.py\", line 1969, in _exec_single_context\n    self.dialect.do_execute(\nsqlalchemy.exc.OperationalError: (psycopg2.OperationalError) could not translate host name \"postgres-primary.shop.svc.cluster.local\" to address",
    "a node trace": "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1595:16)\n    at async NestApplication.listen (/app/node_modules/@nestjs/core/nest-application.js:169:26)\nerror: getaddrinfo EAI_AGAIN postgres-primary",
    "a ruby trace": "ActiveRecord::ConnectionNotEstablished (could not connect to server): /usr/local/bundle/gems/activerecord-7.0.4/lib/active_record/connection_adapters/postgresql_adapter.rb:87:in `rescue in new_client'",
    "an nginx line": "10.244.0.1 - - [01/Nov/2026:10:00:00 +0000] \"GET /static/js/main.3f2a1b4c.chunk.js?v=1.14.2 HTTP/1.1\" 502 150 \"https://shop.example.com/basket\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36\" 412 0.003 [shop-checkout-8080] [] - - - - 4bf92f3577b34da6a3ce929d0e0e4736",
    "an envoy line": f"[2026-11-01T10:00:00.123Z] \"POST /v1/orders HTTP/2\" 503 UF,URX upstream_reset_before_response_started{{remote_connection_failure,delayed_connect_error:_111}} - \"-\" 0 167 3 - \"10.0.0.1\" \"curl/8.1.2\" \"{UID}\" \"shop.example.com\"",
    "a trace": "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id=00f067aa0ba902b7 traceparent=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678",
    "an etag": "ETag: W/\"5f3c8d2e-1a2b3c\" Last-Modified: Sun, 01 Nov 2026 10:00:00 GMT",
    "addresses": "inet6 fe80::a8b2:c3ff:fed4:e5f6/64 ether aa:bb:cc:dd:ee:ff 2001:0db8:85a3:0000:0000:8a2e:0370:7334 eth0@if12 cali1a2b3c4d5e6",
    "times": "2026-11-01T10:00:00.123456789Z 20261101T100000Z 2026-11-01T10-00-00Z 1700000000123456789 RELEASE.2026-11-01T01-57-10Z ..2026_11_01_10_00_00.1234567890",
    "a config map's folder": "/etc/config/..2026_11_01_10_00_00.1234567890/application-production.properties",
    "metrics": "container_cpu_cfs_throttled_seconds_total{namespace=\"shop\",pod=\"checkout-7d9f8c6b5-x2x7k\"} 1.234567890123e+09\nnginx_ingress_controller_request_duration_seconds_bucket{le=\"0.005\"} 0",
    "blocks": "msg=\"write block\" component=tsdb ulid=01HGX4K9Y2M5N8P7Q6R3S1T0VW mint=1700000000000 maxt=1700007200000 duration=4.123456789s",
    "variables": "      KUBERNETES_SERVICE_PORT_HTTPS:  443\n      SPRING_PROFILES_ACTIVE:         production\n      OTEL_EXPORTER_OTLP_ENDPOINT:    http://otel-collector.monitoring:4317\n      JAVA_TOOL_OPTIONS:              -XX:+UseG1GC -XX:MaxRAMPercentage=75.0 -Dcom.sun.management.jmxremote.authenticate=false",
    "java's options": "-XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath=/var/log/heap -XX:MaxGCPauseMillis=200 -XX:+UnlockExperimentalVMOptions",
    "cipher suites": "no shared cipher: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, ECDHE-RSA-AES256-GCM-SHA384",
    "signatures": "x509: certificate signed by unknown authority (possibly because of \"crypto/rsa: verification error\" while trying to verify candidate authority certificate \"kubernetes\") ECDSA-P256-SHA384 AWS4-HMAC-SHA256",
    "words": "ThisIsALongCamelCaseWordOfSomebody and_this_is_a_long_snake_case_word_of_somebody and-this-is-a-long-kebab-case-word AbstractSingletonProxyFactoryBean",
    "screaming": "ERR_SSL_VERSION_OR_CIPHER_MISMATCH DIAGNOSTIC_CONNECTION_REFUSED_BY_UPSTREAM_SERVER KAIA_APPROVAL_TIMEOUT_SECONDS",
    "kinds": "MutatingWebhookConfiguration ValidatingAdmissionPolicyBinding CustomResourceDefinition PersistentVolumeClaimResizing VolumeSnapshotContent CSIStorageCapacity ClusterRoleBinding PodDisruptionBudgetList",
    "versions": "v1beta1.metrics.k8s.io apiextensions.k8s.io/v1 snapshot.storage.k8s.io/v1beta1 flowcontrol.apiserver.k8s.io/v1beta3 gateway.networking.k8s.io/v1alpha2",
    "kubectl's own": "kubectl get pods --namespace=shop --selector=app.kubernetes.io/name=checkout --output=custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image",
    "slack": "<https://acme.slack.com/archives/C024BE91L/p1700000000123456|the thread> <@U024BE7LH> 1700000000.123456",
    "a page": "https://grafana.example.com/d/k8s-resources-namespace/kubernetes-compute-resources?orgId=1&var-namespace=shop&from=now-1h",
    "a search": "https://grafana.example.com/explore?left=%7B%22datasource%22%3A%22loki%22%2C%22queries%22%3A%5B%7B%22expr%22%3A%22%7Bnamespace%3D%5C%22shop%5C%22%7D%22%7D%5D%7D",
    "kernel": "Linux 5.15.0-1053-aws #58~20.04.1-Ubuntu SMP Mon Jan 22 17:15:01 UTC 2026 x86_64 /usr/lib/x86_64-linux-gnu/libstdc++.so.6.0.30",
    "a crash": "[12345.678901] checkout[4242]: segfault at 7f8b1c000b20 ip 000055d3c1a2b3c4 sp 00007ffd5e6f7a8b error 4 in checkout[55d3c1a00000+1b4000]",
    "oom": f"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-{DIGEST}.scope,mems_allowed=0,oom_memcg=/kubepods.slice,task=java,pid=4242,uid=1000",
    "machine configs": "rendered-worker-0123456789abcdef0123456789abcdef   9a1b2c3d4e5f60718293a4b5c6d7e8f901234567   3.4.0   61d",
    "a host": "DESKTOP-7H3KQ2M.corp.example.com db-postgresql-fra1-12345-do-user-1234567-0.b.db.ondigitalocean.com rds: shop-production.cx1abcdefghi.eu-west-1.rds.amazonaws.com",
    "json of a pod": json.dumps({"metadata": {"name": "checkout-7d9f8c6b5-x2x7k", "generateName": "checkout-7d9f8c6b5-", "uid": UID}, "status": {"containerStatuses": [{"imageID": f"registry.example.com/shop/checkout@sha256:{DIGEST}"}]}}),
    "a printed struct": "{Name:checkout-7d9f8c6b5-x2x7k Namespace:shop NodeName:ip-10-0-1-2.ec2.internal PriorityClassName:system-cluster-critical}",
    "plain base64": "  motd: " + base64.b64encode(b"hello world, this is plain text of a config map").decode(),
    "plain base64 of more": base64.b64encode("Gr\u00fc\u00dfe aus K\u00f6ln, alles in Ordnung hier bei uns".encode()).decode(),
    "plain base64 of json": "continue: " + base64.b64encode(b'{"v":"meta.k8s.io/v1","rv":123456,"start":"checkout-7d9f8c6b5-x2x7k"}').decode(),
    "wrapped base64": base64.encodebytes(b"all of this is plain text, and there is nothing to hide in it\n" * 5).decode(),
    "map of labels": "map[app:checkout tier:frontend pod-template-hash:7d9f8c6b5]",
    "config map with base64": "apiVersion: v1\ndata:\n  motd: aGVsbG8gd29ybGQsIHRoaXMgaXMgdGV4dA==\nkind: ConfigMap\n",
    "spaces": " " * 76 + "\n" + " " * 76 + "\n",
    "full lines": f"    Environment:\n      {'A_PASSWORD:':<16}<set to the key 'password' in secret 'checkout'>  Optional: false\n      MODE:  fast\n    Mounts:  <none>\n",
    "a directory": 'level=info msg=started pwd=/srv/app PWD=/srv/app "pwd": "/srv/app"',
}  # fmt: skip


@pytest.mark.parametrize("text", LINES.values(), ids=LINES)
def test_a_clusters_own_words_are_left_alone(text: str) -> None:
    assert Redactor().redact(text) == text
    assert Redactor(key=b"k").redact(textwrap.indent(text, "      ")) == textwrap.indent(
        text, "      "
    )
    assert Redactor().redact(json.dumps({"log": text})) == json.dumps({"log": text})


@pytest.mark.parametrize(
    "text",
    [
        "failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized",
        "unexpected status from GET request to https://auth.docker.io/token: 401 Unauthorized",
        "refreshing the token: 503 Service Unavailable",
    ],
)
def test_what_a_registry_answered_about_a_token_is_no_token(text: str) -> None:
    assert Redactor(key=b"k").redact(text) == text


@pytest.mark.parametrize("secret", ["401b7Xq", "unexpectedly9Z1", "5031Service"])
def test_a_token_that_begins_like_an_answer_is_hidden(secret: str) -> None:
    assert secret not in Redactor().redact(f"the token: {secret}")
