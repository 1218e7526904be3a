"""What was odd about a file as a whole."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Finding:
    """Filled while the rows of a file are read."""

    flags: set[str] = field(default_factory=set[str])
    partial: str | None = None
    quarantined: int = 0
    strangers: int = 0
    """JSON values that are no CloudTrail records."""
    container: bool = False
    """The file is made to hold records, so that none is an answer."""
    kind: str | None = None
    """What the file is, where its form tells it better than its first bytes."""
    offset: int | None = None
    """The byte of the unpacked file where the first damage, cut or refused value stands."""

    @property
    def only_strangers(self) -> bool:
        """Whole JSON values that are no records, and nothing else."""
        return self.strangers > 0 and not self.quarantined and self.partial is None

    def refuse(self, reason: str, offset: int, values: int = 1) -> None:
        """A value that stands here, or so many from here on, are quarantined."""
        self.quarantined += values
        self.flags.add(reason)
        self.note(offset)

    def note(self, offset: int) -> None:
        """Damage stands here; the first place is kept. Below 0 is none: the form has no places, or was decoded."""
        if offset >= 0 and (self.offset is None or offset < self.offset):
            self.offset = offset
