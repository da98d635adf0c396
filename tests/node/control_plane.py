"""etcd, kube-apiserver, the controllers and the scheduler, all in the node's own network."""

from pathlib import Path

from tests.apiserver import flags, kubeconfigs, processes
from tests.apiserver.certificates import Authority
from tests.node import network
from tests.node.place import Place
from tests.node.programs import Programs

API_PORT = 6443
_ETCD_PORT, _PEER_PORT = 2379, 2380


def start_api(place: Place, programs: Programs, authority: Authority, *, outlives_us: bool) -> None:
    etcd = flags.etcd(programs.etcd, place.home, _ETCD_PORT, _PEER_PORT)
    api = flags.apiserver(
        programs.apiserver,
        place.home,
        authority,
        etcd_port=_ETCD_PORT,
        address=place.address,
        port=API_PORT,
    )
    api += ["--enable-admission-plugins=NodeRestriction", "--allow-privileged=true"]
    for name, argv in (("etcd", etcd), ("apiserver", api)):
        processes.start(place.home, name, network.within(place, argv), outlives_us=outlives_us)


def start_controllers(
    place: Place, programs: Programs, authority: Authority, *, outlives_us: bool
) -> None:
    folder = authority.certificate.parent
    controllers = [
        *_component(place, programs.controller_manager, authority),
        "--use-service-account-credentials=true",
        f"--service-account-private-key-file={flags.signing_key_in(place.home)}",
        f"--root-ca-file={authority.certificate}",
        f"--cluster-signing-cert-file={authority.certificate}",
        f"--cluster-signing-key-file={authority.write_key(folder / 'ca.key')}",
        "--allocate-node-cidrs=false",
        f"--service-cluster-ip-range={flags.SERVICES}",
    ]
    scheduler = _component(place, programs.scheduler, authority)
    for name, argv in (("controller-manager", controllers), ("scheduler", scheduler)):
        processes.start(place.home, name, network.within(place, argv), outlives_us=outlives_us)


def kubeconfig(place: Place, authority: Authority, user: str, **issued: str) -> Path:
    """Of one component; the certificate is made with it."""
    authority.issue(user, **issued, addresses=(place.address,))
    path = place.home / f"{user.replace(':', '-')}.kubeconfig"
    certificate = kubeconfigs.certificate_of(authority, user)
    return kubeconfigs.write(path, url(place), authority, certificate)


def url(place: Place) -> str:
    return f"https://{place.address}:{API_PORT}"


def _component(place: Place, program: Path, authority: Authority) -> list[str]:
    own = kubeconfig(place, authority, f"system:{program.name}")
    return [
        str(program),
        f"--kubeconfig={own}",
        f"--authentication-kubeconfig={own}",
        f"--authorization-kubeconfig={own}",
        "--bind-address=127.0.0.1",
        "--leader-elect=false",
        f"--cert-dir={place.home / 'pki' / program.name}",
    ]
