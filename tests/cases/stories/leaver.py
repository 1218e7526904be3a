"""S7: somebody who left the company and still has a key, and somebody who took data and a second key before leaving."""

from datetime import timedelta

from investigator.domain.times import to_text
from investigator.domain.words import Scenario
from tests.cases.stories.scene import Player
from tests.cases.stories.story import CERTAIN, MISUSE, Ending, Story


class OfLeaver(Story):
    """A developer whose last day ends at five in the afternoon."""

    scenario = Scenario.TERMINATED_EMPLOYEE

    def prepare(self) -> None:
        self.person = self.company.leaver
        self.home = self.scene.network()
        self.dev = self.scene.user(self.person, self.company.office)
        self.left = self.scene.day + timedelta(hours=17)


class KeyAfterLeaving(OfLeaver):
    """The account of a person who left was closed; the key at home was forgotten."""

    clock = "21:05"

    def before(self) -> None:
        for day in range(-30, 0):
            self.scene.at("18:20" if day % 3 else "10:20", day)
            at = self.dev.seen_from(self.home) if day % 3 == 0 else self.dev
            self.scene.object(at, "GetObject", self.company.data, f"daily/{day + 40}.csv")
            self.company.some(at, "s3:ListBuckets secretsmanager:ListSecrets", 1)

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.dev.seen_from(self.home)

    def owner(self) -> Player:
        self.scene.at("11:30")
        return self.dev

    def deed(self, hand: Player) -> None:
        scene = self.scene
        scene.look(hand, "sts:GetCallerIdentity s3:ListBuckets secretsmanager:ListSecrets")
        scene.call(hand, "secretsmanager:GetSecretValue", {"secretId": f"{self.company.name}/database"})
        for number in range(12):
            scene.object(hand, "GetObject", self.company.data, f"daily/{number + 8}.csv")

    def worry(self) -> str:
        when = f"{self.left:%Y-%m-%d %H:%M} UTC"
        return f"{self.person} was a former employee of ours; the last day ended on {when}. Was there any data access with the credentials of {self.person}?"

    def answers(self) -> dict[str, str]:
        return {"person": self.person, "left_at": to_text(self.left)}

    def ending(self) -> Ending:
        return Ending(
            verdicts=CERTAIN, accused=(self.dev.key,), found=(self.company.data, f"{self.company.name}/database"),
            spared=(self.company.administrator, self.company.robot.name), actions=("KEY-OFF", "USER-REVOKE"),
        )  # fmt: skip


class DataBeforeLeaving(OfLeaver):
    """On the last afternoon a person copies the bucket and makes a key for a robot; the key is used from home later."""

    clock = "14:20"

    def before(self) -> None:
        for day in range(-30, 0):
            self.scene.at("10:20", day)
            self.company.some(self.dev, "s3:ListBuckets ec2:DescribeInstances iam:GetUser", 2)

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.dev

    owner = thief

    def deed(self, hand: Player) -> None:
        scene = self.scene
        for number in range(25):
            scene.object(hand, "GetObject", self.company.data, f"daily/{number + 8}.csv")
        self.made = scene.new_key(hand, self.company.robot.name)
        scene.at("20:10")
        later = self.made.seen_from(self.company.cloud if self.twin else self.home)
        scene.look(later, "sts:GetCallerIdentity s3:ListBuckets")
        scene.object(later, "GetObject", self.company.data, "daily/9.csv")

    def worry(self) -> str:
        when = f"{self.left:%Y-%m-%d %H:%M} UTC"
        return f"{self.person} left the company on {when}. Did {self.person} take anything, or keep a way in?"

    def answers(self) -> dict[str, str]:
        told = {"person": self.person, "left_at": to_text(self.left)}
        return {**told, "change": "handover of the nightly copy, OPS-90"} if self.twin else told

    def ending(self) -> Ending:
        return Ending(
            verdicts=MISUSE, accused=(self.made.key,), found=(self.company.data, self.made.key),
            spared=(self.company.administrator, self.company.engineer), actions=("KEY-OFF", "USER-REVOKE"),
        )  # fmt: skip
