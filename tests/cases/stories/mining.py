"""S3: somebody else computes at our cost, on machines in Regions that nobody uses, and in containers and notebooks."""

from pydantic import JsonValue

from investigator.domain.words import Scenario
from tests.cases.stories.scene import Player
from tests.cases.stories.story import MISUSE, Ending, Story
from tests.detections.ordinary import callers


class MachinesInUnusedRegions(Story):
    """A robot's key starts GPU machines in three Regions, and protects them from being terminated."""

    scenario = Scenario.COST_SPIKE

    def prepare(self) -> None:
        self.machines = {region: self.scene.named("i") for region in self.scene.others[:3]}

    def before(self) -> None:
        if self.twin:
            self.company.often((-30, -20, -10), lambda day: self.deed(self.company.building(self.clock, day)))

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.company.robot.seen_from(self.abroad)

    def owner(self) -> Player:
        return self.company.building(self.clock)

    def deed(self, hand: Player) -> None:
        scene = self.scene
        scene.look(hand, "sts:GetCallerIdentity ec2:DescribeRegions")
        for region, machine in self.machines.items():
            with scene.in_region(region):
                scene.call(hand, "servicequotas:ListServiceQuotas", {"serviceCode": "ec2"})
                group = scene.named("sg")
                scene.call(hand, "ec2:CreateSecurityGroup", {"groupName": "workers"}, {"groupId": group})
                asked: JsonValue = {
                    "instanceType": "g4dn.12xlarge",
                    "instancesSet": {"items": [{"minCount": 8, "maxCount": 8}]},
                }
                scene.call(hand, "ec2:RunInstances", asked, {"instancesSet": {"items": [{"instanceId": machine}]}})
                kept: JsonValue = {"instanceId": machine, "disableApiTermination": {"value": True}}
                scene.call(hand, "ec2:ModifyInstanceAttribute", kept, {"_return": True})

    def worry(self) -> str:
        return "Our EC2 costs tripled since yesterday, in Regions where we have nothing. Somebody may be mining."

    def answers(self) -> dict[str, str]:
        return {"cost_normal": "yes, the training runs in other Regions are planned"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            accused=(self.company.robot.key,), found=(*self.machines.values(), *self.machines),
            spared=(self.company.deploy_role, self.company.administrator), actions=("KEY-OFF", "EC2-STOP", "SNAP", "GUARD-REGION"),
        )  # fmt: skip


class ContainersAndNotebooks(Story):
    """An engineer's stolen session asks for higher quotas, and computes in containers, a function and a notebook."""

    scenario = Scenario.COST_SPIKE
    clock = "19:50"

    def prepare(self) -> None:
        self.cluster, self.function, self.notebook = (f"{self.scene.fill('<word>')}" for _ in range(3))

    def thief(self) -> Player:
        session = self.company.at_work(self.company.analyst, "14:00")
        self.scene.at(self.clock)
        return session.seen_from(self.abroad, callers.BOTO)

    def owner(self) -> Player:
        return self.company.at_work(self.company.analyst, "14:00")

    def deed(self, hand: Player) -> None:
        scene, role = self.scene, self.scene.arn("role", self.company.web_role)
        self.session = hand
        scene.look(hand, "sts:GetCallerIdentity servicequotas:ListServiceQuotas")
        scene.call(
            hand,
            "servicequotas:RequestServiceQuotaIncrease",
            {"serviceCode": "fargate", "quotaCode": "L-3032A538", "desiredValue": 4000},
        )
        scene.call(hand, "ecs:CreateCluster", {"clusterName": self.cluster}, {"cluster": {"clusterName": self.cluster}})
        image: JsonValue = {"name": "worker", "image": "docker.io/library/alpine:3", "cpu": 16384}
        scene.call(
            hand,
            "ecs:RegisterTaskDefinition",
            {"family": self.cluster, "cpu": "16384", "memory": "32768", "containerDefinitions": [image]},
        )
        scene.call(
            hand,
            "ecs:CreateService",
            {"cluster": self.cluster, "serviceName": "worker", "desiredCount": 60, "launchType": "FARGATE"},
        )
        scene.call(
            hand,
            "lambda:CreateFunction20150331",
            {"functionName": self.function, "role": role, "timeout": 900, "memorySize": 10240},
        )
        scene.call(
            hand,
            "sagemaker:CreateNotebookInstance",
            {"notebookInstanceName": self.notebook, "instanceType": "ml.p3.8xlarge", "roleArn": role},
        )

    def worry(self) -> str:
        return "Budget alarm: Fargate and SageMaker charges went up steeply since yesterday."

    def answers(self) -> dict[str, str]:
        return {"change": "load test of the new service, CHG-88"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            verdicts=MISUSE, accused=(self.session.key,), found=(self.cluster, self.function, self.notebook),
            spared=(self.company.administrator, self.company.deploy_role), actions=("IDC-DENY",),
        )  # fmt: skip
