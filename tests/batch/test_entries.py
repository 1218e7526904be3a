"""Batch files as people write them, and as they should not."""

import json
from pathlib import Path

import pytest

from investigator.batch.entries import Entry, entries, request
from investigator.batch.files import NotABatch
from investigator.domain.playbook import Playbook

ALERT = {"source": "aws.guardduty", "detail": {"severity": 8, "id": "1"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    (tmp_path / "more").mkdir()
    (tmp_path / "finding.json").write_text(json.dumps(ALERT))
    return tmp_path


def read(folder: Path, name: str, text: str) -> tuple[Entry, ...]:
    (folder / name).write_text(text, encoding="utf-8")
    return entries([folder / name])


def test_yaml_has_defaults_and_cases(folder: Path) -> None:
    first, second = read(
        folder,
        "night.yaml",
        """
        defaults: {logs: logs, playbook: leaked-access-key, answers: {known_ips: 203.0.113.0/24}}
        cases:
          - {name: build-key, worry: a key leaked, answers: {key: AKIAIOSFODNN7EXAMPLE}}
          - {alert: finding.json, logs: [logs, more]}
        """,
    )

    assert first.name == "build-key"
    assert first.logs == (folder / "logs",)
    assert first.answers == {"known_ips": "203.0.113.0/24", "key": "AKIAIOSFODNN7EXAMPLE"}
    assert (second.name, second.alert) == ("night-002", ALERT)
    assert second.logs == (folder / "logs", folder / "more")
    assert {entry.playbook for entry in (first, second)} == {"leaked-access-key"}


def test_yaml_keeps_words_as_they_stand(folder: Path) -> None:
    [entry] = read(
        folder,
        "a.yaml",
        """
        cases:
        - name: 007
          worry: "yes"
          answers: {account: 001111222233, start: 2026-01-27T19:00:00Z, change: no, key: [AKIAONE, AKIATWO], disrupt: ~}
        """,
    )

    assert entry.name == "007"
    assert entry.answers == {
        "account": "001111222233",
        "start": "2026-01-27T19:00:00Z",
        "change": "no",
        "key": "AKIAONE, AKIATWO",
        "disrupt": "null",
    }


def test_an_alert_inside_yaml_keeps_its_numbers(folder: Path) -> None:
    [entry] = read(folder, "a.yaml", "cases: [{name: x, alert: {detail: {severity: 8, time: 2026-01-27T19:00:00Z}}}]")

    assert entry.alert == {"detail": {"severity": 8, "time": "2026-01-27T19:00:00Z"}}


def test_json_lines_may_carry_defaults(folder: Path) -> None:
    lines = [
        {"defaults": {"logs": "logs"}},
        {"name": "a", "worry": "x"},
        {"name": "b", "alert": ALERT, "answers": {"disrupt": True}},
    ]

    first, second = read(folder, "a.jsonl", "\n\n".join(map(json.dumps, lines)))

    assert (first.name, first.logs) == ("a", (folder / "logs",))
    assert (second.alert, second.answers) == (ALERT, {"disrupt": "yes"})


def test_csv_has_a_column_for_each_slot(folder: Path) -> None:
    first, second = read(
        folder,
        "a.csv",
        "\ufeffname,worry,alert,logs,responses,aws,playbook,answer.key,answer.start\n"
        'one,"a key, leaked",,"logs, more",,,general,AKIAIOSFODNN7EXAMPLE,2026-01-27\n'
        "two,,finding.json,,more,prod,,,\n",
    )

    assert (first.worry, first.logs, first.playbook) == ("a key, leaked", (folder / "logs", folder / "more"), "general")
    assert first.answers == {"key": "AKIAIOSFODNN7EXAMPLE", "start": "2026-01-27"}
    assert (second.alert, second.responses, second.aws, second.answers) == (ALERT, folder / "more", "prod", {})


def test_a_folder_is_a_case_for_each_alert(folder: Path) -> None:
    alerts = folder / "alerts"
    alerts.mkdir()
    (alerts / "b.json").write_text(json.dumps(ALERT))
    (alerts / "GuardDuty finding (2).json").write_text(json.dumps(ALERT))
    (alerts / "notes.txt").write_text("no alert")
    (alerts / "more.json").mkdir()

    assert [(entry.name, entry.alert) for entry in entries([alerts])] == [("GuardDuty-finding-2", ALERT), ("b", ALERT)]


def test_a_single_alert_file_is_one_case(folder: Path) -> None:
    [entry] = entries([folder / "finding.json"])

    assert (entry.name, entry.alert) == ("finding", ALERT)


def test_json_with_cases_is_a_batch(folder: Path) -> None:
    [entry] = read(folder, "a.json", '{"defaults": {"logs": ["logs"]}, "cases": [{"name": "x", "worry": "y"}]}')

    assert entry.logs == (folder / "logs",)


def test_several_files_make_one_batch(folder: Path) -> None:
    (folder / "a.yaml").write_text("cases: [{worry: x}, {worry: y}]")
    (folder / "b.yaml").write_text("cases: [{worry: z}]")

    assert [entry.name for entry in entries([folder / "a.yaml", folder / "b.yaml"])] == ["a-001", "a-002", "b-001"]


def test_an_alert_with_what_json_writers_refuse_is_read(folder: Path) -> None:
    (folder / "odd.json").write_text('{"a": NaN, "b": "\\ud800", "c": ' + "7" * 5000 + "}")

    [entry] = read(folder, "a.yaml", "cases: [{name: x, alert: odd.json}]")

    assert entry.alert == {"a": "NaN", "b": "\\ud800", "c": "7" * 5000}
    assert len(entry.digest) == 16


def test_paths_do_not_depend_on_where_one_stands(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "cases: [{name: x, worry: y, logs: logs}]"
    [absolute] = read(folder, "a.yaml", text)
    monkeypatch.chdir(folder)

    [relative] = entries([Path("a.yaml")])

    assert relative.digest == absolute.digest


BAD_NAMES = [
    "../up",
    "a/b",
    ".hidden",
    "",
    "a" * 101,
    "-x",
    "a\x1b[2J",
    "summary.csv",
    "Batch.JSON",
    "a b",
    "caf\u00e9",
]


@pytest.mark.parametrize("name", [name for name in BAD_NAMES if name])
def test_a_name_is_the_name_of_a_folder(folder: Path, name: str) -> None:
    with pytest.raises(NotABatch, match="names a folder"):
        read(folder, "a.jsonl", json.dumps({"name": name, "worry": "x"}))


@pytest.mark.parametrize("second", ["same", "SAME"])
def test_each_name_occurs_once(folder: Path, second: str) -> None:
    with pytest.raises(NotABatch, match="occurs 2 times"):
        read(folder, "a.yaml", f"cases: [{{name: same, worry: x}}, {{name: {second}, worry: y}}]")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.yaml", "cases: [{name: x}]", "case 1: takes a worry or an alert"),
        ("a.yaml", "cases: [{name: x, worry: y, hello: z}]", "hello"),
        ("a.yaml", "- name: x", "takes `defaults`"),
        ("a.yaml", "cases: {a: b}", "cases"),
        ("a.yaml", "cases: [{name: x, worry: y, logs: nowhere}]", "nowhere is not there"),
        ("a.yaml", "cases: [{name: x, alert: finding.yaml}]", "finding.yaml"),
        ("a.yaml", "cases: [", "cannot be read"),
        ("a.yaml", "cases: [{worry: !!python/object/apply:os.system [id]}]", "cannot be read"),
        ("a.yaml", "cases: &a [*a]", "cases"),
        ("a.yaml", "", "takes `defaults`"),
        ("a.jsonl", '{"name": "x"', "cannot be read"),
        ("a.jsonl", "[1]", "takes `defaults`"),
        ("a.csv", "name,worry\nx,y,z\n", "more cells"),
        ("a.csv", 'name,worry\nx,"y\n', "cannot be read"),
        ("a.csv", "name,worry\nx,\n", "takes a worry"),
        ("a.csv", "name,worry,hello\nx,y,z\n", "hello"),
        ("a.json", "[" * 100_000, "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(folder: Path, name: str, text: str, says: str) -> None:
    with pytest.raises((NotABatch, OSError)) as fault:
        read(folder, name, text)

    assert says in str(fault.value)


def test_a_file_of_bytes_is_refused(folder: Path) -> None:
    (folder / "a.yaml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(NotABatch, match="cannot be read"):
        entries([folder / "a.yaml"])


def test_an_empty_folder_is_refused(folder: Path) -> None:
    with pytest.raises(NotABatch, match="holds no alert"):
        entries([folder / "logs"])


def test_the_playbook_of_the_batch_is_for_cases_that_name_none(folder: Path) -> None:
    book = Playbook(
        name="general",
        title="t",
        scenario="general",
        when=(),
        slots=(),
        steps=(),
        answers={"change": "none", "key": "x"},
    )
    entry = Entry(name="a", worry="x", answers={"key": "AKIA"})

    opening = request(entry, "general", book)

    assert (opening.playbook, opening.ask) == ("general", False)
    assert opening.answers == {"change": "none", "key": "AKIA"}
    assert request(entry.model_copy(update={"playbook": "cost-spike"}), "general", None).playbook == "cost-spike"
