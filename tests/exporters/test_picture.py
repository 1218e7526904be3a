"""The timeline as a picture: lanes, dots, and silences that are cut short."""

import re
from datetime import timedelta

from investigator.exporters.picture import picture
from investigator.exporters.pretty import pretty
from tests.support.documents import timeline


def test_each_tactic_has_a_lane_and_each_dot_leads_to_its_row():
    drawn = picture(timeline())

    assert re.findall(r'class="tactic"[^>]*>([^<]+)<', drawn) == [
        "Persistence",
        "Defense evasion",
        "Discovery",
        "Lateral movement",
        "Exfiltration",
        "Response",
    ]
    assert 'href="#e8"' in drawn


def test_a_long_silence_is_cut_short_and_says_how_long_it_was():
    assert re.findall(r'class="silence"[^>]*>([^<]+)<', picture(timeline())) == ["5 h"]


def test_a_refused_call_is_drawn_hollow_and_a_defenders_apart():
    drawn = picture(timeline())

    assert drawn.count('class="tried"') == 1
    assert drawn.count('class="response"') == 1


def test_undated_entries_are_left_to_the_table():
    undated = tuple(entry.model_copy(update={"time": None}) for entry in timeline())

    assert picture(undated) == ""


def test_entries_of_one_second_share_a_dot_that_counts_them():
    first = timeline()[0]
    crowd = tuple(first.model_copy(update={"id": f"e{n}"}) for n in range(250))

    assert re.findall(r'class="times"[^>]*>(\d+)<', picture(crowd)) == ["250"]


def test_everything_lies_within_the_picture():
    first = timeline()[0]
    spread = tuple(first.model_copy(update={"time": first.time + timedelta(hours=n * n)}) for n in range(60))
    xs = [float(x) for x in re.findall(r'(?:cx|x1|x2|x)="([\d.-]+)"', picture(spread))]

    assert min(xs) >= 0
    assert max(xs) <= 960


def test_evidence_is_indented_and_marked():
    assert pretty({"a": {"b": ["x", None]}, "s": "[redacted: password, 8]"}) == (
        '{\n  <b class="k">&#34;a&#34;</b>: {\n    <b class="k">&#34;b&#34;</b>: [\n      &#34;x&#34;,\n      null\n    ]\n  },\n'
        '  <b class="k">&#34;s&#34;</b>: <mark class="hidden">&#34;[redacted: password, 8]&#34;</mark>\n}'
    )
