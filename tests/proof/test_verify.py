"""A bundle is checked again on any machine, and every change to it is named."""

import json
import os
import random
import subprocess
import sys
import zipfile

import pytest

from investigator.domain.claim import Claim, Exists
from investigator.proof.verify import verify
from tests.support.bundles import changed, write_bundle
from tests.support.documents import BUILD, KEYS, SECRET, ct, document, records, write_logs

CHANGES = 5_000 if os.environ.get("INVESTIGATOR_SOAK") else 200
PORTIONS = [range(start, start + CHANGES // 4) for start in range(0, CHANGES, CHANGES // 4)]
"""Seeds of changes, in portions that tests can share out."""


@pytest.fixture
def bundle(tmp_path):
    return write_bundle(tmp_path / "case.zip", document())


@pytest.fixture
def logs(tmp_path):
    folder = tmp_path / "logs"
    folder.mkdir()
    write_logs(folder)
    return folder


def named(verification):
    return {fault.what for fault in verification.faults}


def replaced(old, new):
    return lambda content: content.replace(old.encode(), new.encode())


def test_an_untouched_bundle_holds_and_says_what_needs_the_originals(bundle):
    found = verify(bundle, None)

    assert (found.holds, found.claims.held, found.claims.failed) == (True, 7, ())
    assert found.claims.needs_originals == ("c7", "c8")


def test_with_the_originals_everything_is_checked(bundle, logs):
    found = verify(bundle, logs)

    assert found.holds, found.faults
    assert found.claims.held == 9


def test_the_verification_has_the_shape_that_scripts_rely_on(bundle):
    plain = json.loads(verify(bundle, None).model_dump_json())

    assert plain == {
        "holds": True,
        "claims": {"held": 7, "failed": [], "needs_originals": ["c7", "c8"]},
        "faults": [],
    }


def test_a_changed_record_is_named_and_so_are_the_claims_that_no_longer_hold(bundle):
    found = verify(changed(bundle, "records/records.jsonl", replaced("CreateAccessKey", "ListAccessKeys")), None)

    assert not found.holds
    assert ct(5) in named(found)
    assert {"c2"} <= set(found.claims.failed)


def test_a_changed_claim_is_named(bundle):
    found = verify(changed(bundle, "case.json", replaced("made a second access key", "made no key")), None)

    assert {"c2", "case.json"} <= named(found)


def test_a_changed_answer_is_named(bundle):
    [file] = [
        name
        for name in zipfile.ZipFile(bundle).namelist()
        if b"AccessKeyMetadata" in zipfile.ZipFile(bundle).read(name) and name.startswith("answers/")
    ]
    found = verify(changed(bundle, file, replaced("Active", "Inactive")), None)

    assert KEYS in named(found)
    assert found.claims.failed == ("c5",)


def test_a_changed_audit_line_breaks_the_chain_at_the_line_after_it(bundle):
    found = verify(changed(bundle, "audit.jsonl", replaced('"page":1', '"page":7')), None)

    assert "line 2 does not follow the line before it" in {fault.reason for fault in found.faults}


def test_a_cut_audit_log_is_noticed(bundle):
    found = verify(changed(bundle, "audit.jsonl", lambda log: log[: log.rindex(b"{")]), None)

    assert "its last line is not the one that the manifest names" in {fault.reason for fault in found.faults}


def test_an_added_file_is_named(bundle):
    with zipfile.ZipFile(bundle, "a") as zipped:
        zipped.writestr("records/planted.jsonl", "{}")

    assert "records/planted.jsonl" in named(verify(bundle, None))


def test_a_record_that_the_originals_hold_otherwise_is_named(bundle, logs):
    told = records()
    told[6]["eventTime"] = "2026-01-27T03:59:00Z"
    write_logs(logs, told)

    found = verify(bundle, logs)

    assert {fault.what for fault in found.faults if fault.kind == "original"} == {ct(7)}
    assert "c4" in found.claims.failed


def test_a_record_left_out_of_the_originals_is_named_and_breaks_the_count(bundle, logs):
    write_logs(logs, records()[1:])

    found = verify(bundle, logs)

    assert ct(1) in named(found)
    assert "c7" in found.claims.failed


def test_copies_of_a_record_count_once(bundle, logs):
    (logs / "again.json").write_text(json.dumps({"Records": records()[:3]}))

    assert verify(bundle, logs).holds


def test_a_record_more_breaks_the_claims_of_completeness(bundle, logs):
    more = {**records()[0], "eventID": "planted"}
    (logs / "more.json").write_text(json.dumps([more]))

    assert verify(bundle, logs).claims.failed == ("c7",)


def test_no_secret_enters_a_bundle(bundle):
    with zipfile.ZipFile(bundle) as zipped:
        everything = b"".join(zipped.read(name) for name in zipped.namelist())

    assert SECRET.encode() not in everything
    assert b"FwoGZXIvYXdzE" not in everything
    assert f"[redacted: secretAccessKey, {len(SECRET)}]".encode() in everything
    assert BUILD.encode() in everything


def test_what_is_no_bundle_does_not_hold(tmp_path):
    path = tmp_path / "case.zip"
    path.write_bytes(b"PK\x03\x04 not really")

    found = verify(path, None)

    assert not found.holds
    assert found.faults


def test_a_claim_about_a_redacted_value_waits_for_the_originals(tmp_path, logs):
    about_secret = Exists(where="responseElements.accessKey.secretAccessKey>=a")
    claim = Claim(id="c1", text="…", basis="observed", predicates=(about_secret,), evidence=(ct(5),), holds=True)
    bundle = write_bundle(tmp_path / "case.zip", document(claims=(claim,)))

    assert verify(bundle, None).claims.needs_originals == ("c1",)
    assert verify(bundle, logs).claims.held == 1


class Change:
    """One byte of a file becomes another."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self.line = b""
        """The line that is changed, as it was."""

    def __call__(self, content: bytes) -> bytes:
        at = self._chance.randrange(len(content) - 1)
        other = self._chance.choice([byte for byte in b'0aZ {}",:x' if byte != content[at]])
        line = content[: at + 1].count(b"\n") - (content[at : at + 1] == b"\n")
        self.line = content.splitlines()[line]
        return content[:at] + bytes([other]) + content[at + 1 :]


@pytest.mark.parametrize("seeds", PORTIONS)
def test_any_single_change_is_named(bundle, seeds):
    whole = bundle.read_bytes()
    for seed in seeds:
        chance = random.Random(seed)
        target = chance.choice(["records/records.jsonl", "case.json", "manifest.json", "audit.jsonl", "coverage.json"])
        bundle.write_bytes(whole)
        change = Change(chance)

        found = verify(changed(bundle, target, change), None)

        assert not found.holds, seed
        assert target in named(found), seed
        if target.startswith("records"):
            assert json.loads(change.line)["id"] in named(found) or any(
                what.startswith("line") or what.startswith("ct:") for what in named(found)
            ), seed


@pytest.mark.parametrize("seeds", PORTIONS)
def test_any_single_change_of_a_cited_original_is_named(bundle, logs, seeds):
    [path] = logs.iterdir()
    whole = path.read_text(encoding="utf-8")
    [*cited] = cited_in(bundle)
    for seed in seeds:
        chance = random.Random(seed)
        evidence = chance.choice(cited)
        start, end = span_of(whole, evidence.removeprefix("ct:"))
        before = whole[start:end].encode()
        path.write_bytes(whole[:start].encode() + Change(chance)(before) + whole[end:].encode())

        found = verify(bundle, logs)

        assert evidence in named(found), seed


def cited_in(bundle):
    with zipfile.ZipFile(bundle) as zipped:
        return [json.loads(line)["id"] for line in zipped.read("records/records.jsonl").splitlines()]


def span_of(text, event_id):
    """Where the record with this eventID stands."""
    start = text.index("[") + 1
    while True:
        start += len(text[start:]) - len(text[start:].lstrip(" ,\n"))
        record, end = json.JSONDecoder().raw_decode(text, start)
        if record["eventID"] == event_id:
            return start, end
        start = end


def test_verifying_needs_no_database_and_no_network_library(bundle):
    script = (
        "import sys; from pathlib import Path; from investigator.proof.verify import verify; "
        f"assert verify(Path({str(bundle)!r}), None).holds; "
        "print([name for name in ('duckdb', 'pyarrow', 'msgspec', 'boto3', 'jinja2', 'socket') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert "duckdb" not in told.stdout
    assert "pyarrow" not in told.stdout
    assert "boto3" not in told.stdout


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_zip_never_holds_unless_every_file_in_it_is_whole(bundle, seed):
    def files():
        with zipfile.ZipFile(bundle) as zipped:
            return {name: zipped.read(name) for name in zipped.namelist()}

    before, whole = files(), bundle.read_bytes()
    at = random.Random(seed).randrange(len(whole))
    bundle.write_bytes(whole[:at] + bytes([whole[at] ^ 0x40]) + whole[at + 1 :])

    assert not verify(bundle, None).holds or files() == before
