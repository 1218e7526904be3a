"""The page about the API names the calls that there are."""

import re
from pathlib import Path

from tests.http.test_openapi import CONTRACT

PAGE = Path(__file__).parents[2] / "docs/api.md"


def test_every_call_is_on_the_page_and_no_other() -> None:
    named = re.findall(
        r"`(GET|POST) (/\S+)`", PAGE.read_text(encoding="utf-8").replace("{evidence id}", "{evidence_id}")
    )

    assert {f"{method.lower()} {path.replace('{format}', '{form}')}" for method, path in named} == CONTRACT
