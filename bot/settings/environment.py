"""Reads settings from a mapping, and from the files it names; never from anywhere else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

from bot.errors import SettingsError
from bot.settings.explanations import explained
from bot.settings.fields import Settings, is_secret, names_of
from bot.settings.file import FileSettings
from bot.settings.slips import is_of_a_service, likely_misspelt, misspelt

_MISSING = "{} is missing: KAIA_MODEL asks for {} and {}."
_NOWHERE = (
    "KAIA_WRITES=approve needs to know where: in the file of KAIA_CONFIG, name namespaces under"
    " writes, as docs/approvals.md shows it."
)
_KEYS = {
    "openai": ("openai_api_key", "keys are made at https://platform.openai.com/api-keys"),
    "anthropic": (
        "anthropic_api_key",
        "keys are made at https://console.anthropic.com/settings/keys",
    ),
    "gemini": ("gemini_api_key", "keys are made at https://aistudio.google.com/apikey"),
    "azure": ("azure_openai_endpoint", "the endpoint stands on the resource's page in Azure"),
}


class Environment(PydanticBaseSettingsSource):
    """Variables of one mapping, each as itself or, for a secret, as the file `NAME_FILE` names."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        super().__init__(Settings)
        self._environ = {
            name: value.strip()
            for name, value in environ.items()
            if value.strip() and not is_of_a_service(name, value)
        }
        self.problems: list[str] = []
        self.names: dict[str, str] = {}
        """Field -> the variable that gave it."""

    def __call__(self) -> dict[str, Any]:
        found = {
            name: self.get_field_value(field, name)[0]
            for name, field in Settings.model_fields.items()
        }
        return {name: value for name, value in found.items() if value is not None}

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[str | None, str, bool]:  # noqa: ARG002 - the library names it
        for name in names_of(field_name):
            self.names.setdefault(field_name, name)
            value = self._read(name) if is_secret(field_name) else self._environ.get(name)
            if value is not None:
                self.names[field_name] = name
                return value, field_name, False
        return None, field_name, False

    def _read(self, name: str) -> str | None:
        value, path = self._environ.get(name), self._environ.get(f"{name}_FILE")
        if value is not None and path is not None:
            self.problems.append(f"{name} and {name}_FILE are both set; keep one of them.")
        if value is not None or path is None:
            return value
        return self._read_file(f"{name}_FILE", path)

    def _read_file(self, name: str, path: str) -> str | None:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError) as error:
            self.problems.append(f"{name} names a file that cannot be read: {_why(error)}.")
            return None
        if not value:
            self.problems.append(f"{name} names an empty file; write the value into it.")
        return value or None


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Raises SettingsError, which says everything that is wrong, a sentence a line."""
    source = Environment(environ)
    values = source()
    problems = [*misspelt(environ), *source.problems]
    extra: dict[str, Any] = {
        "file": _read_config(values.get("config_file"), problems),
        "state_folder": _state_folder(environ),
        "remarks": likely_misspelt(environ),
    }
    try:
        settings = Settings(**values, **extra)
    except ValidationError as error:
        problems += explained(error, Settings, source.names)
        raise SettingsError("\n".join(problems)) from None
    problems += _missing(settings, source.names)
    problems = problems or [*_without_approvers(settings), *_outside(settings)]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _why(error: OSError | ValueError) -> str:
    return (
        (error.strerror or "no reason given") if isinstance(error, OSError) else "no text in UTF-8"
    )


def _state_folder(environ: Mapping[str, str]) -> Path | None:
    # The XDG specification says that a relative path is to be ignored.
    for name, below in (("XDG_STATE_HOME", "kaia"), ("HOME", ".local/state/kaia")):
        if environ.get(name, "").startswith("/"):
            return Path(environ[name]) / below
    return None


def _missing(settings: Settings, names: Mapping[str, str]) -> list[str]:
    """What the chosen provider cannot do without. Other servers than its own may want no key."""
    provider = (settings.model or "").partition(":")[0]
    field, where = _KEYS.get(provider, ("", ""))
    elsewhere = getattr(settings, f"{provider}_base_url", None)
    if not field or elsewhere or getattr(settings, field):
        return []
    return [_MISSING.format(names[field], provider, where)]


def _without_approvers(settings: Settings) -> list[str]:
    """Changes that nobody could approve, or that may be made nowhere, are a slip."""
    if settings.writes == "off":
        return []
    writes = settings.file.writes
    places = [*writes.namespaces, *([""] if writes.nodes else [])]
    if not places:
        return [_NOWHERE]
    return [
        f"In the file of KAIA_CONFIG, writes names nobody who may approve changes in"
        f" {place or 'nodes'}: give approvers there, or for all."
        for place in places
        if not writes.approvers_in(place)
    ]


def _outside(settings: Settings) -> list[str]:
    """What the file says of namespaces that are not looked into."""
    if not settings.namespaces:
        return []
    of_writes = settings.file.writes.namespaces if settings.writes != "off" else ()
    named = {
        "channel_namespaces": settings.file.channel_namespaces.values(),
        "writes.namespaces": of_writes,
    }
    return [
        f"In the file of KAIA_CONFIG, {key} names {place}, which KAIA_NAMESPACES does not:"
        " add it there, or leave it out here."
        for key, places in named.items()
        for place in sorted({*places} - {*settings.namespaces})
    ]


def _read_config(path: str | None, problems: list[str]) -> FileSettings:
    if path is None:
        return FileSettings()
    try:
        return _parse_config(Path(path))
    except SettingsError as error:
        problems += str(error).splitlines()
        return FileSettings()


def _parse_config(path: Path) -> FileSettings:
    held = _load_yaml(path)
    if not isinstance(held, dict):
        known = ", ".join(FileSettings.model_fields)
        raise SettingsError(f"The file of KAIA_CONFIG has to be a mapping with the keys {known}.")
    try:
        config = FileSettings.model_validate({str(key): value for key, value in held.items()})
    except ValidationError as error:
        names = {key: f"In the file of KAIA_CONFIG, {key}" for key in map(str, held)}
        raise SettingsError("\n".join(explained(error, FileSettings, names))) from None
    return _with_runbooks(config, path.parent)


def _load_yaml(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"KAIA_CONFIG names a file that cannot be read: {_why(error)}."
        ) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f" at line {mark.line + 1}" if mark else ""
        raise SettingsError(
            f"The file of KAIA_CONFIG is not YAML{line}: {error.problem}."
        ) from None
    except yaml.YAMLError:
        raise SettingsError(
            "The file of KAIA_CONFIG is not YAML: it holds a character YAML does not allow."
        ) from None


def _with_runbooks(config: FileSettings, folder: Path) -> FileSettings:
    """A relative folder is meant from where the file lies."""
    if config.runbooks is None:
        return config
    runbooks = folder / config.runbooks.expanduser()
    if not runbooks.is_dir():
        raise SettingsError("In the file of KAIA_CONFIG, runbooks has to be the path of a folder.")
    return config.model_copy(update={"runbooks": runbooks})
