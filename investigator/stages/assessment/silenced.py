"""Trails, logs and detectors that an intruder switched off, deleted or narrowed: what they would have shown."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from investigator.domain.event import Event
from investigator.domain.gap import Gap
from investigator.domain.paths import text_of, texts
from investigator.stages.assessment.hidden_acts import MOST_NAMED, plain_name
from investigator.stages.assessment.of_effects import STOPPING, started_again
from investigator.stages.assessment.wording import clock, listed, short
from investigator.stages.matter import Matter, in_order

_SILENCING: Mapping[str, str] = {
    "bedrock:DeleteModelInvocationLoggingConfiguration": "",
    "cloudtrail:DeleteEventDataStore": "eventDataStore",
    "cloudtrail:PutEventSelectors": "trailName",
    "cloudtrail:StopEventDataStoreIngestion": "eventDataStore",
    "config:DeleteConfigurationRecorder": "configurationRecorderName",
    "config:DeleteDeliveryChannel": "deliveryChannelName",
    "config:StopConfigurationRecorder": "configurationRecorderName",
    "ec2:DeleteFlowLogs": "DeleteFlowLogsRequest.FlowLogId.content",
    "guardduty:DeleteDetector": "detectorId",
    "guardduty:UpdateDetector": "detectorId",
    "logs:DeleteLogGroup": "logGroupName",
    "logs:DeleteLogStream": "logGroupName",
    "macie2:DisableMacie": "",
    "route53resolver:DeleteResolverQueryLogConfig": "resolverQueryLogConfigId",
    "s3:PutBucketLogging": "bucketName",
    "securityhub:DisableSecurityHub": "",
    "wafv2:DeleteLoggingConfiguration": "resourceArn",
}
"""Each call, with the path of what it silences; the logging of trails itself is told apart."""


def silenced(events: Iterable[Event], matter: Matter) -> Iterator[Gap]:
    """A Gap for each trail that was stopped, and one for all else; what the intruder had made himself is left out."""
    made: list[str] = []
    off: dict[str, Event] = {}
    for event in in_order(event for event in events if event.succeeded):
        if event.name.startswith("Create"):
            made.append(text_of([event.source, event.account, event.request, event.response]))
        elif event.name in STOPPING:
            yield from () if _is_own(event, event.asked("name"), made) else (_stopped(event, matter),)
        elif event.action in _SILENCING and _ONLY.get(event.action, _always)(event):
            names = [name for name in _names(event) if not _is_own(event, name, made)]
            off |= {plain_name(name): event for name in names if plain_name(name) not in off}
    if off:
        yield Gap.of(
            what=f"what logs and detectors would have shown that were switched off, cut or deleted: "
            f"{listed(off, MOST_NAMED)}",
            why=f"{listed(event.action for event in off.values())} succeeded, "
            f"first at {clock(next(iter(off.values())).time)}",
            effect="traffic, alerts and log lines may be missing",
            close="look for copies where they were delivered to, and for other logs of that time",
        )


def _is_own(event: Event, name: str, made: Iterable[str]) -> bool:
    """Whether an earlier call of the intruder, to that service in that account, made what is named."""
    quoted = [text_of([text])[1:-1] for text in (event.source, event.account, plain_name(name))]
    return any(all(text in call for text in quoted) for call in made)


def _stopped(stop: Event, matter: Matter) -> Gap:
    again = started_again(stop, matter)
    until = f"until {clock(again.time)}" if again else "and no StartLogging was seen"
    return Gap.of(
        what=f"what happened while the trail {short(stop.asked('name'))} was not logging, "
        f"from {clock(stop.time)} {until}",
        why="logging of the trail was stopped; records of that time can be missing from its files",
        effect="acts of that time may be unseen",
        close="look up the event history (LookupEvents keeps 90 days whatever trails do), or another trail",
    )


def _names(event: Event) -> tuple[str, ...]:
    """What a call names; a service that has one detector is named itself."""
    path = _SILENCING[event.action]
    return (texts(event.request, path) if path else ()) or (event.source.partition(".")[0],)


def _always(_: Event) -> bool:
    return True


def _is_disabled(event: Event) -> bool:
    return event.asked("enable") == "false"


def _leaves_out_events(event: Event) -> bool:
    kept = (event.asked("eventSelectors.readWriteType"), event.asked("eventSelectors.includeManagementEvents"))
    return kept != ("All", "true")


def _names_no_target(event: Event) -> bool:
    return not event.asked("BucketLoggingStatus.LoggingEnabled.TargetBucket")


_ONLY: Mapping[str, Callable[[Event], bool]] = {
    "cloudtrail:PutEventSelectors": _leaves_out_events,
    "guardduty:UpdateDetector": _is_disabled,
    "s3:PutBucketLogging": _names_no_target,
}
"""Calls that silence something only when they are asked in a certain way."""
