"""Folders of Sigma rules of others: what runs, what does not and why, and files that mean harm."""

import json
import os
from pathlib import Path

import pytest

from investigator.__main__ import main
from investigator.detections.documents import LARGEST
from investigator.detections.loader import Rules, load_rules
from tests.evidence.trails import record, trail, write

HEAD = "title: Foreign\nlogsource: {product: aws, service: cloudtrail}\nlevel: high\n"
GOOD = HEAD + "detection:\n  s: {eventName: DeleteTrail}\n  condition: s\n"
SELECT = HEAD + "detection:\n  s: {%s}\n  condition: s\n"
SERVICE = {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}
LAUGHS = "\n".join(
    [
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]",
        *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)),
    ]
)
MERGED = "\n".join(
    ["a0: &a0 {x: y}", *(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 12))]
)
LAUGHED = HEAD + LAUGHS + "\ndetection:\n  s: {eventName: *a9}\n  condition: s\n"


def loaded(home: Path, content: str | bytes) -> Rules:
    (home / "rule.yml").write_bytes(content if isinstance(content, bytes) else content.encode())
    (home / "good.yaml").write_text(GOOD)
    return load_rules(home)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        # YAML that is none, or that grows
        pytest.param(LAUGHED, "more than 20,000 values", id="billion laughs"),
        pytest.param(HEAD + "detection: &d\n  s: *d\n  condition: s\n", "more than 40 deep", id="recursion in a map"),
        pytest.param(HEAD + "detection:\n  s: &s [*s]\n  condition: s\n", "more than 40 deep", id="recursion in a list"),
        pytest.param("&a [*a]", "no map", id="recursion alone"),
        pytest.param("a: " + "[" * 100_000, "not YAML", id="opened and never closed"),
        pytest.param("a: " + "[" * 500 + "]" * 500, "more than 40 deep", id="nested lists"),
        pytest.param("{a: " * 500 + "1" + "}" * 500, "more than 40 deep", id="nested maps"),
        pytest.param("- " * 100_000 + "x", "not YAML", id="nested dashes"),
        pytest.param("a: 1\n b: 2\n", "not YAML", id="bad indent"),
        pytest.param("a: *nobody", "not YAML", id="alias of nothing"),
        pytest.param("!!python/object/apply:os.system [true]", "not YAML", id="a tag that runs something"),
        pytest.param("a: !!timestamp x", "not YAML", id="a time that is none"),
        pytest.param("a: !!bool perhaps", "not YAML", id="a truth that is none"),
        pytest.param("a: !!int ''", "not YAML", id="a number that is none"),
        pytest.param(f"a: {'9' * 5_000}", "not YAML", id="a number of many digits"),
        pytest.param(LAUGHED.replace("x, " * 9 + "x", "[], " * 9 + "[]"), "more than 20,000 values", id="laughs of empty lists"),
        pytest.param(MERGED, "merge key", id="merge keys that multiply"),
        pytest.param("? [a, b]\n: 1", "not YAML", id="a list as a key"),
        pytest.param("? {a: b}\n: 1", "not YAML", id="a map as a key"),
        pytest.param("\x00\x01", "not YAML", id="control characters"),
        pytest.param("just words", "no map", id="a text"),
        pytest.param("[1, 2]", "no map", id="a list"),
        pytest.param("", "without a rule", id="nothing"),
        pytest.param("---\n---\n", "without a rule", id="empty documents"),
        pytest.param("# only a comment", "without a rule", id="a comment"),
        pytest.param(b"\xff\xfe\x00t", "not UTF-8", id="UTF-16"),
        pytest.param(b"title: \xe9t\xe9", "not UTF-8", id="Latin-1"),
        pytest.param("a: x" + "x" * LARGEST, "more than 1,048,576 bytes", id="huge"),
        pytest.param(SELECT % ("eventName: [" + "x, " * 30_000 + "x]"), "more than 20,000 values", id="many values"),
        pytest.param(HEAD + "1: 2\ndetection: {s: {a: b}, condition: s}", "the key 1", id="a number as a key"),
        pytest.param(HEAD + "detection:\n  s: {true: b}\n  condition: s", "the key True", id="a truth as a field"),
        # values of a wrong kind
        pytest.param("logsource: {product: aws}\ndetection: {s: {a: b}, condition: s}", "title", id="no title"),
        pytest.param("title: [x]\nlogsource: {product: aws}\ndetection: {s: {a: b}, condition: s}", "itle", id="a list as title"),
        pytest.param("title: x\ndetection: {s: {a: b}, condition: s}", "log source", id="no log source"),
        pytest.param("title: x\nlogsource: aws\ndetection: {s: {a: b}, condition: s}", "ogsource", id="a text as log source"),
        pytest.param("title: x\nlogsource: {product: [aws]}\ndetection: {s: {a: b}, condition: s}", "logs of", id="a list as product"),
        pytest.param("title: x\nlogsource: {product: windows}\ndetection: {s: {a: b}, condition: s}", "logs of windows", id="other logs"),
        pytest.param(HEAD, "detection", id="no detection"),
        pytest.param(HEAD + "detection: x", "not valid Sigma", id="a text as detection"),
        pytest.param(HEAD + "detection: []", "not valid Sigma", id="a list as detection"),
        pytest.param(HEAD + "detection: {s: {a: b}}", "condition", id="no condition"),
        pytest.param(HEAD + "detection: {condition: s}", "No detections", id="no selection"),
        pytest.param(HEAD + "detection: {s: {a: b}, condition: 5}", "not valid Sigma", id="a number as condition"),
        pytest.param(HEAD + "detection: {s: {a: b}, condition: []}", "condition", id="a list without conditions"),
        pytest.param(HEAD + "detection: {s: {a: b}, condition: {x: y}}", "not valid Sigma", id="a map as condition"),
        pytest.param(HEAD + "detection: {s: {}, condition: s}", "empty", id="an empty selection"),
        pytest.param(HEAD + "detection: {s: null, condition: s}", "without a field", id="a null selection"),
        pytest.param(HEAD + "detection: {s: [[]], condition: s}", "Null value|empty|not valid", id="empty lists"),
        pytest.param(SELECT % "eventName: {a: b}", "not valid Sigma", id="a map as value"),
        pytest.param(SELECT % "eventName: [[a]]", "not valid Sigma", id="a list in a list"),
        pytest.param(SELECT % "eventName: 2024-01-01", "not valid Sigma", id="a date as value"),
        pytest.param(SELECT % "eventName: .inf", "not valid Sigma", id="no end of a number"),
        pytest.param(SELECT % "eventName: .nan", "not valid Sigma", id="no number"),
        pytest.param(SELECT % f"eventName: 1{'0' * 400}", "not valid Sigma", id="a number beyond all"),
        pytest.param(SELECT % "'eventName|contains': 5", "incompatible", id="contains a number"),
        pytest.param(SELECT % "'eventName|gt': five", "incompatible", id="more than a word"),
        pytest.param(SELECT % "'eventName|exists': maybe", "incompatible", id="exists perhaps"),
        pytest.param(SELECT % "'eventName|unheard': x", "Unknown modifier", id="unknown modifier"),
        pytest.param(SELECT % "'eventName|re': [1, null]", "no text", id="numbers as expressions"),
        pytest.param(SELECT % "'eventName|cidr': 10.0.0.1/8", "CIDR", id="a network with host bits"),
        pytest.param(SELECT % "'eventName|base64': 'a*'", "wildcards", id="wildcards in base64"),
        pytest.param(SELECT % "'eventName|wide': ä", "ascii", id="wide beyond ASCII"),
        pytest.param(SELECT % "'eventName|windash': 'a -b -c -d -e -f'", "windash", id="dashes that multiply"),
        pytest.param(SELECT % "'investigator.unheard': x", "investigator.unheard", id="a field that we do not have"),
        pytest.param(SELECT % "'requestParameters.a[0]': x", "field part", id="an index in a field"),
        pytest.param(SELECT % "'requestParameters.a\"b': x", "field part", id="a quote in a field"),
        pytest.param(SELECT % "'requestParameters..a': x", "field part", id="two dots in a field"),
        pytest.param(GOOD.replace("high", "urgent"), "level", id="unknown level"),
        pytest.param(GOOD + "tags: attack.t1", "tags", id="a text as tags"),
        pytest.param(GOOD + "id: five", "UUID|id", id="an id that is none"),
        pytest.param(GOOD + "investigator: {mood: x}", "mood", id="an unknown part of ours"),
        pytest.param(GOOD + "investigator: [x]", "investigator", id="a list as part of ours"),
        # conditions
        pytest.param(GOOD.replace("condition: s", "condition: t"), "its condition", id="names nothing"),
        pytest.param(GOOD.replace("condition: s", "condition: 1 of t*"), "its condition", id="pattern of nothing"),
        pytest.param(GOOD.replace("condition: s", "condition: s | count() > 5"), "its condition", id="the old aggregations"),
        pytest.param(GOOD.replace("condition: s", "condition: 2 of s*"), "its condition", id="two of"),
        pytest.param(GOOD.replace("condition: s", f"condition: {'(' * 500}s{')' * 500}"), "nested too deeply", id="parentheses"),
        pytest.param(GOOD.replace("condition: s", "condition: " + "not " * 500 + "s"), "nested too deeply", id="not not not"),
        pytest.param(GOOD.replace("condition: s", "condition: " + "s or " * 5_000 + "s"), "too long", id="long"),
        pytest.param(
            HEAD + "detection:\n  s: {eventName: [" + "x, " * 9_000 + "x]}\n  condition: " + "1 of s* or " * 500 + "s", "too many values", id="multiplied",
        ),
        # what is not run
        pytest.param(SELECT % "'eventName|expand': '%names%'", "placeholders", id="a placeholder"),
        pytest.param(SELECT % "'eventName|re|expand': '%names%'", "placeholders", id="a placeholder in an expression"),
        pytest.param(SELECT % "'eventName|re': 'a(?=b)'", "look-around", id="look-ahead"),
        pytest.param(SELECT % "'eventName|re': '(?<!a)b'", "look-around", id="look-behind"),
        pytest.param(SELECT % r"'eventName|re': '(a)\1'", "RE2", id="back-reference"),
        pytest.param(SELECT % "'eventName|re': '['", "RE2", id="an expression that is none"),
        pytest.param(SELECT % "'eventName|re': '(a{1000}){1000}'", "RE2", id="repetitions that multiply"),
        pytest.param(SELECT % f"'eventName|re': '{'a' * 6000}'", "more than 5,000 characters", id="a long expression"),
        pytest.param(HEAD + "filter: {rules: any, s: {a: b}, condition: not s}", "`filter`", id="a filter"),
        pytest.param("action: global\n" + GOOD, "`action`", id="an action"),
        pytest.param("title: x\ncorrelation: 5", "orrelation", id="a number as correlation"),
        pytest.param("title: x\ncorrelation: {}", "orrelation", id="an empty correlation"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_run_is_named_with_its_reason_and_stops_no_other(tmp_path: Path, content: str | bytes, reason: str) -> None:  # fmt: skip
    rules = loaded(tmp_path, content)

    [refusal] = rules.refused
    assert refusal.path == "rule.yml"
    assert any(part in refusal.reason for part in reason.split("|")), refusal.reason
    assert [rule.name for rule in rules] == ["good"]


def test_what_is_no_file_is_refused_unread(tmp_path: Path) -> None:
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "nowhere.yml").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe.yml")

    rules = load_rules(tmp_path)

    assert [(refusal.path, refusal.reason) for refusal in rules.refused] == [
        (name, "not a regular file") for name in ("folder.yml", "nowhere.yml", "pipe.yml")
    ]


