"""What was spent and used, day by day."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from investigator.tools.cost import cost_by_region_and_usage, cost_by_service

from investigator.domain.measure import Measure
from investigator.domain.paths import select
from investigator.domain.times import Window
from investigator.proof.answers import SavedAnswers, whole_answer
from tests.doubles.loopback_aws import loopback
from tests.support.data import real_data
from tests.tools.doors import ask, live, run

WINDOW = Window(start=datetime(2026, 1, 20, tzinfo=UTC), end=datetime(2026, 1, 28, tzinfo=UTC))


def day(start: str, end: str, keys: list[str], usd: str, estimated: bool) -> dict[str, object]:
    metrics = {"UnblendedCost": {"Amount": usd, "Unit": "USD"}, "UsageQuantity": {"Amount": "24", "Unit": "Hrs"}}
    return {
        "TimePeriod": {"Start": start, "End": end},
        "Estimated": estimated,
        "Groups": [{"Keys": keys, "Metrics": metrics}],
        "Total": {},
    }


def test_each_day_of_a_group_is_a_measure_on_the_same_series(tmp_path: Path) -> None:
    keys = ["ap-south-1", "APS3-BoxUsage:g5.48xlarge"]
    pages = [
        {"ResultsByTime": [day("2026-01-26", "2026-01-27", keys, "1.5", False)], "NextPageToken": "n"},
        {"ResultsByTime": [day("2026-01-27", "2026-01-28", keys, "391.0000001", True)]},
    ]

    cost, usage, dear, _ = ask(cost_by_region_and_usage, {"ce:GetCostAndUsage": pages}, tmp_path, window=WINDOW)

    assert isinstance(cost, Measure)
    assert isinstance(dear, Measure)
    assert (cost.kind, cost.unit, usage.kind, usage.unit) == ("cost", "USD", "usage", "Hrs")
    assert (dear.amount, dear.estimated, dear.window.start) == (
        Decimal("391.0000001"),
        True,
        datetime(2026, 1, 27, tzinfo=UTC),
    )
    assert dear.dimensions == {"region": "ap-south-1", "usage_type": "APS3-BoxUsage:g5.48xlarge"}
    series = select(whole_answer(SavedAnswers(tmp_path).saved(dear.answer)), dear.path)
    assert (cost.path, series) == (dear.path, ("1.5", "391.0000001"))


def test_two_weeks_before_the_window_are_asked_for_too(tmp_path: Path) -> None:
    with loopback({"ce:GetCostAndUsage": [{"ResultsByTime": []}]}) as world:
        run(cost_by_service, live(world.url, tmp_path), window=WINDOW)

    asked = json.loads(world.asked[-1].body)
    assert asked["TimePeriod"] == {"Start": "2026-01-06", "End": "2026-01-29"}
    assert asked["GroupBy"] == [{"Type": "DIMENSION", "Key": "SERVICE"}]


def test_the_documented_answer_of_aws_is_read(tmp_path: Path) -> None:
    documented = json.loads((real_data("evidence-awscli") / "data/ce/get-cost-and-usage.json").read_text())

    measures = ask(cost_by_service, {"ce:GetCostAndUsage": [documented]}, tmp_path, window=WINDOW)

    assert [str(each.amount) for each in measures if isinstance(each, Measure) and each.kind == "cost"] == [
        "40.3543773134", "0.2682364644"]  # fmt: skip
