"""What policies at hand cannot tell of a principal's rights."""

from collections.abc import Iterator

from investigator.domain.gap import Gap
from investigator.domain.permissions.levels import is_cut
from investigator.domain.permissions.rights import Unread, decide
from investigator.domain.permissions.trust import ASSUME, MOST_FOLLOWED
from investigator.stages.assessment.rights_told import MOST_ROLES, Holder
from investigator.stages.assessment.wording import listed, short

MOST_NAMED = 10
_ANY_ROLE = "arn:*:iam::*:role/*"


OUTSIDE = Gap.of(
    what="what bears on the rights of a user or role beside its own policies",
    why="authorization details hold no service or resource control policy, session policy or resource policy",
    effect="what a credential could do is told from identity policies, boundaries and trust policies alone: where the "
    "others deny, it is less, and where a resource's policy allows, more",
    close="organizations:ListPoliciesForTarget for the account, the policies of the resources in question, or "
    "iam:SimulatePrincipalPolicy with them",
)
"""What stands in no identity policy; it is open for every principal."""


def no_details(principal: str) -> Gap:
    """The principal of a credential is not among the details at hand."""
    return Gap.of(
        what=f"what {short(principal)} could do",
        why=f"no authorization details at hand hold {principal}",
        effect="what was done with it is told, what else it could have done is not",
        close="iam:GetAccountAuthorizationDetails of its account",
    )


def gaps_of(holder: Holder) -> Iterator[Gap]:
    """What of one principal's rights was not read or not followed."""
    account, name = holder.details.account, short(holder.principal)
    unread = (*holder.rights.unread, *holder.rights.unread_boundary)
    trusts = (account.trust(role) for role in account.roles)
    hidden = [trust for trust in trusts if isinstance(trust, Unread)]
    if unread or hidden:
        yield _unread(name, (*unread, *hidden))
    if decide(holder.rights, ASSUME, _ANY_ROLE).answer.may and _reaches_out(holder):
        yield _other_accounts(name)
    if is_cut(holder.rights) or len(holder.roles) > MOST_FOLLOWED:
        yield _cut(name)


def _unread(name: str, unread: tuple[Unread, ...]) -> Gap:
    told = listed((f"{one.policy} ({one.reason})" for one in unread), MOST_NAMED)
    return Gap.of(
        what=f"every policy that bears on {name}",
        why=f"these could not be read: {told}",
        effect="what they allow is not told, and what they deny may be told as possible",
        close="read these policies in IAM, or get the authorization details again without a filter",
    )


def _reaches_out(holder: Holder) -> bool:
    """Whether a right to assume roles is not bound to roles of its own account."""
    own = holder.principal.split(":")[4]
    scopes = decide(holder.rights, ASSUME, _ANY_ROLE).scopes
    return any(not any(f":iam::{own}:" in pattern for pattern in scope.patterns) for scope in scopes)


def _other_accounts(name: str) -> Gap:
    return Gap.of(
        what=f"which roles of other accounts {name} could assume",
        why="it may ask for them, and whether they trust it stands in those accounts",
        effect="roles outside its account are not among those that it could assume",
        close="the trust policies of roles in the other accounts; AssumeRole records there with this caller",
    )


def _cut(name: str) -> Gap:
    return Gap.of(
        what=f"everything that {name} could reach",
        why=f"its rights have too many parts, or lead to more than {MOST_FOLLOWED} roles: of at most {MOST_ROLES} "
        f"roles {MOST_FOLLOWED} are followed further",
        effect="services, roles or roles behind them may be missing",
        close="iam:SimulatePrincipalPolicy for what matters",
    )
