"""Which Service a host name or an address means, seen from a pod. Pure; it resolves nothing."""

from ipaddress import ip_address

from bot.cluster.checks.network.ports import port_of
from bot.cluster.findings import Ref
from bot.cluster.likeness import did_you_mean
from bot.cluster.needs import LabelsOf, ListOf
from bot.cluster.objects import Object, name_of, namespace_of, text, words
from bot.cluster.scene import Scene

OWN_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104 - compared only


def service_named(scene: Scene, host: str, namespace: str) -> Ref | None:
    """Which Service this host name means in a pod of the namespace; None for a name outside."""
    labels = host.lower().strip(".").split(".")
    if is_address(host) or host.lower() in OWN_HOSTS or not labels[0]:
        return None
    if "svc" in labels[2:4]:
        at = labels.index("svc", 2)
        return Ref("Service", labels[at - 1], labels[at - 2])
    known = {each.name for each in known_services(scene) if each.namespace == namespace}
    match labels:
        case [name]:
            return Ref("Service", namespace, name)
        case [name, other] if other in scene.namespaces or name in known:
            return Ref("Service", other, name)
        case [_, name] if name in known:
            return Ref("Service", namespace, name)
        case _:
            return None


def known_services(scene: Scene) -> set[Ref]:
    told = scene.answer(LabelsOf("services")) or ()
    found = (*scene.all("services"), *told)
    return {Ref("Service", namespace_of(each), name_of(each)) for each in found}


def find_service(scene: Scene, place: Ref) -> Object | None:
    found = (*scene.all("services"), *(scene.answer(ListOf("services", place.namespace)) or ()))
    mine = (e for e in found if (namespace_of(e), name_of(e)) == (place.namespace, place.name))
    return next(mine, None)


def likely_services(scene: Scene, place: Ref, port: int) -> tuple[str, ...]:
    """Names like this one; or else the one Service with this port, or those of a like beginning."""
    known = {each.name for each in known_services(scene) if each.namespace == place.namespace}
    if near := did_you_mean(place.name, known):
        return near
    told = scene.answer(ListOf("services", place.namespace)) or ()
    whole = {name_of(each): each for each in (*scene.all("services", place.namespace), *told)}
    with_port = [name for name, each in sorted(whole.items()) if port and port_of(each, port)]
    if len(with_port) == 1:
        return tuple(with_port)
    return tuple(sorted(each for each in known if _is_akin(each, place.name)))[:2]


def _is_akin(one: str, other: str) -> bool:
    """`memcom` and `memcached`, `redis` and `redis-master`, `cache` and `redis-cache`."""
    shorter, longer = sorted((one.split("-"), other.split("-")), key=len)
    if len(shorter) > 1:
        return {*shorter} <= {*longer}
    word = shorter[0]
    return word in longer or (len(word) > 3 and word[:4] == longer[0][:4])


def knows_services(scene: Scene, namespace: str) -> bool:
    if scene.answer(ListOf("services", namespace)) is not None:
        return True
    in_scope = scene.is_whole_cluster or namespace in scene.namespaces
    return in_scope and scene.was_read("services", namespace)


def service_at(scene: Scene, namespace: str, host: str) -> Object | None:
    if not is_address(host):
        place = service_named(scene, host, namespace)
        return find_service(scene, place) if place is not None else None
    for service in (*scene.all("services"), *(scene.answer(ListOf("services")) or ())):
        if host in {text(service, "spec", "clusterIP"), *words(service, "spec", "clusterIPs")}:
            return service
    return None


def spoken_stranger(scene: Scene, namespace: str) -> str:
    """Of what no known Service is at; of namespaces that were not looked at it denies nothing."""
    is_listed = scene.is_whole_cluster and scene.was_read("services")
    if is_listed or scene.answer(ListOf("services")) is not None:
        return "it is no Service that is known here."
    return f"it is no Service of namespace `{namespace}`; others were not looked at."


def is_in_scope(scene: Scene, service: Object) -> bool:
    """What is behind it was looked at too."""
    return scene.is_whole_cluster or namespace_of(service) in scene.namespaces


def may_be_service(host: str) -> bool:
    """An address that a Service can have: clusters give them none of the internet's."""
    return is_address(host) and not ip_address(host).is_global and host not in OWN_HOSTS


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
