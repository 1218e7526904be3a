"""What every detection of the pack says of itself, however it looks: rule, burst, correlation or sequence."""

from dataclasses import dataclass

from investigator.domain.words import Severity, Tactic


@dataclass(frozen=True, slots=True)
class Detection:
    """The head of a detection; what it looks for follows in each kind of its own."""

    id: str
    """The row of our rule catalogue, such as C02, which several may share; else the Sigma name or id."""
    name: str
    """What playbooks look for; of a rule the file's name without its ending."""
    title: str
    level: Severity
    tactic: Tactic
    techniques: tuple[str, ...]
