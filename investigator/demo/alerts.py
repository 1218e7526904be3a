"""What the detectors said: GuardDuty findings of the intrusion, and the one that Security Hub took over."""

import random
from dataclasses import dataclass
from datetime import datetime

from investigator.demo.company import (
    DEVELOPER,
    FAR,
    HOME,
    LEAKED_KEY,
    NEW_ADDRESS,
    NIGHT,
    SEED,
    clock,
)
from investigator.demo.intrusion import MACHINES
from investigator.demo.launches import Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One GuardDuty finding: on a key that was used from somewhere, or on a machine."""

    type: str
    title: str
    description: str
    severity: float
    region: str
    first: datetime
    last: datetime
    count: int
    key: str = ""
    user: str = ""
    address: str = ""
    machine: Machine | None = None

    @property
    def id(self) -> str:
        """32 hex digits, as GuardDuty gives them."""
        return f"{random.Random(f'{SEED}/{self.type}/{self.region}').getrandbits(128):032x}"


def findings_of_the_intrusion() -> tuple[Finding, ...]:
    """One on the key, where it was first used, and one on a machine that talks to a mining pool."""
    key = Finding(
        type="UnauthorizedAccess:IAMUser/MaliciousIPCaller.Custom",
        title=f"API calls with the access key of {DEVELOPER} from an address on a custom threat list.",
        description=f"APIs were invoked from the IP address {NEW_ADDRESS} on the custom threat list halyard-threats.",
        severity=5.0,
        region=HOME,
        first=clock(NIGHT, "22:17:04"),
        last=clock(NIGHT, "22:36:41"),
        count=31,
        key=LEAKED_KEY,
        user=DEVELOPER,
        address=NEW_ADDRESS,
    )
    mining = Finding(
        type="CryptoCurrency:EC2/BitcoinTool.B!DNS",
        title=f"The EC2 instance {MACHINES[0].id} queries a domain name of a cryptocurrency pool.",
        description=f"EC2 instance {MACHINES[0].id} queries a domain name associated with cryptocurrency activity.",
        severity=8.0,
        region=FAR,
        first=clock(NIGHT, "23:24:12"),
        last=clock(NIGHT, "23:59:40"),
        count=12,
        machine=MACHINES[0],
    )
    return (key, mining)
