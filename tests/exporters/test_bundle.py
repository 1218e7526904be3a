"""The bundle: everything that the case cites, redacted, with hashes, and the same bytes every time."""

import hashlib
import io
import json
import zipfile

from investigator.domain.canonical import canonical, loads
from tests.support.bundles import ToldEvidence, exported
from tests.support.documents import COST, ct, document, records

CASE_FILES = {"case.json", "report.html", "report.md", "timeline.csv", "coverage.json", "audit.jsonl", "manifest.json"}


def opened(document, evidence=None):
    with zipfile.ZipFile(io.BytesIO(exported("bundle", document, evidence))) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def test_a_bundle_holds_the_case_its_reports_and_what_it_cites():
    files = opened(document())

    assert {name for name in files if "/" not in name} == CASE_FILES
    assert len(files["records/records.jsonl"].splitlines()) == 9
    assert sum(name.startswith("answers/") for name in files) == 2


def test_two_bundles_of_one_case_differ_only_in_measures_and_manifest():
    busy = document().measures.model_copy(update={"seconds": 99.5, "case": "999999999999"})
    one, other = opened(document()), opened(document(measures=busy))

    assert {name for name in one if one[name] != other[name]} == {"case.json", "manifest.json"}


def test_the_same_case_gives_the_same_bytes():
    assert exported("bundle", document()) == exported("bundle", document())


def test_the_manifest_ends_with_the_hash_of_the_rest():
    manifest = json.loads(opened(document())["manifest.json"])
    seal = manifest.pop("sha256")

    assert hashlib.sha256(canonical(loads(json.dumps(manifest)))).hexdigest() == seal
    assert opened(document())["manifest.json"].rstrip().endswith(f'"sha256":"{seal}"}}'.encode())


def test_the_manifest_names_the_original_bytes_of_each_record():
    files = opened(document())
    manifest = json.loads(files["manifest.json"])
    original = json.dumps(records()[4]).encode()

    assert manifest["records"][ct(5)]["original"] == hashlib.sha256(original).hexdigest()
    assert COST in manifest["answers"]
    assert all(hashlib.sha256(files[name]).hexdigest() == told for name, told in manifest["files"].items())


def test_a_record_that_cannot_be_read_again_is_left_out():
    files = opened(document(), ToldEvidence(records()[1:]))

    assert ct(1) not in json.loads(files["manifest.json"])["records"]


def test_numbers_and_repeated_keys_of_a_record_stay_as_written():
    class Odd(ToldEvidence):
        def record(self, evidence):
            found = super().record(evidence)
            return found._replace(original=found.original[:-1] + b', "size": 1.50, "size": 1e400}')

    assert b'"size":1.50,"size":1e400' in opened(document(), Odd())["records/records.jsonl"]
