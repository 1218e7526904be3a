"""What code checked for a claim, in words."""

from investigator.domain.claim import (
    Absent,
    Before,
    Count,
    Exists,
    First,
    Issued,
    Last,
    Linked,
    MeasureIs,
    Permits,
    Predicate,
    Reaches,
    SameCredential,
    StateIs,
)
from investigator.tui.words import counted, moment


def in_words(predicate: Predicate) -> str:  # noqa: PLR0911, PLR0912  (one sentence for each kind)
    """One sentence that says when the predicate holds."""
    match predicate:
        case Exists(where=where):
            return f"A cited record matches  {where}"
        case Count(where=where, over="events", n=n):
            return f"Exactly {counted(n, 'record')} match  {where}"
        case Count(where=where, over=over, n=n):
            return f"Exactly {counted(n, 'distinct value')} of {over} in  {where}"
        case First(where=where, time=time):
            return f"The earliest match is at {moment(time)}  {where}"
        case Last(where=where, time=time):
            return f"The latest match is at {moment(time)}  {where}"
        case Before(a=a, b=b):
            return f"{a} is earlier than {b}"
        case SameCredential(records=records, key=key):
            return f"{counted(len(records), 'record')} signed with {key}"
        case Issued(by=by, key=key):
            return f"{by} succeeded and handed out {key}"
        case Linked(parent=parent, child=child, rule=rule):
            return f"Linking rule {rule} leads from {parent} to {child}"
        case StateIs(path=path, value=value):
            return f"{path} is {value}"
        case MeasureIs(path=path, agg=agg, op=op, value=value, window=window):
            return f"{agg} of {path} {op} {value} from {moment(window.start)} to {moment(window.end)}"
        case Permits(principal=principal, action=action, resource=resource, says=says):
            return f"{action} of {principal} on {resource} is {says.value.replace('_', ' ')}"
        case Reaches(principal=principal, service=service, levels=levels, whole=whole):
            return f"{principal} has in {service}  {'every action' if whole else ', '.join(levels)}"
        case Absent(where=where, scope=scope):
            seen = "the records given" if scope == "given" else "the whole window, every cell seen"
            return f"No record matches in {seen}  {where}"
