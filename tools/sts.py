"""Questions to STS: who asks, and to which account a key belongs."""

from collections.abc import Iterator

from investigator.domain.observation import Observation
from investigator.domain.paths import first_text
from investigator.domain.words import EntityKind
from investigator.ports.aws import Aws
from investigator.ports.tool import HOME, tool

from ._inputs import Everything, OneKey
from ._states import Seen, ref


@tool("As whom does the assistant ask?", permissions={"sts:GetCallerIdentity"}, where=HOME)
def caller(inputs: Everything, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("sts", "GetCallerIdentity"):
        entity = ref(EntityKind.PRINCIPAL, first_text(page.body, "Arn"))
        yield Seen(page, aws).state("caller", entity, keys=("Account", "Arn", "UserId"))


@tool("Which account does this access key belong to?", permissions={"sts:GetAccessKeyInfo"}, where=HOME)
def key_account(inputs: OneKey, aws: Aws) -> Iterator[Observation]:
    for page in aws.pages("sts", "GetAccessKeyInfo", AccessKeyId=inputs.key):
        yield Seen(page, aws).state("key_account", ref(EntityKind.ACCESS_KEY, inputs.key), keys=("Account",))
