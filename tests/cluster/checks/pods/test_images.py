"""What is said of images that cannot be pulled."""

import pytest

from bot.cluster.checks.pods.images import essence, registry_of, tag_of
from bot.cluster.checks.pods.pods import check
from bot.cluster.findings import Ref, is_confirmed
from bot.cluster.needs import ListOf
from tests.doubles.ailing_pods import a_pod, a_scene, a_workload, an_event, the_only, waiting

_RESOLVE = (
    'rpc error: code = NotFound desc = failed to pull and unpack image "{full}": failed to resolve '
    'reference "{full}": '
)


def _said(image: str, tail: str) -> str:
    full = image if registry_of(image) != "docker.io" else f"docker.io/library/{image}"
    chain = _RESOLVE.format(full=full) + tail.format(full=full)
    return f'Back-off pulling image "{image}": ErrImagePull: {chain}'


def _pod(image: str, message: str, reason: str = "ImagePullBackOff") -> dict[str, object]:
    box = {"name": "app", "image": image}
    return a_pod(box, statuses=[waiting(reason, message)], phase="Pending")


@pytest.mark.parametrize(
    ("image", "tail", "expected"),
    [
        ("nginx:1.99", "{full}: not found", "docker.io` has no such tag `1.99`"),
        ("reg.example.com/a/b:2", "reg.example.com/a/b:2: not found", "reg.example.com` has no"),
        ("nope/nope", ("pull access denied, repository does not exist or may require "
         "authorization: server message: insufficient_scope"), "wants credentials"),
        ("reg.example.com/app:1", ("failed to authorize: failed to fetch anonymous token: "
         "unexpected status from GET request to https://reg.example.com/token: 401 Unauthorized"),
         "credentials are missing or not accepted"),
        ("ghcr.io/shop/app:1", ('unexpected status from HEAD request to https://ghcr.io/v2/shop/app/'
         "manifests/1: 403 Forbidden"), "credentials are missing or not accepted"),
        ("registry.invalid/app:1", ('failed to do request: Head "https://registry.invalid/v2/app/'
         'manifests/1": dial tcp: lookup registry.invalid on 10.96.0.10:53: no such host'),
         "the name of the registry `registry.invalid` cannot be resolved"),
        ("localhost:5000/app:1", ('failed to do request: Head "https://localhost:5000/v2/app/'
         'manifests/1": dial tcp [::1]:5000: connect: connection refused'), "cannot be reached"),
        ("10.0.0.9/app:1", ('failed to do request: Head "https://10.0.0.9/v2/app/manifests/1": '
         "dial tcp 10.0.0.9:443: i/o timeout"), "does not answer in time"),
        ("reg.example.com/app:1", ('failed to do request: Head "https://reg.example.com/v2/app": '
         "net/http: TLS handshake timeout"), "does not answer in time"),
        ("reg.example.com/app:1", ('failed to do request: Head "https://reg.example.com/v2/app": '
         "tls: failed to verify certificate: x509: certificate signed by unknown authority"),
         "TLS certificate is not accepted"),
        ("reg.example.com/app:1", ('failed to do request: Head "https://reg.example.com/v2/app": '
         "http: server gave HTTP response to HTTPS client"), "speaks HTTP"),
        ("redis:7", ("unexpected status code https://registry-1.docker.io/v2/library/redis/manifests"
         "/7: 429 Too Many Requests - Server message: toomanyrequests: You have reached your "
         "unauthenticated pull rate limit."), "rate limit"),
        ("arm-only:1", "no match for platform in manifest: not found", "architecture"),
        ("denied/timeout-401:1", "{full}: not found", "has no such tag `1`"),
    ],
)  # fmt: skip
def test_what_the_registry_says_is_sorted_into_a_cause(
    image: str, tail: str, expected: str
) -> None:
    finding = the_only(a_scene(_pod(image, _said(image, tail))))
    assert finding.reason == "ImagePullBackOff"
    assert finding.about == Ref("Deployment", "shop", "web")
    assert f"Container `app` cannot get its image `{image}`" in finding.cause
    assert expected in finding.cause
    assert is_confirmed(finding)