def test_each_document_of_a_file_is_a_rule(tmp_path: Path) -> None:
    (tmp_path / "many.yml").write_text(f"{GOOD}---\n{HEAD}---\n{GOOD}")

    rules = load_rules(tmp_path)

    assert [rule.name for rule in rules] == ["many-1", "many-3"]
    assert [refusal.path for refusal in rules.refused] == ["many.yml#2"]


def test_aliases_that_stay_small_are_fine(tmp_path: Path) -> None:
    text = HEAD + "detection:\n  a: &a {eventName: x}\n  b: *a\n  condition: a or b\n"

    assert [rule.name for rule in loaded(tmp_path, text)] == ["good", "rule"]


def test_a_mark_before_the_text_is_no_trouble(tmp_path: Path) -> None:
    assert [rule.name for rule in loaded(tmp_path, b"\xef\xbb\xbf" + GOOD.encode())] == ["good", "rule"]


class Told:
    """`detect` over one small log file, with a folder of rules beside it."""

    def __init__(self, home: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.rules, self._home, self._capture = home / "rules", home, capture
        self.rules.mkdir()
        events = (
            record(
                1, eventName="DeleteTrail", userIdentity=SERVICE, eventType="AwsServiceEvent", errorCode="AccessDenied"
            ),
            record(2, eventName="GetTrail"),
        )
        write(home / "logs" / "a.json.gz", trail(*events))

    def __call__(self, *words: str) -> tuple[int, str, str]:
        self._capture.readouterr()
        code = main(["detect", str(self._home / "logs"), *words, "--case-dir", str(self._home / "cases")])
        return code, *self._capture.readouterr()


@pytest.fixture
def detect(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Told:
    return Told(tmp_path, capsys)


def test_rules_of_others_run_as_they_are_written(detect: Told) -> None:
    """A denied call of a service: no rule of ours takes it at its full level."""
    (detect.rules / "trail.yml").write_text(GOOD)

    code, out, _ = detect("--rules", str(detect.rules), "--json")

    told = json.loads(out)
    assert (code, told["rules"], told["refused"]) == (0, 1, [])
    assert [(hit["title"], hit["level"], hit["event_ids"]) for hit in told["hits"]] == [
        ("Foreign", "high", ["event-1"])
    ]


def test_what_is_not_run_is_told_on_the_screen_and_in_json(detect: Told) -> None:
    (detect.rules / "deep").mkdir()
    (detect.rules / "deep" / "windows.yml").write_text(GOOD.replace("aws", "windows"))
    (detect.rules / "trail.yml").write_text(GOOD)

    code, out, told = detect("--rules", str(detect.rules))
    document = json.loads(detect("--rules", str(detect.rules), "--json")[1])

    assert code == 0
    assert "Foreign" in out
    assert "deep/windows.yml: logs of windows" in told
    assert document["refused"] == [{"path": "deep/windows.yml", "reason": "logs of windows"}]


def test_a_file_that_cannot_be_read_is_damage(detect: Told) -> None:
    (detect.rules / "bad.yml").write_bytes(b"\xff")

    code, out, told = detect("--rules", str(detect.rules))

    assert (code, out) == (4, "")
    assert "none of 0 rules" in told
    assert "bad.yml: not UTF-8" in told


def test_a_folder_without_rules_is_a_mistake(detect: Told) -> None:
    code, _, told = detect("--rules", str(detect.rules))

    assert code == 2
    assert "--rules" in told
    assert "holds no file that ends in .yml or .yaml" in told


def test_a_folder_that_is_not_there_is_a_mistake(detect: Told) -> None:
    assert detect("--rules", str(detect.rules / "gone"))[0] == 2


def test_without_the_option_the_shipped_rules_run_and_json_is_the_list_of_hits(detect: Told) -> None:
    code, out, _ = detect("--json")

    assert code == 0
    assert isinstance(json.loads(out), list)


def test_a_name_that_would_move_the_cursor_is_shown_harmless(detect: Told) -> None:
    (detect.rules / "a\x1b[2Jb.yml").write_text("x")

    assert "\x1b" not in detect("--rules", str(detect.rules))[2]


def test_a_very_wide_rule_still_runs(detect: Told) -> None:
    names = ", ".join(f"'*name{number}*'" for number in range(5_000))
    (detect.rules / "wide.yml").write_text(SELECT % f"requestParameters.a: [{names}]")
    (detect.rules / "long.yml").write_text(GOOD.replace("condition: s", f"condition: {' and '.join(['s'] * 500)}"))
    (detect.rules / "deep.yml").write_text(GOOD.replace("condition: s", "condition: " + "not (" * 98 + "s" + ")" * 98))

    code, out, _ = detect("--rules", str(detect.rules), "--json")

    told = json.loads(out)
    assert (code, told["refused"], told["rules"]) == (0, [], 3)
    assert sorted(hit["name"] for hit in told["hits"]) == ["deep", "long"]
