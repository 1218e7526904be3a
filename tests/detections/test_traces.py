"""What has to stand in the JSON of a record for a rule to hold."""

from pathlib import Path

import pytest
import yaml

from investigator.detections.parsing import parse_rule

HEAD = {"title": "t", "logsource": {"product": "aws"}}


def traces(detection: str) -> list[str] | None:
    """Column and texts of each trace, in words."""
    asked = yaml.safe_load(detection)
    condition = asked.pop("condition", "s")
    given = {**HEAD, "detection": {**(asked if "s" in asked else {"s": asked}), "condition": condition}}
    found = parse_rule(yaml.safe_dump(given), Path("rule.yml")).traces
    return None if found is None else [" ".join((trace.column, *trace.texts)) for trace in found]


@pytest.mark.parametrize(
    ("detection", "told"),
    [
        pytest.param("requestParameters.policyArn: Admin", ['request "policyarn" admin'], id="key and value"),
        pytest.param("requestParameters.a.longer.b: 7", ['request "longer"'], id="a number has several forms"),
        pytest.param("requestParameters|contains: '*=Root!'", ["request root"], id="anywhere in the request"),
        pytest.param("responseElements.x|exists: true", ['response "x"'], id="a key that is there"),
        pytest.param(
            "requestParameters.x: [One, Two]", ['request "x" one', 'request "x" two'], id="one of several values"
        ),
        pytest.param(
            "{eventName: Run, requestParameters.ok: 'yes', requestParameters.withDecryption: true}",
            ['request "withdecryption" true'],
            id="of several parts the longest text",
        ),
        pytest.param("{s: {requestParameters.x: null}, condition: not s}", ['request "x"'], id="not null"),
        pytest.param("unheardOf.part: a", ['extra "unheardof" a'], id="a key without a column"),
    ],
)
def test_a_key_and_a_value_leave_a_trace(detection: str, told: list[str]) -> None:
    assert traces(detection) == told


@pytest.mark.parametrize(
    "detection",
    [
        pytest.param("eventName: RunInstances", id="not in JSON"),
        pytest.param("requestParameters.x: null", id="absent"),
        pytest.param("{s: {requestParameters.x: One}, condition: not s}", id="anything but a value"),
        pytest.param("investigator.everyone: true", id="derived"),
        pytest.param("requestParameters|re: 'a.*b'", id="an expression"),
        pytest.param("requestParameters.clé|exists: true", id="no ASCII"),
        pytest.param("{s: [{requestParameters.x: One}, {eventName: Run}], condition: s}", id="or something else"),
    ],
)
def test_what_may_hold_without_a_trace_has_none(detection: str) -> None:
    assert not traces(detection)
