"""Judging: one of five verdicts, with what speaks for it and against it (specification 9.7).

Benign needs positive evidence: everyday networks and calls, or a change that somebody named. Quiet is not enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from investigator.domain.words import Confidence, Done, Severity, Verdict
from investigator.stages.assessment.conclusion import Conclusion
from investigator.stages.assessment.intruders import by_intruder
from investigator.stages.assessment.sign_ins import is_guessed
from investigator.stages.assessment.taint import Reason, Trace
from investigator.stages.assessment.told import left_at, planned
from investigator.stages.matter import Matter


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict with its confidence, its reason in one sentence, and what would change it."""

    verdict: Verdict
    confidence: Confidence
    because: str
    would_change_it: tuple[str, ...]

    @property
    def accuses(self) -> bool:
        """Whether it says that there was misuse: short of that nobody is accused."""
        return self.verdict in (Verdict.CONFIRMED, Verdict.LIKELY)


def judge(trace: Trace, conclusions: Sequence[Conclusion], matter: Matter, *, lost: bool = False) -> Opinion:
    """The opinion that the findings carry; while some were `lost` to proof, the rest cannot clear anybody."""
    if trace.events:
        return _misuse(trace, conclusions, matter)
    if lost:
        return Opinion(
            Verdict.INCONCLUSIVE,
            Confidence.LOW,
            "Findings were left out because their records are not as the evidence store describes them.",
            ("the original log files, read again into a new store",),
        )
    alarming = [conclusion for conclusion in conclusions if conclusion.supports and _alarming(conclusion)]
    if all(conclusion.before_leaving for conclusion in alarming) and left_at(matter):
        return _left(told=bool(alarming))
    if alarming:
        return _unexplained(matter)
    return _everyday(trace, matter)


def _unexplained(matter: Matter) -> Opinion:
    """Of an effect that nobody's misuse explains."""
    told = planned(matter)
    return Opinion(
        Verdict.INCONCLUSIVE,
        Confidence.LOW,
        "Something harmful or costly is there, and no credential could be shown to be misused for it"
        + ("; a change was announced." if told else "."),
        (
            "the logs of the accounts, Regions and days that were not read",
            "whoever announced the change confirming these very calls" if told else "who says that it was planned",
        ),
    )


def _left(*, told: bool) -> Opinion:
    """Of a person who left, and was not seen after that; `told` says that what they did before is worth a look."""
    before = "what was done before is told, and whether it was part of the work is not known"
    return Opinion(
        Verdict.INCONCLUSIVE,
        Confidence.LOW,
        "No misuse after the access ended is in the evidence that was read; "
        + (before if told else "whether the person has other ways in is not known")
        + ".",
        ("who says what was part of the work", "the logs of the accounts, Regions and days that were not read"),
    )


def _alarming(conclusion: Conclusion) -> bool:
    return conclusion.severity.number >= Severity.MEDIUM.number


def _misuse(trace: Trace, conclusions: Sequence[Conclusion], matter: Matter) -> Opinion:
    hostile = [conclusion for conclusion in conclusions if conclusion.hostile]
    effects = [conclusion for conclusion in hostile if conclusion.effect and conclusion.outcome is Done.DONE]
    intrusions = by_intruder(effects, trace)
    several = any(len({effect.tactic for effect in joined}) > 1 for joined in intrusions)
    proven = any(taint.sure and taint.reason is not Reason.ISSUED for taint in trace.tainted)
    sure = proven or is_guessed(trace.sign_ins)
    if effects and not sure and planned(matter):
        return Opinion(
            Verdict.INCONCLUSIVE,
            Confidence.LOW,
            "Calls with an effect came from a network that is not shown to be the caller's; a change was announced.",
            ("whoever announced the change confirming these very calls",),
        )
    if effects and (sure or several or _is_what_was_feared(effects, matter)):
        return Opinion(
            Verdict.CONFIRMED,
            Confidence.HIGH if sure else Confidence.MEDIUM,
            "A credential was misused, and with it something was taken, changed, started or switched off.",
            ("proof that the owner of the credential made these calls from that network",),
        )
    if sure or any(map(_is_grave, intrusions)):
        return Opinion(
            Verdict.LIKELY,
            Confidence.MEDIUM,
            "A credential was very likely misused."
            if sure
            else "Calls with an effect were made with a credential whose misuse nothing else shows.",
            ("the owner's word on these calls", "earlier logs that show what is usual for the credential"),
        )
    return Opinion(
        Verdict.INCONCLUSIVE,
        Confidence.LOW,
        "The credential was used from a network that nothing shows to be its own, "
        + ("with a lesser effect and nothing that joins it." if effects else "without any effect that was seen."),
        ("the owner's word on that network", "earlier logs that show what is usual for the credential"),
    )


def _is_grave(effects: Sequence[Conclusion]) -> bool:
    """Whether effects say more than the strange network does: a high one, or several."""
    return len(effects) > 1 or any(effect.severity.number >= Severity.HIGH.number for effect in effects)


def _is_what_was_feared(effects: Sequence[Conclusion], matter: Matter) -> bool:
    """Whether an effect is on the very thing that somebody reported: his word and the records are two sources."""
    named = {name for slot in ("bucket", "instance", "secret") for name in matter.told(slot)}
    return any(not named.isdisjoint(conclusion.entities) for conclusion in effects)


def _everyday(trace: Trace, matter: Matter) -> Opinion:
    if trace.cleared and all(entry.at_home for entry in trace.cleared):
        return _at_home(matter, new=any(entry.new for entry in trace.cleared))
    return Opinion(
        Verdict.INCONCLUSIVE,
        Confidence.LOW,
        "Nothing in the evidence that was read shows misuse, and too little is known to call it benign.",
        ("earlier logs that show what is usual", "the logs of the accounts, Regions and days that were not read"),
    )


def _at_home(matter: Matter, *, new: bool) -> Opinion:
    """Of calls from where their principals always are; `new` tells that some were of kinds that are new for them."""
    if new and not planned(matter):
        return Opinion(
            Verdict.INCONCLUSIVE,
            Confidence.LOW,
            "The calls in question came from networks that their principals have long used; some are of a kind that is "
            "new for them, and nobody said that they were planned.",
            ("who says that these calls were planned", "a caller who denies them"),
        )
    if new:
        return Opinion(
            Verdict.LIKELY_BENIGN,
            Confidence.MEDIUM,
            "The calls in question came from networks that their principals have long used, some of a kind that is new "
            "for them; and a change was announced.",
            ("whoever announced the change denying these very calls", "a caller who denies them"),
        )
    return Opinion(
        Verdict.BENIGN if planned(matter) else Verdict.LIKELY_BENIGN,
        Confidence.MEDIUM,
        "The calls in question came from networks and were of kinds that their principals have long used"
        + (", and the change was announced." if planned(matter) else "."),
        ("a caller who denies these calls", "a named key or session that was used elsewhere"),
    )
