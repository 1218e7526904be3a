"""Networks: what an address stands for where callers are told apart by where they sit."""

import ipaddress
from functools import lru_cache


@lru_cache(maxsize=65_536)
def network_of(address: str) -> str:
    """The network that an address stands for: /24 for IPv4, /48 for IPv6, a service name as it is."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))


@lru_cache(maxsize=65_536)
def is_address(text: str) -> bool:
    """Whether sourceIPAddress is an IP address, not the name of a service."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
