"""Whether a text is an address of a network, as SQL without an extension."""

from ipaddress import IPv4Network, IPv6Network

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_DOTTED = rf"{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}"
_TAIL = rf"^([0-9A-Fa-f:]*:)({_OCTET})\.({_OCTET})\.({_OCTET})\.({_OCTET})$"
_GROUPS = "(CASE WHEN coalesce({half}, '') = '' THEN []::VARCHAR[] ELSE string_split({half}, ':') END)"
_DIGITS = (
    "list_transform([string_split({text}, '::')], lambda halves: CASE WHEN len(halves) <= 2 THEN"
    " list_transform([[{left}, {right}]], lambda sides: CASE"
    " WHEN (len(halves) = 1 AND len(sides[1]) <> 8)"
    " OR (len(halves) = 2 AND len(sides[1]) + len(sides[2]) > 7) THEN NULL"
    " WHEN len(list_filter(list_concat(sides[1], sides[2]),"
    " lambda one: NOT regexp_full_match(one, '[0-9A-Fa-f]{{1,4}}'))) > 0 THEN NULL"
    " ELSE array_to_string(list_transform(list_concat(sides[1],"
    " list_resize([]::VARCHAR[], 8 - len(sides[1]) - len(sides[2]), '0'), sides[2]),"
    " lambda one: lpad(lower(one), 4, '0')), '') END)[1] END)[1]"
)
"""The 32 hexadecimal digits of an IPv6 address (RFC 4291, 2.2), null for any other text."""


def inside(network: IPv4Network | IPv6Network, text: str) -> str:
    """SQL of whether the SQL `text` is an address of the network."""
    if isinstance(network, IPv4Network):
        return f"regexp_full_match({text}, '{_pattern(network)}')"
    low, high = (f"{int(edge):032x}" for edge in (network.network_address, network.broadcast_address))
    return f"(contains({text}, ':') AND {_digits(text)} BETWEEN '{low}' AND '{high}')"


def _pattern(network: IPv4Network) -> str:
    """A regular expression for the addresses: fixed octets, the alternatives of one that is cut, any octets."""
    fixed, bits = divmod(network.prefixlen, 8)
    octets = str(network.network_address).split(".")
    parts = octets[:fixed]
    if bits:
        first = int(octets[fixed])
        parts.append(f"(?:{'|'.join(map(str, range(first, first + 2 ** (8 - bits))))})")
    return r"\.".join(parts + [_OCTET] * (4 - len(parts)))


def _digits(text: str) -> str:
    halves = [_GROUPS.format(half=f"halves[{number}]") for number in (1, 2)]
    return _DIGITS.format(text=_without_dots(text), left=halves[0], right=halves[1])


def _without_dots(text: str) -> str:
    """The address with the last four bytes, when they are written as in IPv4, as two groups."""
    pairs = " || ':' || ".join(_pair(text, place) for place in (2, 4))
    return (
        f"(CASE WHEN regexp_matches({text}, '{_TAIL}') THEN regexp_extract({text}, '{_TAIL}', 1) || {pairs}"
        f" ELSE {text} END)"
    )


def _pair(text: str, place: int) -> str:
    high, low = (f"regexp_extract({text}, '{_TAIL}', {group})::INTEGER" for group in (place, place + 1))
    return f"format('{{:x}}', 256 * {high} + {low})"