def test_an_older_kubelet_tells_the_reason_only_in_its_event() -> None:
    pod = _pod("nginx:1.99", 'Back-off pulling image "nginx:1.99"')
    failed = an_event(
        "Failed",
        'Failed to pull image "nginx:1.99": rpc error: code = NotFound desc = failed to pull and '
        'unpack image "docker.io/library/nginx:1.99": failed to resolve reference '
        '"docker.io/library/nginx:1.99": docker.io/library/nginx:1.99: not found',
    )
    noise = an_event("Failed", "Error: ImagePullBackOff")
    finding = the_only(a_scene(pod, events=[failed, noise]))
    assert "has no such tag `1.99`" in finding.cause
    assert "“docker.io/library/nginx:1.99: not found”" in finding.cause
    assert any(each.path == f"event/{pod['metadata']['name']}:Failed" for each in finding.evidence)  # type: ignore[index]


@pytest.mark.parametrize(
    ("reason", "image", "message", "expected"),
    [
        ("InvalidImageName", "Nginx:1:2", ('Failed to apply default image tag "Nginx:1:2": could '
         'not parse image name "Nginx:1:2": invalid reference format'), "no valid image reference"),
        ("ErrImageNeverPull", "local/app:dev", ('Container image "local/app:dev" is not present '
         "with pull policy of Never"), "`imagePullPolicy: Never` forbids"),
    ],
)  # fmt: skip
def test_what_no_registry_was_asked_about_keeps_its_own_reason(
    reason: str, image: str, message: str, expected: str
) -> None:
    finding = the_only(a_scene(_pod(image, message, reason)))
    assert finding.reason == reason
    assert expected in finding.cause


def test_a_missing_pull_secret_is_named_where_the_registry_refuses() -> None:
    message = _said("reg.example.com/app:1", "failed to authorize: 401 Unauthorized")
    pod = _pod("reg.example.com/app:1", message)
    spec = {**pod["spec"], "imagePullSecrets": [{"name": "regcred"}]}  # type: ignore[dict-item]
    event = an_event(
        "FailedToRetrieveImagePullSecret",
        "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may "
        "not succeed.",
        container="",
    )
    finding = the_only(a_scene({**pod, "spec": spec}, events=[event]))
    assert "the kubelet cannot find the pull secret (`regcred`)" in finding.cause


def test_a_pod_that_names_no_pull_secret_is_told_so_where_the_registry_refuses() -> None:
    message = _said("reg.example.com/app:1", "failed to authorize: 401 Unauthorized")
    assert "names no pull secret" in the_only(a_scene(_pod("reg.example.com/app:1", message))).cause


def test_a_near_name_that_everybody_knows_is_suggested() -> None:
    message = _said("ngnix:1.27", "pull access denied, repository does not exist or may require "
                    "authorization: server message: insufficient_scope")  # fmt: skip
    assert "Did you mean `nginx`?" in the_only(a_scene(_pod("ngnix:1.27", message))).cause


def test_a_near_image_that_another_workload_runs_is_suggested() -> None:
    other = a_workload(name="api")
    box = {"name": "api", "image": "reg.example.com/shop/api:2.4.1"}
    other["spec"] = {"template": {"spec": {"containers": [box]}}}
    image = "reg.example.com/shop/api:2.4.l"
    pod = _pod(image, _said(image, "{full}: not found"))
    finding = the_only(a_scene(pod, deployments=[a_workload(), other]))
    assert "Did you mean `reg.example.com/shop/api:2.4.1`?" in finding.cause


