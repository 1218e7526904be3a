"""What an alert says is found again where its finding says it."""

from datetime import UTC, datetime

from investigator.domain.alert import Alert
from investigator.domain.alerts.located import said_at
from investigator.domain.entity import EntityRef
from investigator.domain.words import EntityKind, Severity

FINDING = {
    "Service": {"Count": 31, "EventFirstSeen": "2026-10-26T22:17:04.000Z"},
    "Resource": {"Keys": [{"AccessKeyId": "AKIAIOSFODNN7EXAMPLE"}], "with.dot": "198.51.100.7", "": "198.51.100.7"},
    "Noise": [None, {"Count": 32}, {"a]b": "AKIAIOSFODNN7EXAMPLE"}],
}


def alert(*entities, count=31):
    return Alert(
        id="alert:1", detector="guardduty", type="T", title="t", severity=Severity.HIGH, count=count,
        first=datetime(2026, 10, 26, 22, 17, 4, tzinfo=UTC),
        entities=tuple(EntityRef(kind=EntityKind.IP, value=value) for value in entities),
    )  # fmt: skip


def test_entities_time_and_count_are_found_where_they_stand():
    assert said_at(FINDING, alert("AKIAIOSFODNN7EXAMPLE", "198.51.100.7")) == (
        ("Service.Count", "31"),
        ("Service.EventFirstSeen", "2026-10-26T22:17:04.000Z"),
        ("Resource.Keys.AccessKeyId", "AKIAIOSFODNN7EXAMPLE"),
        ("Resource.with\\.dot", "198.51.100.7"),
    )


def test_what_was_derived_or_does_not_stand_there_has_no_place():
    assert said_at({"Id": "x"}, alert("arn:aws:iam::111122223333:user/build")) == ()
    assert said_at(["odd", 7, None], alert("7")) == ()
