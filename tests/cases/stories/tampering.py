"""S9: files of a server changed, by a command through Systems Manager, and by a login key pushed from outside."""

from pydantic import JsonValue

from investigator.domain.words import Scenario
from tests.cases.stories.scene import Player
from tests.cases.stories.story import MISUSE, Ending, Story
from tests.detections.ordinary import callers


class FilesChangedByCommand(Story):
    """With an engineer's stolen session somebody runs a script on both web servers."""

    scenario = Scenario.FILE_TAMPERING
    clock = "01:45"

    def thief(self) -> Player:
        session = self.company.at_work(self.company.engineer, "00:20")
        self.scene.at(self.clock)
        return session.seen_from(self.abroad, callers.CLI)

    def owner(self) -> Player:
        return self.company.at_work(self.company.administrator, "10:45")

    def deed(self, hand: Player) -> None:
        scene = self.scene
        self.session = hand
        scene.look(hand, "ssm:DescribeInstanceInformation")
        for machine in self.company.machines:
            asked: JsonValue = {
                "documentName": "AWS-RunShellScript",
                "instanceIds": [machine],
                "parameters": "HIDDEN_DUE_TO_SECURITY_REASONS",
            }
            scene.call(
                hand,
                "ssm:SendCommand",
                asked,
                {"command": {"commandId": scene.fill("<uuid>"), "instanceIds": [machine]}},
            )
        scene.look(hand, "ssm:ListCommandInvocations")

    def worry(self) -> str:
        return f"The file /usr/sbin/sshd on {self.company.machines[0]} was changed since yesterday; the checksum is not that of the package."

    def answers(self) -> dict[str, str]:
        return {"change": "patches of OpenSSH, CHG-7"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            verdicts=MISUSE, accused=(self.session.key,), found=self.company.machines,
            spared=(self.company.administrator, self.company.robot.name), actions=("SNAP", "IDC-DENY"),
        )  # fmt: skip


class LoginKeyPushed(Story):
    """A robot's key pushes an SSH key to a server and opens its serial console; a web shell stays."""

    scenario = Scenario.FILE_TAMPERING
    clock = "23:05"

    def prepare(self) -> None:
        self.instance = self.company.machines[0]

    def thief(self) -> Player:
        self.scene.at(self.clock)
        return self.company.robot.seen_from(self.abroad)

    def owner(self) -> Player:
        return self.company.at_work(self.company.second_engineer, "11:05")

    def deed(self, hand: Player) -> None:
        scene, on = self.scene, {"instanceId": self.instance}
        scene.look(hand, "ec2:DescribeInstances")
        scene.call(hand, "ec2:GetConsoleOutput", on)
        scene.call(hand, "ec2:EnableSerialConsoleAccess", None, {"serialConsoleAccessEnabled": True})
        scene.call(
            hand,
            "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
            {**on, "serialPort": 0, "sSHPublicKey": "ssh-ed25519 AAAA"},
        )
        scene.call(
            hand,
            "ec2-instance-connect:SendSSHPublicKey",
            {**on, "instanceOSUser": "ec2-user", "sSHPublicKey": "ssh-ed25519 AAAA"},
        )

    def worry(self) -> str:
        return (
            f"There is a web shell /var/www/html/up.php on {self.instance} since yesterday."
            if not self.twin
            else f"The file /etc/ssh/sshd_config on {self.instance} was modified since yesterday."
        )

    def answers(self) -> dict[str, str]:
        return {"change": "repair of the SSH configuration, INC-31"} if self.twin else {}

    def ending(self) -> Ending:
        return Ending(
            verdicts=MISUSE, accused=(self.company.robot.key,), found=(self.instance,),
            spared=(self.company.administrator, self.company.second_engineer), actions=("SNAP", "KEY-OFF"),
        )  # fmt: skip
