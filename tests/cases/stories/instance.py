"""S2: a machine's credentials used elsewhere, and a stranger who works on machines from outside."""

from pydantic import JsonValue

from investigator.domain.words import Scenario
from tests.cases.stories.scene import Player
from tests.cases.stories.story import CERTAIN, MISUSE, Ending, Story
from tests.detections.ordinary import callers


class CredentialsLeaveTheMachine(Story):
    """Through a hole in the shop somebody asks the metadata service, and reads the bucket from his own computer."""

    scenario = Scenario.COMPROMISED_INSTANCE

    def prepare(self) -> None:
        self.instance = self.company.machines[0]

    def before(self) -> None:
        if self.twin:
            self.company.often(tuple(range(-30, 0, 3)), lambda day: self.deed(self.company.machine(self.clock, day)))

    def thief(self) -> Player:
        self.session = self.company.machine("01:30")
        self.scene.object(self.session, "GetObject", self.company.data, "web/0.json")
        self.scene.at(self.clock)
        return self.session.seen_from(self.abroad, callers.CLI)

    def owner(self) -> Player:
        self.session = self.company.machine("01:30")
        self.scene.at(self.clock)
        return self.session

    def deed(self, hand: Player) -> None:
        scene, bucket = self.scene, self.company.data
        scene.look(hand, "sts:GetCallerIdentity s3:ListBuckets")
        scene.refused(hand, "iam:ListRoles")
        scene.call(hand, "s3:ListObjects", {"bucketName": bucket})
        for number in range(25):
            scene.object(hand, "GetObject", bucket, f"customers/{number:03d}.csv")

    def worry(self) -> str:
        return (
            ""
            if not self.twin
            else f"Instance {self.instance} read many customer files of bucket {self.company.data} since yesterday. Is it compromised?"
        )

    def alert(self) -> JsonValue:
        if self.twin:
            return None
        details: JsonValue = {
            "accessKeyId": self.session.key,
            "principalId": f"AROAEXAMPLE:{self.instance}",
            "userName": self.company.web_role,
            "userType": "AssumedRole",
        }
        return self.guardduty(
            "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
            {"resourceType": "AccessKey", "accessKeyDetails": details},
        )

    def ending(self) -> Ending:
        return Ending(
            verdicts=CERTAIN, accused=(self.session.key,), found=(self.company.data, "customers/000.csv"),
            spared=(self.company.robot.name, self.company.machines[1]), actions=("ROLE-REVOKE", "SNAP"),
        )  # fmt: skip


class StrangerOnTheMachine(Story):
    """With an engineer's stolen session somebody opens a shell on a server, and leaves a start-up script."""

    scenario = Scenario.COMPROMISED_INSTANCE
    clock = "22:40"

    def prepare(self) -> None:
        self.instance, self.group = self.company.machines[1], self.scene.named("sg")

    def thief(self) -> Player:
        session = self.company.at_work(self.company.second_engineer, "15:10")
        self.scene.look(session, "ec2:DescribeInstances")
        self.scene.at(self.clock)
        return session.seen_from(self.abroad, callers.CLI)

    def owner(self) -> Player:
        return self.company.at_work(self.company.second_engineer, "16:10")

    def deed(self, hand: Player) -> None:
        scene, instance = self.scene, {"instanceId": self.instance}
        self.session = hand
        scene.look(hand, "sts:GetCallerIdentity ec2:DescribeInstances ssm:DescribeInstanceInformation")
        scene.call(hand, "ssm:StartSession", {"target": self.instance}, {"sessionId": f"{hand.session}-0a1b"})
        port: JsonValue = {
            "ipProtocol": "tcp",
            "fromPort": 4444,
            "toPort": 4444,
            "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]},
        }
        scene.call(
            hand,
            "ec2:AuthorizeSecurityGroupIngress",
            {"groupId": self.group, "ipPermissions": {"items": [port]}},
            {"_return": True},
        )
        stopped: JsonValue = {"instancesSet": {"items": [instance]}}
        scene.call(hand, "ec2:StopInstances", stopped, stopped)
        scene.call(
            hand, "ec2:ModifyInstanceAttribute", {**instance, "userData": "<sensitiveDataRemoved>"}, {"_return": True}
        )
        scene.call(hand, "ec2:StartInstances", stopped, stopped)

    def worry(self) -> str:
        said = f"Our server {self.instance} was stopped and started yesterday"
        return (
            f"{said} with a new start-up script. Was the machine hacked?"
            if self.twin
            else f"{said} at night and none of us did it. Is the machine hacked?"
        )

    def answers(self) -> dict[str, str]:
        return {"change": "new agent on the web servers, CHG-2041"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            verdicts=MISUSE, accused=(self.session.key,), found=(self.instance, self.group),
            spared=(self.company.administrator, self.company.engineer, self.company.robot.name), actions=("SG-CLOSE", "SNAP", "IDC-DENY"),
        )  # fmt: skip
