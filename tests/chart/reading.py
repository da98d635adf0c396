"""The bot reads what the chart gives it, with the pod's files laid out in a folder."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.settings import Settings, load_settings
from tests.chart.objects import containers, of_kind, one, variables
from tests.chart.rendering import Object

_SECRETS = {
    "SLACK_BOT_TOKEN_FILE": "xoxb-made-up",
    "SLACK_APP_TOKEN_FILE": "xapp-made-up",
    "KAIA_STORE_FILE": "postgresql://kaia:made-up@postgres/kaia",
}
_OF_THE_POD = "/etc/kaia"


def kaia_of(objects: Iterable[Object]) -> tuple[Object, Object]:
    """The pod and its container; of Ollama's and the test's nothing is told."""
    pods = [each["spec"]["template"] for each in of_kind(objects, "Deployment")]
    ((pod, kaia),) = [
        (pod, each) for pod in pods for each in containers(pod) if each["name"] == "kaia"
    ]
    return pod, kaia


def settings_read(objects: list[Object], folder: Path) -> Settings:
    """What the bot would start with. Raises SettingsError, as the bot would."""
    pod, kaia = kaia_of(objects)
    environ = {name: value or "" for name, value in variables(objects, kaia).items()}
    here = {
        name: value.replace(_OF_THE_POD, f"{folder}{_OF_THE_POD}")
        for name, value in environ.items()
    }
    _lay_out_config_maps(objects, pod, kaia, folder)
    for name, value in environ.items():
        if name.endswith("_FILE") and value.startswith(_OF_THE_POD):
            file = Path(here[name])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(_SECRETS.get(name, "made-up"))
    return load_settings(here)


def _lay_out_config_maps(objects: list[Object], pod: Object, kaia: Object, folder: Path) -> None:
    held = {each["name"]: each for each in pod["spec"].get("volumes") or ()}
    ours = {each["metadata"]["name"] for each in of_kind(objects, "ConfigMap")}
    for mount in kaia.get("volumeMounts") or ():
        match held[mount["name"]]:
            case {"configMap": {"name": name, **how}} if name in ours:
                into = Path(f"{folder}{mount['mountPath']}")
                into.mkdir(parents=True, exist_ok=True)
                data = one(objects, "ConfigMap", name)["data"]
                items: Any = how.get("items") or ()
                paths = {item["key"]: item["path"] for item in items}
                for key, path in (paths or dict(zip(data, data, strict=True))).items():
                    # The file of KAIA_CONFIG names a folder of the pod.
                    text = data[key].replace(_OF_THE_POD, f"{folder}{_OF_THE_POD}")
                    (into / path).write_text(text)
