"""S1: a leaked access key, used loudly for mining from abroad, and quietly for another user and for mail."""

from investigator.domain.words import Scenario
from tests.cases.stories.scene import Player
from tests.cases.stories.story import CERTAIN, Ending, Story
from tests.detections.ordinary.life import policy, text


class KeyMinesAbroad(Story):
    """A robot's key stood in a public repository; somebody abroad starts GPU machines with it."""

    scenario = Scenario.LEAKED_ACCESS_KEY

    def prepare(self) -> None:
        self.robot = self.company.robot
        self.far = self.scene.pick.choice(self.scene.others)
        self.machines = [self.scene.named("i") for _ in range(3)]

    def before(self) -> None:
        if self.twin:
            self.company.often((-28, -21, -14, -7), lambda day: (self.scene.at(self.clock, day), self.deed(self.robot)))

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.robot.seen_from(self.abroad)

    def owner(self) -> Player:
        self.scene.at(self.clock)
        return self.robot

    def deed(self, hand: Player) -> None:
        scene = self.scene
        scene.look(hand, "sts:GetCallerIdentity ec2:DescribeRegions iam:ListAttachedUserPolicies s3:ListBuckets")
        with scene.in_region(self.far):
            scene.look(hand, "ec2:DescribeInstances ec2:DescribeVpcs ec2:DescribeInstanceTypeOfferings")
            scene.call(
                hand, "ec2:CreateKeyPair", {"keyName": "fleet"}, {"keyName": "fleet", "keyPairId": scene.named("key")}
            )
            asked = {
                "instanceType": "g5.12xlarge",
                "keyName": "fleet",
                "instancesSet": {"items": [{"minCount": 3, "maxCount": 3}]},
            }
            scene.refused(
                hand, "ec2:RunInstances", {**asked, "instanceType": "p4d.24xlarge"}, "Client.VcpuLimitExceeded"
            )
            scene.call(
                hand,
                "ec2:RunInstances",
                asked,
                {"instancesSet": {"items": [{"instanceId": one} for one in self.machines]}},
            )

    def after(self, hand: Player) -> None:
        if not self.twin:
            admin = self.company.at_work(self.company.administrator, "07:40")
            off = {"userName": self.robot.name, "accessKeyId": self.robot.key, "status": "Inactive"}
            self.scene.call(admin, "iam:UpdateAccessKey", off)

    def worry(self) -> str:
        return (
            f"The access key {self.robot.key} of our user {self.robot.name} was found in a public GitHub repository "
            "this morning. It may have been there since yesterday. What was done with it?"
        )

    def ending(self) -> Ending:
        return Ending(
            verdicts=CERTAIN, accused=(self.robot.key,), found=(*self.machines, self.robot.key),
            spared=(self.company.administrator,), actions=("KEY-DEL", "USER-REVOKE", "SNAP"),
        )  # fmt: skip


class KeyMakesAnotherUser(Story):
    """A key out of a stolen laptop makes a quiet second user, and asks how much mail may be sent."""

    scenario = Scenario.LEAKED_ACCESS_KEY
    clock = "11:15"

    def prepare(self) -> None:
        self.dev = self.scene.user(self.company.engineer, self.company.office)
        self.made = f"ses-smtp-{self.scene.pick.randrange(10**6)}"

    def before(self) -> None:
        for day in range(-30, 0):
            self.scene.at("10:20", day)
            self.company.some(self.dev, "s3:ListBuckets ec2:DescribeInstances ses:ListIdentities iam:GetUser", 2)

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.dev.seen_from(self.abroad)

    def owner(self) -> Player:
        self.scene.at(self.clock)
        return self.dev

    def deed(self, hand: Player) -> None:
        scene, made = self.scene, self.made
        scene.look(
            hand, "sts:GetCallerIdentity iam:GetUser ses:GetSendQuota ses:ListIdentities ses:GetAccountSendingEnabled"
        )
        scene.call(
            hand, "iam:CreateUser", {"userName": made}, {"user": {"userName": made, "arn": scene.arn("user", made)}}
        )
        allowed = text(policy({"Effect": "Allow", "Action": "ses:*", "Resource": "*"}))
        scene.call(hand, "iam:PutUserPolicy", {"userName": made, "policyName": "mail", "policyDocument": allowed})
        second = scene.new_key(hand, made)
        scene.look(second, "sts:GetCallerIdentity ses:GetSendQuota")
        scene.call(second, "ses:VerifyEmailIdentity", {"emailAddress": "billing@example.net"})
        self.second = second.key

    def worry(self) -> str:
        if self.twin:
            return f"There is a new IAM user {self.made} since yesterday. Was the access key {self.dev.key} leaked, or was that our set-up of mail?"
        return f"The laptop of {self.company.engineer} was stolen yesterday; the key {self.dev.key} was on it."

    def answers(self) -> dict[str, str]:
        return {"change": "mail for the shop, ticket OPS-311"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            verdicts=CERTAIN, accused=(self.dev.key, self.second, self.scene.arn("user", self.made)),
            found=(self.made, self.second), actions=("KEY-OFF", "USER-REVOKE"),
        )  # fmt: skip
