"""S4: a bucket that everybody may read, and one held to ransom where no trail records objects."""

from pydantic import JsonValue

from investigator.domain.words import Scenario
from tests.cases.stories.scene import Player
from tests.cases.stories.story import MISUSE, Ending, Story
from tests.detections.ordinary import callers
from tests.detections.ordinary.life import allow, policy, text


class BucketOpenedToEverybody(Story):
    """With a robot's key the guard of a bucket is taken away; then everybody may read it, and somebody does."""

    scenario = Scenario.S3_EXFILTRATION

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.company.robot.seen_from(self.abroad)

    def owner(self) -> Player:
        return self.company.building(self.clock)

    def deed(self, hand: Player) -> None:
        scene, bucket = self.scene, self.company.data
        scene.call(hand, "s3:GetBucketPolicy", {"bucketName": bucket})
        scene.call(hand, "s3:DeleteBucketPublicAccessBlock", {"bucketName": bucket})
        opened = text(policy(allow("*", "s3:GetObject", f"arn:aws:s3:::{bucket}/*")))
        scene.call(hand, "s3:PutBucketPolicy", {"bucketName": bucket, "bucketPolicy": opened})
        reader = Player("anonymous", "Unknown", callers.CLI, self.abroad if not self.twin else scene.network())
        nobody: JsonValue = {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}
        for number in range(30):
            of: JsonValue = {"bucketName": bucket, "key": f"daily/{number + 8}.csv"}
            scene.call(reader, "s3:GetObject", of, userIdentity=nobody)

    def worry(self) -> str:
        if self.twin:
            return f"Bucket {self.company.data} is public since yesterday. Was data taken from it?"
        return f"Files of our bucket {self.company.data} turned up for sale this morning. The bucket may be public since yesterday."

    def answers(self) -> dict[str, str]:
        return (
            {"change": "the bucket now serves our public site", "data_class": "public: pictures of the site"}
            if self.twin
            else {}
        )

    def ending(self) -> Ending:
        return Ending(
            accused=(self.company.robot.key,), found=(self.company.data, "daily/8.csv"),
            spared=(self.company.administrator, self.company.deploy_role), actions=("S3-BLOCK", "KEY-OFF"),
        )  # fmt: skip


class BucketHeldToRansom(Story):
    """An administrator's session abroad suspends versions, lets objects expire, and copies them to another account."""

    scenario = Scenario.S3_EXFILTRATION
    clock = "23:20"

    def prepare(self) -> None:
        self.scene.logs_objects = False
        self.away = f"copy-{self.scene.pick.getrandbits(32):08x}"

    def thief(self) -> Player:
        session = self.company.at_work(self.company.administrator, "16:00")
        self.scene.at(self.clock)
        return session.seen_from(self.abroad, callers.CLI)

    def owner(self) -> Player:
        return self.company.at_work(self.company.administrator, "16:00")

    def deed(self, hand: Player) -> None:
        scene, bucket = self.scene, self.company.data
        self.session = hand
        scene.look(hand, "s3:ListBuckets")
        scene.call(hand, "s3:GetBucketVersioning", {"bucketName": bucket})
        target: JsonValue = {"Bucket": f"arn:aws:s3:::{self.away}", "Account": scene.stranger_account}
        copies: JsonValue = {
            "Role": scene.arn("role", "replicator"),
            "Rule": {"Status": "Enabled", "Destination": target},
        }
        scene.call(hand, "s3:PutBucketReplication", {"bucketName": bucket, "ReplicationConfiguration": copies})
        scene.call(
            hand, "s3:PutBucketVersioning", {"bucketName": bucket, "VersioningConfiguration": {"Status": "Suspended"}}
        )
        soon: JsonValue = {"Rule": {"ID": "cleanup", "Status": "Enabled", "Expiration": {"Days": 1}}}
        scene.call(hand, "s3:PutBucketLifecycle", {"bucketName": bucket, "LifecycleConfiguration": soon})

    def worry(self) -> str:
        if self.twin:
            return f"Objects of bucket {self.company.data} are gone since yesterday. Was it ransom, or our move to the archive account?"
        return f"We got a ransom mail: objects of our bucket {self.company.data} were deleted last night, and they want money."

    def answers(self) -> dict[str, str]:
        return {"change": "move to the archive account, CHG-512"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            verdicts=MISUSE, accused=(self.session.key, scene_account(self)), found=(self.company.data, self.away),
            spared=(self.company.robot.name, self.company.deploy_role), gaps=("reads",),
            actions=("S3-LIFECYCLE-UNDO", "S3-VERSIONING", "IDC-DENY"),
        )  # fmt: skip


def scene_account(story: Story) -> str:
    """The account outside the company."""
    return story.scene.stranger_account
