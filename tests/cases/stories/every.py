"""Every story, two for each scenario."""

from tests.cases.stories import (
    address,
    bucket,
    escalation,
    instance,
    leaked_key,
    leaver,
    mining,
    secret,
    sign_in,
    tampering,
)
from tests.cases.stories.story import Story

STORIES: tuple[type[Story], ...] = (
    leaked_key.KeyMinesAbroad, leaked_key.KeyMakesAnotherUser,
    instance.CredentialsLeaveTheMachine, instance.StrangerOnTheMachine,
    mining.MachinesInUnusedRegions, mining.ContainersAndNotebooks,
    bucket.BucketOpenedToEverybody, bucket.BucketHeldToRansom,
    sign_in.PasswordGuessed, sign_in.SessionStolen,
    escalation.ShadowAdministrator, escalation.TrustInStrangers,
    leaver.KeyAfterLeaving, leaver.DataBeforeLeaving,
    address.OneAddressManyCredentials, address.SharedAddress,
    tampering.FilesChangedByCommand, tampering.LoginKeyPushed,
    secret.SecretReadByStranger, secret.ParametersThroughFunction,
)  # fmt: skip
