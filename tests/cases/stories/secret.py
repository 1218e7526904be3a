"""S10: a secret of another provider, read by a stranger, and parameters read through a function that he changed."""

from investigator.domain.words import Scenario
from tests.cases.stories.scene import Player
from tests.cases.stories.story import CERTAIN, MISUSE, Ending, Story
from tests.detections.ordinary import callers


class SecretReadByStranger(Story):
    """The token of a payment provider is misused; somebody read it with an engineer's session."""

    scenario = Scenario.EXPOSED_SECRET
    clock = "18:40"

    def prepare(self) -> None:
        self.secret = f"{self.company.name}/payments/token"

    def before(self) -> None:
        for day in range(-30, 0):
            self.scene.call(
                self.company.machine("06:10", day), "secretsmanager:GetSecretValue", {"secretId": self.secret}
            )
            if self.twin and day % 3 == 0:
                self.deed(self.company.building("13:40", day))

    def thief(self) -> Player:
        session = self.company.at_work(self.company.engineer, "15:00")
        self.scene.at(self.clock)
        return session.seen_from(self.abroad, callers.CLI)

    def owner(self) -> Player:
        return self.company.building("13:40")

    def deed(self, hand: Player) -> None:
        scene = self.scene
        self.session = hand
        scene.look(hand, "secretsmanager:ListSecrets")
        for name in (self.secret, f"{self.company.name}/mail", f"{self.company.name}/maps"):
            scene.call(hand, "secretsmanager:DescribeSecret", {"secretId": name})
            scene.call(hand, "secretsmanager:GetSecretValue", {"secretId": name})

    def worry(self) -> str:
        return f"Our Stripe API key was used by somebody else yesterday. It is kept in Secrets Manager as secret {self.secret}. Who read it?"

    def answers(self) -> dict[str, str]:
        return {"secret": self.secret}

    def ending(self) -> Ending:
        return Ending(
            verdicts=MISUSE, accused=(self.session.key,), found=(self.secret,),
            spared=(self.company.administrator, self.company.web_role, self.company.deploy_role), actions=("SECRET-ROTATE", "IDC-DENY"),
        )  # fmt: skip


class ParametersThroughFunction(Story):
    """With a developer's key somebody changes a function's code; its role then reads every parameter."""

    scenario = Scenario.EXPOSED_SECRET
    clock = "06:20"

    def prepare(self) -> None:
        self.dev = self.scene.user(self.company.second_engineer, self.company.office)
        self.function, self.path = f"{self.company.name}-api", f"/{self.company.name}/prod"

    def before(self) -> None:
        for day in range(-30, 0):
            self.scene.at("10:40", day)
            self.company.some(self.dev, "s3:ListBuckets lambda:ListFunctions20150331 iam:GetUser", 2)
            function = self._function("02:00", day)
            self.scene.call(function, "ssm:GetParameter", {"name": f"{self.path}/database", "withDecryption": True})
            if self.twin and day % 5 == 0:
                self.deed(self.company.building("14:10", day))

    def _function(self, clock: str, day: int = 0) -> Player:
        self.scene.at(clock, day)
        return self.scene.session(f"{self.function}-role", self.function, self.company.cloud, callers.BOTO, by="lambda")

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.dev.seen_from(self.abroad)

    def owner(self) -> Player:
        return self.company.building("14:10")

    def deed(self, hand: Player) -> None:
        scene = self.scene
        scene.look(hand, "lambda:ListFunctions20150331")
        scene.call(hand, "lambda:GetFunction20150331v2", {"functionName": self.function})
        scene.call(
            hand,
            "lambda:UpdateFunctionCode20150331v2",
            {"functionName": self.function},
            {"functionName": self.function},
        )
        scene.call(hand, "lambda:Invoke", {"functionName": self.function})
        function = scene.session(f"{self.function}-role", self.function, self.company.cloud, callers.BOTO, by="lambda")
        scene.call(function, "ssm:GetParametersByPath", {"path": self.path, "recursive": True, "withDecryption": True})

    def worry(self) -> str:
        return f"The database password that is kept as parameter {self.path}/database was posted in a forum this morning. Who read this secret since yesterday?"

    def ending(self) -> Ending:
        return Ending(
            verdicts=CERTAIN, accused=(self.dev.key,), found=(self.function, f"{self.function}-role"),
            spared=(self.company.administrator, self.company.deploy_role), actions=("KEY-OFF", "USER-REVOKE"),
        )  # fmt: skip
