"""Times: aware, in UTC; a window includes its start and not its end (ground rule G6)."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, PlainSerializer

from investigator.domain.value import Value


def to_utc(moment: datetime) -> datetime:
    """The moment in UTC; a naive one is taken as UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def to_text(moment: datetime) -> str:
    """ISO 8601 with `Z`, to the second, or to the microsecond where there is a fraction."""
    precision = "microseconds" if moment.microsecond else "seconds"
    return to_utc(moment).replace(tzinfo=None).isoformat(timespec=precision) + "Z"


def parse_instant(text: str) -> datetime:
    """The moment that ISO 8601 text names; raises ValueError for anything else."""
    return to_utc(datetime.fromisoformat(text.strip()))


Instant = Annotated[datetime, AfterValidator(to_utc), PlainSerializer(to_text, return_type=str, when_used="json")]


class Window(Value):
    """A span of time: from `start` (included) to `end` (excluded)."""

    start: Instant = Field(validation_alias="from", serialization_alias="from")
    end: Instant = Field(validation_alias="to", serialization_alias="to")

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    @property
    def length(self) -> timedelta:
        return self.end - self.start
