"""The ordinary life of a small company before a story: who works there, from where, and what each does every day."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

from tests.cases.stories.scene import Player, Scene
from tests.detections.ordinary import callers
from tests.detections.ordinary.life import PEOPLE, WORDS

DAYS = 32
_LOOKS = (
    "ec2:DescribeInstances ec2:DescribeSecurityGroups cloudwatch:GetMetricData logs:FilterLogEvents iam:ListRoles "
    "lambda:ListFunctions20150331 rds:DescribeDBInstances s3:ListBuckets cloudformation:DescribeStacks ecs:ListClusters"
)
_SCANS = (
    "iam:ListUsers iam:ListRoles iam:ListAccessKeys iam:GetCredentialReport s3:ListBuckets s3:GetBucketPolicy "
    "ec2:DescribeSecurityGroups ec2:DescribeInstances cloudtrail:DescribeTrails guardduty:ListDetectors kms:ListKeys "
    "rds:DescribeDBInstances lambda:ListFunctions20150331 secretsmanager:ListSecrets"
)
_RELEASE = (
    "cloudformation:DescribeStacks ecr:DescribeImages ecs:DescribeServices lambda:GetFunction20150331v2 iam:GetRole "
    "ssm:GetParameter"
)


class Company:
    """The people, pipelines and machines of an account."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        pick = scene.pick
        self.name = pick.choice(WORDS)
        self.office, self.cloud, self.factory, self.auditors = (scene.network() for _ in range(4))
        """Networks of the people, of the machines in AWS, of the build service, of the scanner."""
        self.people = tuple(f"{one}.{pick.choice(WORDS)}" for one in pick.sample(PEOPLE, 5))
        self.administrator, self.engineer, self.second_engineer, self.leaver, self.analyst = self.people
        self.admin_role, self.engineer_role = (
            f"AWSReservedSSO_{name}_{pick.getrandbits(64):016x}" for name in ("AdministratorAccess", "PowerUserAccess")
        )
        self.deploy_role = pick.choice(("ci-release", "deploy-pipeline", "terraform-apply", "delivery"))
        self.web_role = f"{self.name}-web"
        self.machines = (scene.named("i"), scene.named("i"))
        self.robot = scene.user(f"svc-{pick.choice(WORDS)}", self.cloud)
        self.data = f"{self.name}-{pick.choice(WORDS)}-{pick.randrange(100, 999)}"
        self.trail = f"{self.name}-trail"

    def live(self) -> None:
        """The month before, a day at a time."""
        for day in range(-DAYS, 0):
            for habit in (self.robots, self.machines_work, self.release, self.scan):
                habit(day)
            for person, role in self._staff():
                self.work(day, person, role)

    def _staff(self) -> Iterator[tuple[str, str]]:
        for person in self.people:
            yield person, self.admin_role if person == self.administrator else self.engineer_role

    def at_work(self, person: str, clock: str, days: int = 0) -> Player:
        """A person who signs in through single sign-on in the office."""
        self.scene.at(clock, days)
        role = self.admin_role if person == self.administrator else self.engineer_role
        return self.scene.session(role, f"{person}@example.com", self.office, callers.BROWSER)

    def building(self, clock: str, days: int = 0) -> Player:
        """The pipeline that runs."""
        self.scene.at(clock, days)
        run = f"run-{self.scene.pick.randrange(10**6)}"
        return self.scene.session(self.deploy_role, run, self.factory, callers.TERRAFORM, by="codebuild")

    def scanning(self, clock: str, days: int = 0) -> Player:
        """The scanner that runs."""
        self.scene.at(clock, days)
        return self.scene.session("security-audit", "audit", self.auditors, callers.BOTO, by="ecs-tasks")

    def machine(self, clock: str, days: int = 0, number: int = 0) -> Player:
        """A web server with fresh credentials."""
        self.scene.at(clock, days)
        return self.scene.session(self.web_role, self.machines[number], self.cloud, by="ec2")

    def work(self, day: int, person: str, role: str) -> None:
        if (self.scene.day + timedelta(days=day)).weekday() < 5:
            one = self.at_work(
                person, f"{self.scene.pick.randrange(7, 11):02d}:{self.scene.pick.randrange(60):02d}", day
            )
            self.some(one, _LOOKS, 4)

    def robots(self, day: int) -> None:
        self.scene.at("04:10", day)
        self.scene.object(self.robot, "PutObject", self.data, f"daily/{day + 40}.csv")
        self.some(self.robot, "s3:ListBuckets cloudwatch:PutMetricData", 1)

    def machines_work(self, day: int) -> None:
        for number in range(2):
            one = self.machine(f"{1 + number:02d}:20", day, number)
            self.scene.object(one, "GetObject", self.data, f"web/{number}.json")
            self.some(one, "sqs:ReceiveMessage dynamodb:GetItem ssm:GetParameter", 2)

    def release(self, day: int) -> None:
        one = self.building(f"{self.scene.pick.randrange(12, 16)}:05", day)
        self.some(one, _RELEASE, 3)
        if day % 3 == 0:
            self.scene.call(one, "lambda:UpdateFunctionCode20150331v2", {"functionName": f"{self.name}-api"})

    def scan(self, day: int) -> None:
        if day % 2 == 0:
            self.scene.look(self.scanning("03:30", day), _SCANS)

    def some(self, who: Player, actions: str, number: int) -> None:
        """So many of these reads."""
        self.scene.look(who, " ".join(self.scene.pick.sample(actions.split(), number)))

    def often(self, days: tuple[int, ...], occasion: Callable[[int], object]) -> None:
        """An occasion on each of these days."""
        for day in days:
            occasion(day)

    def owner_of(self, player: Player) -> Player:
        """The player where the machines of the company are."""
        return replace(player, network=self.cloud)
