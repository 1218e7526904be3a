"""Linking: which credential issued which, walked hop by hop from the suspects, up and down (specification 9.6)."""

from collections.abc import Sequence

from investigator.domain.credential import Credential
from investigator.domain.entity import EntityRef
from investigator.domain.gap import Gap
from investigator.domain.stage_results import Linked, Reach
from investigator.ports.store import Store
from investigator.stages.chains.ascent import ascend, without_issuer
from investigator.stages.chains.descent import descend
from investigator.stages.chains.forest import Forest
from investigator.stages.chains.limits import no_room
from investigator.stages.chains.seeds import plant_seeds


def link(suspects: Sequence[EntityRef], store: Store, left_out: Sequence[Gap] = ()) -> Linked:
    """The forest around the suspects: their credentials, what issued those, and all that those issued.

    `left_out` says which suspects were not raised; it stands among the Gaps.
    """
    forest = Forest()
    cut = (*plant_seeds(suspects, forest, store), *ascend(forest, store), *descend(forest, store))
    gaps = (*left_out, *cut, *without_issuer(forest), *no_room(forest))
    credentials = sorted(forest.nodes.values(), key=_order)
    return Linked(
        credentials=tuple(credentials),
        reach=tuple(Reach(credential=c.id, where=str(where)) for c in credentials for where in forest.reach[c.id]),
        suspects=tuple(suspects),
        gaps=tuple({gap.id: gap for gap in gaps}.values()),
    )


def _order(credential: Credential) -> tuple[str, str]:
    return (credential.start.isoformat() if credential.start else "", credential.id)
