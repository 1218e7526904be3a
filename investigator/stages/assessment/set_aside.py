"""What the operator's settings leave aside: told as a Gap, for a rule that rests sees nothing."""

from collections.abc import Iterator

from investigator.domain.gap import Gap
from investigator.stages.assessment.wording import listed
from investigator.stages.matter import Matter


def set_aside(matter: Matter) -> Iterator[Gap]:
    """One Gap for all hits of which nothing is made."""
    if matter.resting:
        records = len({id_ for hit in matter.resting for id_ in hit.event_ids})
        accounts = sorted({hit.account for hit in matter.resting})
        yield Gap.of(
            what=f"what {records:,} records mean that rules hit in {listed(accounts)}",
            why="the setting rule_modes lets these rules count only, or rest, there",
            effect="nothing is found through them: "
            + listed(sorted({hit.name or hit.rule_id for hit in matter.resting})),
            close="take the accounts and rules out of rule_modes and run the case again",
        )
