"""Questions to IAM: whose a key is, what a user or role is, and what they may do."""

from collections.abc import Iterator

from investigator.domain.observation import Observation
from investigator.domain.paths import first_text
from investigator.domain.words import EntityKind
from investigator.ports.aws import Aws
from investigator.ports.tool import HOME, tool

from ._inputs import OneUser
from ._states import Seen, elements, is_missing, pick, ref


@tool("Which access keys does this user have, and are they active?", permissions={"iam:ListAccessKeys"}, where=HOME)
def keys_of_user(inputs: OneUser, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("iam", "ListAccessKeys", UserName=inputs.user):
        seen = Seen(page, aws)
        if is_missing(page):
            yield seen.state("access_key", ref(EntityKind.PRINCIPAL, inputs.user))
        for key in elements(page.body, "AccessKeyMetadata"):
            key_id = first_text(key, "AccessKeyId")
            path = pick("AccessKeyMetadata", "AccessKeyId", key_id)
            yield seen.state(
                "access_key", ref(EntityKind.ACCESS_KEY, key_id), path, ("UserName", "Status", "CreateDate")
            )
