"""Evidence that clients may name; a client can never name a path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from investigator.domain.case import Sources
from investigator.http.problems import Problem


@dataclass(frozen=True, slots=True)
class NamedSources:
    """What the operator named on the command line."""

    logs: Mapping[str, Path] = field(default_factory=dict[str, Path])
    responses: Mapping[str, Path] = field(default_factory=dict[str, Path])
    aws: Mapping[str, str] = field(default_factory=dict[str, str])
    """Name to profile."""

    def chosen(self, names: Sequence[str]) -> Sources:
        """The sources behind the names; raises Problem for a name that the operator did not give."""
        known = {*self.logs, *self.responses, *self.aws}
        if any(name not in known for name in names):
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"sources takes names out of: {', '.join(sorted(known))}")
        profiles = [self.aws[name] for name in names if name in self.aws]
        return Sources(
            logs=tuple(self.logs[name] for name in names if name in self.logs),
            responses=next((self.responses[name] for name in names if name in self.responses), None),
            aws=bool(profiles),
            profile=next(iter(profiles), None),
        )
