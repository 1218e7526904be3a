"""S6: rights that grew, through a policy version and a quiet second user, and through trust in strangers."""

from dataclasses import replace

from pydantic import JsonValue

from investigator.domain.words import Scenario
from tests.cases.stories.scene import GLOBAL, Player
from tests.cases.stories.story import CERTAIN, MISUSE, Ending, Story
from tests.detections.ordinary import callers
from tests.detections.ordinary.life import allow, policy, text


class ShadowAdministrator(Story):
    """A developer's key gives a policy a version that allows everything, and a quiet user a password and PassRole."""

    scenario = Scenario.PRIVILEGE_ESCALATION
    clock = "20:15"

    def prepare(self) -> None:
        self.dev = self.scene.user(self.company.second_engineer, self.company.office)
        self.policy = self.scene.arn("policy", f"{self.company.name}-developers")
        self.quiet = f"svc-legacy-{self.scene.pick.randrange(100)}"

    def before(self) -> None:
        for day in range(-30, 0):
            self.scene.at("10:40", day)
            self.company.some(self.dev, "s3:ListBuckets ec2:DescribeInstances iam:GetUser logs:FilterLogEvents", 2)

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.dev.seen_from(self.abroad)

    def owner(self) -> Player:
        return self.company.at_work(self.company.administrator, "15:20")

    def deed(self, hand: Player) -> None:
        scene = self.scene
        scene.call(hand, "iam:ListPolicyVersions", {"policyArn": self.policy})
        everything = text(policy({"Effect": "Allow", "Action": "*", "Resource": "*"}))
        made: JsonValue = {"policyVersion": {"versionId": "v4", "isDefaultVersion": True}}
        scene.call(
            hand,
            "iam:CreatePolicyVersion",
            {"policyArn": self.policy, "policyDocument": everything, "setAsDefault": True},
            made,
        )
        passing = text(
            policy({"Effect": "Allow", "Action": ["iam:PassRole", "ec2:RunInstances", "ssm:*"], "Resource": "*"})
        )
        scene.call(hand, "iam:PutUserPolicy", {"userName": self.quiet, "policyName": "ops", "policyDocument": passing})
        scene.call(hand, "iam:CreateLoginProfile", {"userName": self.quiet}, {"loginProfile": {"userName": self.quiet}})

    def worry(self) -> str:
        return (
            f"AWS Config says that policy {self.policy} has a new default version since yesterday, with admin rights."
            + (" Was that the reorganisation of roles?" if self.twin else " None of the people here did that.")
        )

    def answers(self) -> dict[str, str]:
        return {"change": "reorganisation of developer rights, IAM-77"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            verdicts=MISUSE, accused=(self.dev.key,), found=(self.policy, self.quiet),
            spared=(self.company.administrator, self.company.engineer), actions=("POLICY-UNDO", "USER-CONSOLE", "KEY-OFF"),
        )  # fmt: skip


class TrustInStrangers(Story):
    """An administrator's session abroad trusts another account and a new identity provider; the account comes in."""

    scenario = Scenario.PRIVILEGE_ESCALATION
    clock = "04:05"

    def prepare(self) -> None:
        pick = self.scene.pick
        self.role, self.made = f"{self.company.name}-audit", f"support-{pick.randrange(1000)}"
        self.provider = f"token.{self.scene.fill('<word>')}.example.net"

    def thief(self) -> Player:
        session = self.company.at_work(self.company.administrator, "00:30")
        self.scene.at(self.clock)
        return session.seen_from(self.abroad, callers.CLI)

    def owner(self) -> Player:
        return self.company.building(self.clock)

    def deed(self, hand: Player) -> None:
        scene = self.scene
        self.session = hand
        trusted = text(policy(allow({"AWS": f"arn:aws:iam::{scene.stranger_account}:root"}, "sts:AssumeRole")))
        scene.call(hand, "iam:UpdateAssumeRolePolicy", {"roleName": self.role, "policyDocument": trusted})
        made: JsonValue = {"role": {"roleName": self.made, "arn": scene.arn("role", self.made)}}
        scene.call(hand, "iam:CreateRole", {"roleName": self.made, "assumeRolePolicyDocument": trusted}, made)
        rights: JsonValue = {"roleName": self.made, "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
        scene.call(hand, "iam:AttachRolePolicy", rights)
        provider: JsonValue = {"openIDConnectProviderArn": scene.arn("oidc-provider", self.provider)}
        scene.call(
            hand,
            "iam:CreateOpenIDConnectProvider",
            {"url": f"https://{self.provider}", "clientIDList": ["sts.amazonaws.com"]},
            provider,
        )
        self._comes_in()

    def _comes_in(self) -> None:
        """The other account takes the new role, and looks around."""
        scene = self.scene
        scene.at("05:30")
        with scene.in_region(GLOBAL):
            visitor = Player("visitor", "AWSAccount", callers.BOTO, scene.network())
            self.visit = scene.take(visitor, self.made, "support")
            by: JsonValue = {
                "type": "AWSAccount",
                "principalId": "AIDAEXAMPLEVISITOR1",
                "accountId": scene.stranger_account,
            }
            scene.records[-1] = {**scene.records[-1], "userIdentity": by}
            scene.look(
                replace(self.visit, agent=callers.BOTO),
                "sts:GetCallerIdentity iam:ListUsers s3:ListBuckets secretsmanager:ListSecrets",
            )

    def worry(self) -> str:
        return f"The trust policy of role {self.role} changed yesterday, and there is a new role {self.made} with admin rights. Backdoor?"

    def answers(self) -> dict[str, str]:
        return {"change": "onboarding of the support vendor, IAM-80"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            verdicts=CERTAIN, accused=(self.session.key, self.visit.key), found=(self.role, self.made, self.provider, self.scene.stranger_account),
            spared=(self.company.engineer, self.company.deploy_role), actions=("ROLE-TRUST", "ROLE-REVOKE", "POLICY-UNDO"),
        )  # fmt: skip