def _replicaset(number: int, image: str) -> dict[str, object]:
    meta = {
        "name": f"web-{number}", "namespace": "shop",
        "annotations": {"deployment.kubernetes.io/revision": str(number)},
        "ownerReferences": [{"kind": "Deployment", "name": "web", "controller": True}],
    }  # fmt: skip
    box = {"name": "app", "image": image}
    return {"metadata": meta, "spec": {"template": {"spec": {"containers": [box]}}}}


def _beside(image: str) -> dict[str, object]:
    other = a_workload(name="api")
    box = {"name": "api", "image": image}
    return {**other, "spec": {"template": {"spec": {"containers": [box]}}}}


def test_what_the_deployment_ran_before_is_suggested_first() -> None:
    pod = _pod("shop/x:9", _said("shop/x:9", "{full}: not found"))
    older = [_replicaset(2, "shop/x:9"), _replicaset(10, "shop/x:8"), _replicaset(9, "shop/x:1")]
    scene = a_scene(
        pod,
        deployments=[a_workload(), _beside("shop/x:1")],
        answers={ListOf("replicasets", "shop"): tuple(older)},
    )
    assert the_only(scene).cause.endswith("Did you mean `shop/x:8`?")


@pytest.mark.parametrize(
    ("known", "is_suggested"),
    [("shop/x:1", False), ("shop/x:8", True), ("shop/y:1", True), ("shop/x:9.1", True)],
)
def test_a_much_older_version_is_never_suggested(known: str, is_suggested: bool) -> None:
    pod = _pod("shop/x:9", _said("shop/x:9", "{full}: not found"))
    scene = a_scene(pod, deployments=[a_workload(), _beside(known)])
    assert (f"Did you mean `{known}`?" in the_only(scene).cause) is is_suggested


def test_another_repository_that_it_ran_before_is_no_suggestion() -> None:
    pod = _pod("shop/x:9", _said("shop/x:9", "{full}: not found"))
    older = (_replicaset(1, "bank/ledger:8"),)
    scene = a_scene(pod, answers={ListOf("replicasets", "shop"): older})
    assert "Did you mean" not in the_only(scene).cause


def test_three_pods_of_a_workload_are_one_finding() -> None:
    pods = []
    for name in ("web-7c9d8b6f5d-a", "web-7c9d8b6f5d-b", "web-7c9d8b6f5d-c"):
        pod = _pod("nginx:1.99", _said("nginx:1.99", "{full}: not found"))
        pods.append({**pod, "metadata": {**pod["metadata"], "name": name}})  # type: ignore[dict-item]
    finding = the_only(a_scene(*pods))
    assert len(finding.pods) == 3
    assert "3 of its pods show it." in finding.cause


def test_old_pods_that_still_serve_make_it_a_warning() -> None:
    pod = _pod("nginx:1.99", _said("nginx:1.99", "{full}: not found"))
    serving = a_scene(pod, deployments=[a_workload(readyReplicas=2)])
    assert the_only(serving).severity == "warning"
    assert the_only(a_scene(pod)).severity == "critical"


def test_a_container_that_is_only_being_created_has_no_trouble_with_its_image() -> None:
    pod = a_pod(statuses=[waiting("ContainerCreating")], phase="Pending", age=20)
    assert not list(check(a_scene(pod)))


@pytest.mark.parametrize(
    ("image", "registry", "tag"),
    [
        ("nginx", "docker.io", "latest"),
        ("library/nginx:1", "docker.io", "1"),
        ("localhost:5000/a", "localhost:5000", "latest"),
        ("ghcr.io/a/b:v1@sha256:abc", "ghcr.io", "v1"),
    ],
)
def test_an_image_is_taken_apart(image: str, registry: str, tag: str) -> None:
    assert (registry_of(image), tag_of(image)) == (registry, tag)


def test_the_end_of_a_chain_is_what_tells() -> None:
    said = 'failed to resolve reference "a/b:1": a/b:1: not found'
    assert essence(said) == "a/b:1: not found"
    assert essence("something else went wrong") == "something else went wrong"
