"""Rights evaluated again: the policies of saved authorization details, read anew, against what a claim says of them."""

from functools import lru_cache

from investigator.domain.claim import Permits, Reaches
from investigator.domain.permissions.account import Account
from investigator.domain.permissions.levels import ServiceReach, services
from investigator.domain.permissions.rights import Answer, decide
from investigator.domain.permissions.targets import trusts_service
from investigator.domain.permissions.trust import ASSUME, may_assume
from investigator.proof.answers import whole_answer


def unmet_by_details(predicate: Permits | Reaches, pages: bytes) -> str:
    """Why the policies do not say so; "" when they do."""
    account = _account(pages)
    if isinstance(predicate, Reaches):
        return _unreached(predicate, account)
    says = _answer(predicate, account)
    if says is predicate.says:
        return ""
    return f"{predicate.action} of {predicate.principal} on {predicate.resource} is {says.value}"


@lru_cache(maxsize=2)
def _account(pages: bytes) -> Account:
    return Account(whole_answer(pages))


def _answer(predicate: Permits, account: Account) -> Answer:
    principal, role = predicate.principal, predicate.resource
    to_assume = predicate.action == ASSUME and role in account.roles
    if to_assume and not principal.startswith("arn:"):
        return Answer.ALLOWED if trusts_service(account, role, principal) else Answer.NOT_ALLOWED
    if to_assume and account.holds(principal):
        return may_assume(account, principal, role).answer
    return decide(account.rights(principal), predicate.action, role).answer


def _unreached(predicate: Reaches, account: Account) -> str:
    claimed = ServiceReach(
        predicate.service, predicate.levels, predicate.but, is_open=predicate.whole, only_if=predicate.conditional
    )
    told = services(account.rights(predicate.principal))
    return "" if claimed in told else f"{predicate.principal} has other rights in {predicate.service}"
