"""Refusals in the API server's own words, and what is made of them."""

import pytest

from bot.cluster.checks.workloads.refusals import understood

_FORBIDDEN = 'pods "checkout-5d4f9-abcde" is forbidden: '


@pytest.mark.parametrize(
    ("message", "reason", "kind", "name", "words"),
    [
        (
            _FORBIDDEN + "exceeded quota: compute, requested: limits.memory=512Mi,pods=1, used: "
            "limits.memory=768Mi,pods=2, limited: limits.memory=1Gi,pods=2",
            "QuotaExceeded", "ResourceQuota", "compute",
            ("asks for 512Mi of limits.memory, 768Mi of 1Gi is used, which leaves 256Mi; another"
            " one asks for 1 of pods, 2 of 2 is used, which leaves 0"),
        ),
        (
            _FORBIDDEN + "exceeded quota: compute, requested: requests.cpu=500m, used: "
            "requests.cpu=900m, limited: requests.cpu=1",
            "QuotaExceeded", "ResourceQuota", "compute", "900m of 1 is used, which leaves 100m",
        ),
        (
            _FORBIDDEN + "failed quota: compute: must specify limits.cpu for: app; limits.memory "
            "for: app,proxy",
            "QuotaNeedsResources", "ResourceQuota", "compute",
            "limits.cpu of container `app`, limits.memory of containers `app,proxy`",
        ),
        (
            _FORBIDDEN + "[maximum memory usage per Container is 256Mi, but limit is 512Mi, "
            "minimum cpu usage per Container is 100m, but request is 50m]",
            "LimitRangeViolated", "LimitRange", "",
            ("maximum memory usage per Container is 256Mi, but limit is 512Mi; minimum cpu usage"
            " per Container is 100m, but request is 50m"),
        ),
        (
            _FORBIDDEN + "maximum cpu usage per Pod is 2.  No limit is specified",
            "LimitRangeViolated", "LimitRange", "", "per Pod is 2. No limit is specified",
        ),
        (
            _FORBIDDEN + "cpu max limit to request ratio per Container is 2, but provided ratio is "
            "4.000000",
            "LimitRangeViolated", "LimitRange", "", "but provided ratio is 4.000000",
        ),
        (
            _FORBIDDEN + 'error looking up service account shop/chekout: serviceaccount "chekout" '
            "not found",
            "ServiceAccountNotFound", "ServiceAccount", "chekout", "`chekout` does not exist",
        ),
        (
            _FORBIDDEN + 'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != '
            'false (container "app" must set securityContext.allowPrivilegeEscalation=false), '
            "runAsNonRoot != true",
            "PodSecurityViolated", "Namespace", "",
            "enforces Pod Security `restricted:latest`, which the pod violates: “allowPrivilege",
        ),
        (
            ('Internal error occurred: failed calling webhook "pods.guard.io": failed to call '
            'webhook: Post "https://guard.guard.svc:443/v?timeout=10s": no endpoints available for '
            'service "guard"'),
            "WebhookFailed", "Webhook", "pods.guard.io", "no endpoints available",
        ),
        (
            ('admission webhook "validate.kyverno.svc-fail" denied the request: resource '
            "Pod/shop/x was blocked due to exceeded quota: never mind"),
            "WebhookDenied", "Webhook", "validate.kyverno.svc-fail", "was blocked due to",
        ),
        (
            'admission webhook "deny.io" denied the request without explanation',
            "WebhookDenied", "Webhook", "deny.io", "without saying why",
        ),
        (
            _FORBIDDEN + "ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request: "
            "images need a tag",
            "PolicyDenied", "ValidatingAdmissionPolicy", "no-latest", "“images need a tag”",
        ),
        (
            _FORBIDDEN + "no PriorityClass with name hihg was found",
            "PriorityClassNotFound", "PriorityClass", "hihg", "`hihg` does not exist",
        ),
        (
            'pod rejected: RuntimeClass "gvisor" not found',
            "RuntimeClassNotFound", "RuntimeClass", "gvisor", "`gvisor` does not exist",
        ),
        (
            ('Pod "x" is invalid: spec.containers[0].resources.requests: Invalid value: "2": must '
            "be less than or equal to cpu limit of 1"),
            "InvalidPod", "", "", "must be less than or equal to cpu limit of 1",
        ),
        ("etcd is tired", "FailedCreate", "", "", "“etcd is tired”"),
        ("", "FailedCreate", "", "", "nothing more"),
    ],
)  # fmt: skip
def test_a_refusal_is_understood(
    message: str, reason: str, kind: str, name: str, words: str
) -> None:
    refusal = understood(f"Error creating: {message}")
    assert (refusal.reason, refusal.kind, refusal.name) == (reason, kind, name) or not message
    assert words in understood(message).words


def test_a_long_message_of_a_stranger_is_cut() -> None:
    assert len(understood("x" * 5000).words) < 300
