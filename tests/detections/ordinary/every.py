"""The ordinary life of every rule, burst and sequence of the pack."""

from tests.detections.ordinary import (
    bursts,
    collection,
    credential_access,
    defense_evasion,
    discovery,
    execution,
    exfiltration,
    impact,
    initial_access,
    lateral_movement,
    persistence,
    privilege_escalation,
    sequences,
)  # fmt: skip
from tests.detections.ordinary.life import Life

SINGLE: dict[str, Life] = {
    **collection.LIVES, **credential_access.LIVES, **defense_evasion.LIVES, **discovery.LIVES, **execution.LIVES,
    **exfiltration.LIVES, **impact.LIVES, **initial_access.LIVES, **lateral_movement.LIVES, **persistence.LIVES,
    **privilege_escalation.LIVES,
}  # fmt: skip
"""Around rules over one record."""
MANY: dict[str, Life] = {**bursts.LIVES, **sequences.LIVES}
"""Around rules over many records."""
EVERY: dict[str, Life] = SINGLE | MANY
