"""The calls that AWS has, out of the service models that ship with botocore: names, members and their values."""

import gzip
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache, cached_property
from importlib import resources
from pathlib import Path

import msgspec
from msgspec import Struct

DATE = re.compile(r"(?:\d{8}|20\d\d_\d\d_\d\d)(?:v\d+)?$")
"""What Lambda and CloudFront append to an event name."""
_HEAD = 4096
_METADATA = re.compile(rb'"metadata":(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})')


class Metadata(Struct, rename="camel"):
    """What the service is called where it is asked and where requests are signed."""

    endpoint_prefix: str
    signing_name: str = ""


class Member(Struct, rename="camel"):
    """A reference to a shape, with the name that it has on the wire."""

    shape: str
    location_name: str = ""


class Shape(Struct):
    """A structure with members, a list with one kind of element, a map, or a plain value."""

    type: str
    members: dict[str, Member] = {}
    member: Member | None = None
    enum: list[str] = []


class Operation(Struct):
    """What is sent and what comes back."""

    input: Member | None = None
    output: Member | None = None


class Model(Struct):
    """One version of one service."""

    metadata: Metadata
    operations: dict[str, Operation] = {}
    shapes: dict[str, Shape] = {}


class _Named(Struct):
    metadata: Metadata


class Service:
    """All models whose calls have one event source, such as `lambda` for `lambda.amazonaws.com`."""

    def __init__(self, source: str, folders: tuple[Path, ...]) -> None:
        self.source = source
        self._folders = folders

    @cached_property
    def models(self) -> tuple[Model, ...]:
        return tuple(map(_model, self._folders))

    def calls(self, pattern: str) -> tuple["Call", ...]:
        """The operations that an event name means; a `*` in it stands for any text."""
        wanted = DATE.sub("", pattern)
        return tuple(
            Call(self.source, name, model)
            for model in self.models
            for name in model.operations
            if fnmatchcase(name, wanted)
        )


class Call:
    """One operation, and what CloudTrail can write below its request and response."""

    def __init__(self, source: str, name: str, model: Model) -> None:
        self.source = source
        self.name = name
        self._shapes = model.shapes
        operation = model.operations[name]
        self._tops = {"requestParameters": operation.input, "responseElements": operation.output}

    def values(self, top: str, path: tuple[str, ...]) -> list[str] | None:
        """Values that the field may have, [] for any; None when the model cannot say.

        Raises KeyError for a member that the operation does not have.
        """
        member = self._tops[top]
        if self.source == "ec2" and path[0] == f"{self.name}Request":
            return None
        return self._below(member, path) if member else None

    def _below(self, member: Member, path: tuple[str, ...]) -> list[str] | None:
        shape = self._shapes[member.shape]
        if shape.type == "list" and shape.member:
            # CloudTrail writes the lists of EC2 as {"items": [...]}; a rule spreads every other list by itself.
            return self._below(shape.member, path[1:] if self.source == "ec2" and path[:1] == ("items",) else path)
        if not path:
            return shape.enum
        if shape.type == "map" or (shape.type == "structure" and not shape.members):
            return None
        if self.source == "ec2" and path[0].endswith("Set"):
            return None
        return self._below(self._member(shape, path[0]), path[1:])

    def _member(self, shape: Shape, key: str) -> Member:
        for name, member in shape.members.items():
            if key in self._written(name, member.location_name):
                return member
        raise KeyError(key)

    def _written(self, *names: str) -> Iterator[str]:
        """S3 writes members as its own XML does, every other service with a lower first letter."""
        for name in filter(None, names):
            yield name if self.source == "s3" else name[:1].lower() + name[1:]


@cache
def service(source: str) -> Service | None:
    """The service of an event source without `.amazonaws.com`; None when botocore has none."""
    folders = tuple(folder for folder, names in _names().items() if source in names)
    return Service(source, folders) if folders else None


@cache
def _names() -> dict[Path, frozenset[str]]:
    """For the newest version of each service: its folder's name, endpoint prefix and signing name."""
    with resources.as_file(resources.files("botocore") / "data") as data:
        newest = {path.parent.parent: path for path in sorted(data.glob("*/*/service-2.json.gz"))}
    found: dict[Path, frozenset[str]] = {}
    for folder, path in newest.items():
        metadata = _metadata(path)
        names = (folder.name, metadata.endpoint_prefix, metadata.signing_name)
        found[path] = frozenset(name.removeprefix("api.") for name in names if name)
    return found


def _metadata(path: Path) -> Metadata:
    """Mostly near the beginning of the file; else all of it is read."""
    with gzip.open(path) as file:
        head = _METADATA.search(file.read(_HEAD))
    if head:
        return msgspec.json.decode(head[1], type=Metadata)
    return msgspec.json.decode(gzip.decompress(path.read_bytes()), type=_Named).metadata


def _model(path: Path) -> Model:
    return msgspec.json.decode(gzip.decompress(path.read_bytes()), type=Model)
