"""Which cluster is read, and as whom: in-cluster or kubeconfig; it only asks whether it answers."""

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import structlog

from bot.cluster import processes
from bot.cluster.frame import Folders, environ_in_cluster, environ_with_kubeconfig, find_program
from bot.cluster.kubeconfig import find_kubeconfig, read_context
from bot.errors import ClusterError

SERVICE_ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_EXEC_PLUGIN_SECONDS = 15.0

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ClusterAccess:
    """The cluster that this process reads, or why there is none."""

    kind: Literal["in-cluster", "kubeconfig", "none"]
    context: str = ""
    """The kubeconfig's context that every command names; empty in a cluster."""
    server: str = ""
    namespace: str = "default"
    """Where a command looks that names no namespace."""
    kubeconfig: str | None = None
    """Path list, as in KUBECONFIG."""
    reason: str = ""
    """Why there is none, in whole sentences."""
    namespaces: tuple[str, ...] = ()
    """Those that are looked into; none for all there are."""


async def find_access(
    environ: Mapping[str, str],
    *,
    context: str | None = None,
    namespaces: tuple[str, ...] = (),
    timeout_seconds: float = 3,
    service_account: Path = SERVICE_ACCOUNT,
    program: Path | None = None,
    asks: bool = True,
) -> ClusterAccess:
    """The ServiceAccount in a cluster, else the kubeconfig; kind `none` where neither answers.
    `namespaces` are those that are looked into. Without `asks` it is only found, and its first
    reader learns whether it answers.

    Asks with kubectl itself, so that what works here works later: credential plugins, proxies
    and certificates of the kubeconfig. A plugin is given 15 s, as some log in first.
    """
    try:
        access, seconds = await asyncio.to_thread(
            _read_access, environ, context, service_account, timeout_seconds
        )
        if asks:
            await _check(access, environ, program or find_program(environ), seconds)
    except ClusterError as error:
        _log.info("cluster.absent", reason=str(error))
        return ClusterAccess(kind="none", reason=str(error))
    return _kept_to(namespaces, access)


def _kept_to(namespaces: tuple[str, ...], access: ClusterAccess) -> ClusterAccess:
    """One's own namespace may be outside of those that are looked into."""
    is_inside = not namespaces or access.namespace in namespaces
    default = access.namespace if is_inside else namespaces[0]
    return replace(access, namespaces=namespaces, namespace=default)


def environ_for(
    access: ClusterAccess, environ: Mapping[str, str], folders: Folders
) -> dict[str, str]:
    """The environment kubectl is given to reach this cluster and no other."""
    if access.kind == "in-cluster":
        return environ_in_cluster(environ, folders)
    return environ_with_kubeconfig(environ, folders, access.kubeconfig or "/dev/null")


def with_context(access: ClusterAccess, argv: tuple[str, ...]) -> tuple[str, ...]:
    """Names the context outside a cluster, so that nobody's `use-context` changes what is read."""
    return (*argv, f"--context={access.context}") if access.context else argv


def _read_access(
    environ: Mapping[str, str], wanted: str | None, service_account: Path, seconds: float
) -> tuple[ClusterAccess, float]:
    host = environ.get("KUBERNETES_SERVICE_HOST")
    if host and not wanted and (service_account / "token").is_file():
        return _read_in_cluster(host, environ, service_account), seconds
    kubeconfig = find_kubeconfig(environ)
    if kubeconfig is None:
        raise ClusterError(_say_no_kubeconfig(environ))
    context = read_context(kubeconfig, wanted)
    found = ClusterAccess(
        kind="kubeconfig",
        context=context.name,
        server=context.server,
        namespace=context.namespace,
        kubeconfig=kubeconfig,
    )
    return found, max(seconds, _EXEC_PLUGIN_SECONDS) if context.has_exec_plugin else seconds


def _read_in_cluster(host: str, environ: Mapping[str, str], service_account: Path) -> ClusterAccess:
    port = environ.get("KUBERNETES_SERVICE_PORT", "443")
    own = service_account / "namespace"
    namespace = own.read_text(encoding="utf-8").strip() if own.is_file() else ""
    host = f"[{host}]" if ":" in host else host
    access = ClusterAccess(kind="in-cluster", server=f"https://{host}:{port}")
    return replace(access, namespace=namespace or "default")


def _say_no_kubeconfig(environ: Mapping[str, str]) -> str:
    named = environ.get("KUBECONFIG")
    where = (
        f"KUBECONFIG names {named}, which is not there" if named else "there is no ~/.kube/config"
    )
    return (
        f"Kaia does not run in a cluster, and {where}. "
        "Set KUBECONFIG to the kubeconfig of the cluster to look at."
    )


async def _check(
    access: ClusterAccess, environ: Mapping[str, str], program: Path, seconds: float
) -> None:
    with tempfile.TemporaryDirectory(prefix="kaia-kubectl-") as root:
        folders = Folders(Path(root))
        folders.make()
        argv = with_context(access, (str(program), "version", "--output=json"))
        try:
            finished = await processes.run(
                argv,
                environ=environ_for(access, environ, folders),
                cwd=folders.work,
                bounds=processes.Bounds(deadline_seconds=seconds),
            )
        except OSError as error:
            raise ClusterError(
                f"kubectl ({program}) cannot be started: {error.strerror}. "
                "Install it again for this machine."
            ) from error
    if finished.exit_code != 0:
        raise ClusterError(_say_no_answer(access, finished, seconds))


def _say_no_answer(access: ClusterAccess, finished: processes.Finished, seconds: float) -> str:
    where = f"The cluster at {access.server or 'an unnamed server'}"
    if access.context:
        where += f' (context "{access.context}")'
    said = finished.stderr.decode("utf-8", "replace").lower()
    if finished.exit_code is None:
        return f"{where} did not answer within {seconds:g} s. {_WHAT_TO_DO}"
    for words, meaning in _FAILURES:
        if any(word in said for word in words):
            return f"{where} {meaning}"
    return f"{where} did not answer as Kubernetes does. {_WHAT_TO_DO}"


_WHAT_TO_DO = "Check that it runs and that this machine reaches it: `kubectl version`."

# Without any credentials kubectl asks for a user name, and finds its stdin at an end: "error: EOF".
# kubectl's own words may quote addresses and tokens of plugins, so they are not repeated.
_FAILURES = (
    (
        ("unauthorized", "must be logged in", "provide credentials", "error: eof"),
        "refused the credentials (unauthorized). Log in again, or renew the kubeconfig.",
    ),
    (
        ("getting credentials", "executable", "exec plugin"),
        "needs a credential plugin that failed. Run `kubectl version` and do what it asks for.",
    ),
    (
        ("forbidden",),
        "does not let this account see even its version (forbidden). Ask for read rights.",
    ),
    (("refused",), f"refused the connection. {_WHAT_TO_DO}"),
    (("no such host", "server misbehaving"), f"has a name that is not known here. {_WHAT_TO_DO}"),
    (
        ("x509", "certificate", "tls"),
        "showed a certificate that is not trusted. Check certificate-authority in the kubeconfig.",
    ),
    (("timeout", "timed out", "deadline exceeded"), f"did not answer in time. {_WHAT_TO_DO}"),
)
