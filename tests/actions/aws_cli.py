"""Commands as a person would run them: by a real shell, with a stand-in for `aws`, and read by the AWS CLI's own parser.

The stand-in keeps its arguments and answers something plausible. Each call is then given to the AWS CLI itself, which
reads options, shorthand and files, checks the values against the service's model, and is stopped before it sends.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_STAND_IN = r"""#!{python} -SE
import json, os, sys
words = sys.argv[1:]
program = os.path.basename(sys.argv[0])
with open(os.environ["CALLS"], "a", encoding="utf-8", errors="surrogateescape") as kept:
    kept.write(json.dumps([program, *words]) + "\n")
answers = json.loads(os.environ["ANSWERS"])
operation = words[1] if program == "aws" and len(words) > 1 else program
query = words[words.index("--query") + 1] if "--query" in words else ""
print(answers.get(f"{{operation}} {{query}}", answers.get(operation, "answer-0123456789abcdef0" if "text" in words else "{{}}")))
"""
PARAMETERS = "PrincipalType PrincipalName Action DryRun BackupS3BucketName AutomationAssumeRole InstanceId BucketName IAMResourceId"
"""What the stand-in says that every document takes."""
ANSWERS: Mapping[str, str] = {
    "openssl": "serial=0A1B2C",
    "describe-document": PARAMETERS.replace(" ", "\t"),
    "validate-policy": "0",
    "describe-organization": "999988887777",
    "get-public-access-block": '{"BlockPublicAcls": false}',
    "get-bucket-replication": '{"Role": "arn:aws:iam::111122223333:role/r", "Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::b"}}]}',
    "get-bucket-lifecycle-configuration": '{"Rules": [{"Status": "Enabled"}]}',
    "get-bucket-encryption ServerSideEncryptionConfiguration": '{"Rules": [{"BucketKeyEnabled": false}]}',
    "get-bucket-encryption ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault": '{"SSEAlgorithm": "AES256"}',
    "get-bucket-encryption ServerSideEncryptionConfiguration.Rules[0].BucketKeyEnabled==`true`": "false",
    "get-bucket-policy": '{"Version": "2012-10-17", "Statement": []}',
    "get-role": '{"Version": "2012-10-17", "Statement": []}',
}
"""What the stand-in answers to an operation, or to an operation and its query."""


@dataclass
class Shell:
    """A shell in a folder of its own; only what it runs there counts."""

    folder: Path
    answers: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    """What a person set before."""

    def run(self, script: str, *arguments: str) -> "Ran":
        """Run a text as it would be pasted, or a file with arguments."""
        programs = self.folder / "bin"
        if not programs.exists():
            programs.mkdir(parents=True)
            for name in ("aws", "openssl", "git"):
                (programs / name).write_text(_STAND_IN.format(python=sys.executable))
                (programs / name).chmod(0o755)
        calls = self.folder / "calls"
        calls.write_text("")
        environment = {
            "PATH": f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "CALLS": str(calls),
            "ANSWERS": json.dumps({**ANSWERS, **self.answers}),
            **self.variables,
        }
        command = ["sh", script, *arguments] if arguments or script.endswith(".sh") else ["sh", "-c", script]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        made = [json.loads(line) for line in calls.read_text(encoding="utf-8").splitlines()]
        return Ran(done.returncode, done.stdout, done.stderr, tuple(map(tuple, made)), self.folder)


@dataclass(frozen=True)
class Ran:
    """What a script did."""

    status: int
    said: str
    complained: str
    calls: tuple[tuple[str, ...], ...]
    folder: Path

    def asked(self) -> Iterator["Asked"]:
        """Each `aws` call as the AWS CLI understands it; files are read in the folder of the shell."""
        for program, *words in self.calls:
            if program == "aws":
                yield understood(words, self.folder)


@dataclass(frozen=True)
class Asked:
    """A call as the AWS CLI would send it, or why it would not."""

    words: tuple[str, ...]
    operation: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    complaint: str = ""


def understood(words: list[str], folder: Path) -> Asked:
    """What the AWS CLI would send for one call, with its files in the folder."""
    parser = _parser()
    assert parser.stdin
    assert parser.stdout
    parser.stdin.write(json.dumps({"words": words, "folder": str(folder)}) + "\n")
    parser.stdin.flush()
    return Asked(tuple(words), **json.loads(parser.stdout.readline()))


@cache
def _parser() -> subprocess.Popen[str]:
    """The AWS CLI, in a process that ends with this one."""
    environment = {"PATH": os.defpath, "AWS_DEFAULT_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true"}
    program = [sys.executable, str(Path(__file__).with_name("cli_parser.py"))]
    return subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


_PERSON = {"ARN": "arn:aws:iam::111122223333:role/person-set", "SIZE": "1", "DESIRED": "2"}


@cache
def variables_of(script: str) -> Mapping[str, str]:
    """Every value that a script leaves to the person, set to something plausible."""
    named = sorted(set(re.findall(r"\$\{?([A-Z][A-Z_]{2,})\b", script)))
    return {name: next((value for word, value in _PERSON.items() if word in name), "person-set") for name in named}
