"""When keys, roles and passwords were last used, read off the records, so that IAM agrees with the logs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from investigator.demo.journal import Record, text_at


@dataclass(frozen=True, slots=True)
class Use:
    """A last use: when, of which service, in which Region."""

    time: str
    service: str
    region: str


def last_uses(records: Iterable[Record]) -> Mapping[str, Use]:
    """The last use by access key id, by role ARN and by `console/<user>`; the records come in time order."""
    uses: dict[str, Use] = {}
    for record in records:
        service = str(record["eventSource"]).removesuffix(".amazonaws.com")
        use = Use(str(record["eventTime"]), service, str(record["awsRegion"]))
        uses.update((used, use) for used in _used(record))
    return uses


def _used(record: Record) -> Iterator[str]:
    identity = record["userIdentity"]
    yield text_at(identity, "accessKeyId")
    yield text_at(identity, "sessionContext", "sessionIssuer", "arn")
    if record["eventName"] == "ConsoleLogin":
        yield f"console/{text_at(identity, 'userName')}"
