"""Patterns of policies: `*` stands for any text, `?` for one character, and nothing else is special."""

MOST_CELLS = 250_000
"""Above this product of two lengths, patterns are taken to overlap without looking: it never hides a right."""


def covers(wide: str, narrow: str) -> bool:
    """Whether every text that fits `narrow` (a pattern, or a text) fits `wide` too.

    It is decided on the patterns as written, so a `wide` that only covers through several `*` together may be missed.
    """
    at, mark, star, resume = 0, 0, -1, 0
    while mark < len(narrow):
        if at < len(wide) and wide[at] == "*":
            star, resume, at = at, mark, at + 1
        elif at < len(wide) and _takes(wide[at], narrow[mark]):
            at, mark = at + 1, mark + 1
        elif star >= 0:
            resume += 1
            at, mark = star + 1, resume
        else:
            return False
    return not wide[at:].strip("*")


def overlap(one: str, other: str) -> bool:
    """Whether some text fits both patterns."""
    if "*" not in one and "?" not in one:
        return covers(other, one)
    if "*" not in other and "?" not in other:
        return covers(one, other)
    if not _ends_agree(one, other):
        return False
    return len(one) * len(other) > MOST_CELLS or _meet(one, other)


def is_pattern(text: str) -> bool:
    return "*" in text or "?" in text


def _takes(wide: str, narrow: str) -> bool:
    """One character of a pattern against one of another: `?` takes any single character, but no `*`."""
    return wide == narrow or (wide == "?" and narrow != "*")


def _ends_agree(one: str, other: str) -> bool:
    """Whether the fixed beginnings, and the fixed ends, can stand in one text."""
    heads = zip(_fixed(one), _fixed(other), strict=False)
    tails = zip(_fixed(one[::-1]), _fixed(other[::-1]), strict=False)
    return all(a == b for a, b in (*heads, *tails))


def _fixed(pattern: str) -> str:
    ends = [at for mark in "*?" if (at := pattern.find(mark)) >= 0]
    return pattern[: min(ends)] if ends else pattern


def _meet(one: str, other: str) -> bool:
    """From the ends backwards: `below[j]` says whether what is left of both after `i + 1` and `j` has a common text."""
    below = [not other[at:].strip("*") for at in range(len(other) + 1)]
    for mark in reversed(one):
        row = [False] * (len(other) + 1)
        row[-1] = mark == "*" and below[-1]
        for at in range(len(other) - 1, -1, -1):
            if mark == "*":
                row[at] = below[at] or row[at + 1]
            elif other[at] == "*":
                row[at] = row[at + 1] or below[at]
            else:
                row[at] = below[at + 1] and (mark == other[at] or "?" in (mark, other[at]))
        below = row
    return below[0]
