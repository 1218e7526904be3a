"""S5: a password guessed, and a session stolen from a browser."""

from pydantic import JsonValue

from investigator.domain.words import Scenario
from tests.cases.stories.scene import Player
from tests.cases.stories.story import Ending, Story
from tests.detections.ordinary import callers


class PasswordGuessed(Story):
    """Seven failures, then a success without MFA; within the hour there is a key of her own."""

    scenario = Scenario.CONSOLE_LOGIN
    clock = "03:35"

    def prepare(self) -> None:
        self.person = self.company.analyst
        self.pages: list[Player] = []

    def before(self) -> None:
        for day in range(-30, 0, 2):
            self.scene.at("08:30", day)
            session = self.scene.sign_in(self.person, self.company.office, mfa=False)
            self.company.some(session, "s3:ListBuckets athena:ListWorkGroups quicksight:ListDashboards", 2)

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return Player(self.person, "IAMUser", callers.BROWSER, self.abroad)

    def owner(self) -> Player:
        self.scene.at("08:35")
        return Player(self.person, "IAMUser", callers.BROWSER, self.company.office)

    def deed(self, hand: Player) -> None:
        scene = self.scene
        for _ in range(7):
            scene.sign_in(self.person, hand.network, mfa=False, error="Failed authentication")
        session = scene.sign_in(self.person, hand.network, mfa=False)
        scene.look(session, "iam:ListUsers iam:ListAccessKeys s3:ListBuckets secretsmanager:ListSecrets")
        self.session, self.made = session, scene.new_key(session, self.person)
        scene.look(self.made, "sts:GetCallerIdentity s3:ListBuckets")

    def worry(self) -> str:
        return f"Many failed console logins of {self.person} since yesterday, and then one that worked."

    def answers(self) -> dict[str, str]:
        return {"mfa": "yes"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            accused=(self.session.key, self.made.key, self.scene.arn("user", self.person)), found=(self.made.key, self.abroad),
            spared=(self.company.administrator, self.company.robot.name), actions=("USER-REVOKE", "KEY-OFF"),
        )  # fmt: skip


class SessionStolen(Story):
    """A cookie out of a browser: the same session elsewhere changes the MFA device, and makes a sign-in link."""

    scenario = Scenario.CONSOLE_LOGIN
    clock = "13:25"

    def prepare(self) -> None:
        self.person = self.company.engineer
        self.device = f"phone-{self.scene.pick.randrange(1000)}"

    def before(self) -> None:
        for day in range(-30, 0):
            self.scene.at("09:15", day)
            self.company.some(
                self.scene.sign_in(self.person, self.company.office),
                "ec2:DescribeInstances s3:ListBuckets iam:GetUser",
                2,
            )

    def thief(self) -> Player:
        return self.owner().seen_from(self.abroad)

    def owner(self) -> Player:
        self.scene.at("12:50")
        session = self.scene.sign_in(self.person, self.company.office)
        self.scene.look(session, "ec2:DescribeInstances")
        self.scene.at(self.clock)
        return session

    def deed(self, hand: Player) -> None:
        scene, user = self.scene, {"userName": self.person}
        self.session = hand
        scene.call(hand, "iam:ListMFADevices", user)
        scene.call(hand, "iam:DeactivateMFADevice", {**user, "serialNumber": scene.arn("mfa", self.person)})
        serial = scene.arn("mfa", self.device)
        made: JsonValue = {"virtualMFADevice": {"serialNumber": serial}}
        scene.call(hand, "iam:CreateVirtualMFADevice", {"virtualMFADeviceName": self.device, "path": "/"}, made)
        scene.call(hand, "iam:EnableMFADevice", {**user, "serialNumber": serial})
        scene.call(hand, "signin:GetSigninToken", None, {"GetSigninToken": "Success"}, eventType="AwsConsoleSignIn")
        scene.look(hand, "iam:ListRoles s3:ListBuckets secretsmanager:ListSecrets")

    def worry(self) -> str:
        return f"{self.person} got a mail that the MFA device of the console sign-in was changed yesterday."

    def answers(self) -> dict[str, str]:
        return {"mfa": "yes"} if self.twin else {"mfa": "no"}

    def ending(self) -> Ending:
        return Ending(
            accused=(self.session.key, self.scene.arn("user", self.person)), found=(self.device,),
            spared=(self.company.administrator, self.company.robot.name), actions=("MFA-OFF", "USER-REVOKE"),
        )  # fmt: skip
