"""S8: an address behind several credentials, and an address that many honest people share."""

from dataclasses import replace

from pydantic import JsonValue

from investigator.domain.words import Scenario
from tests.cases.stories.scene import Player
from tests.cases.stories.story import MISUSE, Ending, Story
from tests.detections.ordinary import callers


class OneAddressManyCredentials(Story):
    """From one address somebody tries three credentials that he has, and makes a key with one."""

    scenario = Scenario.SUSPICIOUS_IP
    clock = "05:10"

    def prepare(self) -> None:
        self.dev = self.scene.user(self.company.engineer, self.company.office)

    def before(self) -> None:
        for day in range(-30, 0):
            self.scene.at("10:20", day)
            self.company.some(self.dev, "s3:ListBuckets ec2:DescribeInstances iam:GetUser", 2)
            if self.twin and day < -8:
                self._from(self.company.office)

    def _from(self, network: str) -> None:
        for one in (self.company.robot, self.dev):
            self.scene.look(one.seen_from(network), "sts:GetCallerIdentity")

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.dev.seen_from(self.abroad)

    def owner(self) -> Player:
        self.scene.at("09:40")
        return self.dev

    def deed(self, hand: Player) -> None:
        scene = self.scene
        robot = self.company.robot.seen_from(hand.network)
        scene.look(robot, "sts:GetCallerIdentity s3:ListBuckets")
        for number in range(5):
            scene.refused(
                robot, "sts:AssumeRole", {"roleArn": scene.arn("role", f"admin-{number}"), "roleSessionName": "x"}
            )
        scene.look(hand, "sts:GetCallerIdentity iam:ListUsers")
        self.made = scene.new_key(hand, self.company.robot.name)
        scene.look(self.made, "sts:GetCallerIdentity s3:ListBuckets")
        self.address = scene.address(hand)

    def worry(self) -> str:
        return f"Unusual API calls from {self.address} since yesterday. Whose credentials are they?"

    def answers(self) -> dict[str, str]:
        return {"known_ips": f"{self.company.office}.0/24"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            accused=(self.dev.key, self.company.robot.key, self.made.key), found=(self.made.key, self.address),
            spared=(self.company.administrator, self.company.second_engineer), actions=("KEY-OFF", "USER-REVOKE"),
        )  # fmt: skip


class SharedAddress(Story):
    """Everybody works through one VPN; a robot's stolen key comes through it too, and nobody else is to blame."""

    scenario = Scenario.SUSPICIOUS_IP
    clock = "12:30"

    def prepare(self) -> None:
        self.vpn = f"{self.scene.network()}.{self.scene.pick.randrange(2, 250)}"

    def before(self) -> None:
        for day in range(-30, 1):
            for person in (
                self.company.engineer,
                self.company.second_engineer,
                self.company.analyst,
                self.company.administrator,
            ):
                session = self.company.at_work(person, "11:30", day)
                self.company.some(
                    replace(session, network=self.vpn), "ec2:DescribeInstances s3:ListBuckets iam:ListRoles", 2
                )

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.company.robot.seen_from(self.vpn, callers.CLI)

    owner = thief

    def deed(self, hand: Player) -> None:
        scene = self.scene
        scene.look(hand, "sts:GetCallerIdentity iam:ListUsers")
        scene.call(
            hand,
            "iam:CreateUser",
            {"userName": "svc-sync"},
            {"user": {"userName": "svc-sync", "arn": scene.arn("user", "svc-sync")}},
        )
        rights: JsonValue = {"userName": "svc-sync", "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
        scene.call(hand, "iam:AttachUserPolicy", rights)
        self.made = scene.new_key(hand, "svc-sync")
        self.address = scene.address(hand)

    def worry(self) -> str:
        return f"GuardDuty is silent, but our monitoring shows unusual calls from {self.address} since yesterday."

    def answers(self) -> dict[str, str]:
        return {"known_ips": self.vpn, "change": "new sync job, OPS-12"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            verdicts=MISUSE, accused=(self.company.robot.key,), found=("svc-sync", self.made.key, self.address),
            spared=(*self.company.people, self.company.admin_role, self.company.engineer_role, self.address), actions=("KEY-OFF", "USER-REVOKE"),
        )  # fmt: skip
