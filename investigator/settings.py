"""Settings: flags, then `INVESTIGATOR_…`, then the settings file, then defaults; never the current folder."""

import tomllib
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from platformdirs import user_config_path, user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

from investigator.domain.site import mode
from investigator.domain.trouble import BadSettings

APP = "investigator"
FILE = "investigator.toml"
PATHS = ("case_dir", "store", "token_file")


def _parts(given: object) -> object:
    return tuple(part.strip() for part in given.split(",") if part.strip()) if isinstance(given, str) else given


Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parts)]
"""A list; in the environment its parts are separated by commas."""
Modes = Annotated[Words, AfterValidator(lambda texts: tuple(map(mode, texts)) and texts)]
"""Words that each say what an account does with a rule."""
Place = Annotated[Path, AfterValidator(Path.expanduser)]


class Settings(BaseSettings):
    """What holds for every case on this machine."""

    model_config = SettingsConfigDict(env_prefix="INVESTIGATOR_", extra="forbid", frozen=True, env_ignore_empty=True)

    case_dir: Place = Field(default_factory=lambda: user_data_path(APP, appauthor=False))
    """The data folder: the case database, the cases' folders, and the evidence stores under `stores/`."""
    store: Place | None = None
    """An evidence store to use in place of the one in the data folder."""
    model: str | None = None
    """PROVIDER:NAME; None is no model."""
    model_url: str | None = None
    """Where the model answers, when not at its provider's own address."""
    model_seconds: float = Field(default=120, gt=0, le=3_600)
    """What a model may take of one run; half of it for one answer."""
    token_file: Place | None = None
    """Bearer tokens that the case API accepts, one a line."""
    host_names: Words = ()
    """Names under which clients reach the case API, besides the address it listens on."""
    known_networks: Words = ()
    """Addresses and CIDRs that are ours."""
    responders: Words = ()
    """Names or ARNs of people and roles that respond to incidents; their calls accuse nobody."""
    automation_roles: Words = ()
    """Names or ARNs of deploy roles whose changes are routine."""
    rule_modes: Modes = ()
    """What becomes of the hits of rules in an account: `ACCOUNT[/RULE]=off|count|report`, `*` for all."""
    workers: int = Field(default=0, ge=0, le=64)
    """Processes for indexing and for runs; 0 is one a core."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The settings that one place gives."""

    origin: str
    values: Mapping[str, object]


def settings_file(config: Path | None = None) -> Path:
    """The file given, else `investigator.toml` in the user's configuration folder."""
    return config or user_config_path(APP, appauthor=False) / FILE


def load(flags: Mapping[str, object] | None = None, config: Path | None = None) -> Settings:
    """The settings in force; raises BadSettings."""
    given = _layers(flags or {}, config)
    try:
        return Settings.model_validate(dict(ChainMap(*(dict(layer.values) for layer in given))))
    except ValidationError as error:
        raise BadSettings(_complaint(error, given)) from None


def origins(flags: Mapping[str, object] | None = None, config: Path | None = None) -> Mapping[str, str]:
    """Each setting with where its value came from; raises BadSettings."""
    given = _layers(flags or {}, config)
    return {name: _origin(name, given) for name in Settings.model_fields}


def _layers(flags: Mapping[str, object], config: Path | None) -> tuple[Layer, ...]:
    """The first wins."""
    environment = EnvSettingsSource(Settings)()
    return (
        Layer("flag", {name: value for name, value in flags.items() if value is not None}),
        Layer("environment", {name: value for name, value in environment.items() if name in Settings.model_fields}),
        Layer(str(settings_file(config)), _written(config)),
    )


def _written(config: Path | None) -> Mapping[str, object]:
    """What the settings file says; its relative paths start at its own folder."""
    file = settings_file(config)
    if config is None and not file.is_file():
        return {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadSettings(f"{file} cannot be read as settings: {error}") from None
    paths = {
        name: file.parent / Path(value).expanduser()
        for name, value in values.items()
        if name in PATHS and isinstance(value, str)
    }
    return {**values, **paths}


def _origin(name: str, given: tuple[Layer, ...]) -> str:
    return next((layer.origin for layer in given if name in layer.values), "default")


def _complaint(error: ValidationError, given: tuple[Layer, ...]) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0])
    if first["type"] == "extra_forbidden":
        return f"{_origin(name, given)}: no setting {name!r}; there are {', '.join(Settings.model_fields)}"
    return f"{_origin(name, given)}: {name}: {first['msg']}"
