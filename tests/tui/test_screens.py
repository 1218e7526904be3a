"""What each screen does, over a double."""

import pytest

from investigator.domain.words import CaseStatus, RunState
from tests.doubles import fake_case
from tests.doubles.fake_investigation import HANDLE, FakeInvestigation, finished
from tests.support.screens import SMALL, app_over, enter, lines, text, until, until_shown


def asking():
    return finished().model_copy(update={"run": RunState.ASKING, "verdict": None, "questions": fake_case.QUESTIONS})


async def test_a_handle_opens_straight_on_its_case():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")


async def test_a_worker_gets_ready_while_the_list_is_read():
    fake = FakeInvestigation()
    async with app_over(fake).run_test(size=SMALL) as pilot:
        await until_shown(pilot, "No case here yet")

    assert fake.expects_cases


async def test_an_unknown_handle_stays_on_the_list_and_says_so():
    app = app_over(FakeInvestigation(finished()), "000000000000")
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "no case 000000000000")


async def test_the_list_filters_by_words_and_esc_brings_all_back():
    fake = FakeInvestigation(finished("1", "Strange bill"), finished("2", "Leaked key"))
    app = app_over(fake)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "2 cases")
        await pilot.press("slash")
        await enter(pilot, "bill")
        await until_shown(pilot, "1 case of 2")
        assert "Leaked key" not in text(app)
        await pilot.press("escape")
        await until_shown(pilot, "Leaked key")


async def test_closing_asks_for_the_code():
    fake = FakeInvestigation(finished())
    app = app_over(fake)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "1 case")
        await pilot.press("c")
        await until_shown(pilot, "Closing is final")
        await pilot.press("down", "down", "enter")
        await until_shown(pilot, "closed")
        assert fake.view(HANDLE).case.status is CaseStatus.CLOSED


async def test_leaving_the_dialog_closes_nothing():
    fake = FakeInvestigation(finished())
    app = app_over(fake)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "1 case")
        await pilot.press("c")
        await until_shown(pilot, "Closing is final")
        await pilot.press("escape")
        await until_shown(pilot, "What happened")
        assert fake.view(HANDLE).case.status is not CaseStatus.CLOSED


async def test_a_case_without_words_is_not_opened():
    fake = FakeInvestigation()
    app = app_over(fake)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("n")
        await until_shown(pilot, "What happened?")
        await pilot.press("ctrl+s")
        await until_shown(pilot, "Say what happened first")
        assert fake.opened == []


async def test_a_case_without_evidence_is_not_opened():
    fake = FakeInvestigation()
    app = app_over(fake)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await pilot.press("n")
        await until_shown(pilot, "What happened?")
        await enter(pilot, "worry")
        await pilot.press("ctrl+s")
        await until_shown(pilot, "Name the logs")
        assert fake.opened == []


async def test_an_unanswered_interview_starts_with_defaults_when_the_time_is_over():
    fake = FakeInvestigation(asking())
    app = app_over(fake, HANDLE, patience=0.3)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        assert fake.answers == {}


async def test_the_interview_shows_how_long_it_waits():
    app = app_over(FakeInvestigation(asking()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "starts with defaults in 9:5")


async def test_an_odd_answer_is_remarked_once_and_then_kept():
    fake = FakeInvestigation(asking())
    app = app_over(fake, HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "Which access key ids?")
        await enter(pilot, "foo")
        await pilot.press("enter")
        await until_shown(pilot, "It takes an access key id that starts with AKIA")
        await pilot.press("enter")
        await until_shown(pilot, "✓ Which access key ids? foo")


async def test_the_arrow_keys_go_back_to_an_earlier_question():
    app = app_over(FakeInvestigation(asking()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "1 of 3")
        await pilot.press("enter", "up")
        await until_shown(pilot, "1 of 3")


async def test_a_run_shows_stage_pace_and_gaps():
    fake = FakeInvestigation(asking())
    app = app_over(fake, HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "1 of 3")
        await pilot.press("ctrl+s")
        await until_shown(pilot, "▸ gathering")
        await until_shown(pilot, "S3 object reads: no trail logs S3 data events")
        await until_shown(pilot, "12 of 12 calls · 1.9 a second")


async def test_a_stopped_run_says_so_and_goes_on():
    fake = FakeInvestigation(asking())
    app = app_over(fake, HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "1 of 3")
        await pilot.press("ctrl+s")
        await until_shown(pilot, "▸ gathering")
        await pilot.press("s")
        await until_shown(pilot, "stopped by the user")
        await until_shown(pilot, "Press r to go on")
        await pilot.press("r")
        await until_shown(pilot, "INCIDENT CONFIRMED")


async def test_a_sentence_opens_its_proof_and_the_proof_its_record():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("enter")
        await until_shown(pilot, "✓ holds · observed")
        await until_shown(pilot, '"eventVersion": "1.11"')
        await pilot.press("enter")
        await until_shown(pilot, "Record  ct:00000004")


async def test_an_inferred_sentence_leads_to_the_claims_that_it_rests_on():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("down", "down", "enter")
        await until_shown(pilot, "Rests on")
        await pilot.press("down", "enter")
        await until_shown(pilot, "Proof · Claim c2")


async def test_an_entity_leads_to_its_timeline():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("5", "down", "down", "enter")
        await until_shown(pilot, "2 of 7 entries")


async def test_credentials_stand_as_a_tree():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("4")
        await until_shown(pilot, f"└─ {fake_case.SECOND}")
        await until_shown(pilot, f"   └─ {fake_case.SESSION}")


async def test_going_to_a_time_of_the_same_day():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("3", "t")
        await enter(pilot, "19:10")
        await pilot.press("enter")
        await until_shown(pilot, "› 2026-01-27 19:12:07")


async def test_a_filter_that_cannot_be_read_says_what_it_takes():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("3", "slash")
        await enter(pilot, "colour=red")
        await pilot.press("enter")
        await until_shown(pilot, "the timeline has no field colour")


async def test_a_late_answer_runs_the_case_again():
    fake = FakeInvestigation(finished())
    app = app_over(fake, HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("8", "down", "enter")
        await until_shown(pilot, "late answers")
        await enter(pilot, "192.0.2.7")
        await pilot.press("enter")
        await until_shown(pilot, "✓ Which networks are yours?")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: fake.answers == {"known_ips": "192.0.2.7"})
        await until_shown(pilot, "INCIDENT CONFIRMED")


async def test_what_the_evidence_raised_is_asked_beside_the_report():
    raised = fake_case.QUESTIONS[1].model_copy(update={"round": 2})
    document = fake_case.document().model_copy(update={"questions": (fake_case.QUESTIONS[0], raised)})
    fake = FakeInvestigation(finished(), document=document)
    app = app_over(fake, HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "1 question came up that only you can")
        await pilot.press("a")
        await until_shown(pilot, "late answers")
        await until_shown(pilot, "1 of 1")
        await enter(pilot, "192.0.2.7")
        await pilot.press("enter", "ctrl+s")
        await until(pilot, lambda: fake.answers == {"known_ips": "192.0.2.7"})


async def test_without_such_a_question_there_is_no_key_for_it():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        assert "came up" not in text(app)
        assert "a Answer" not in text(app)


async def test_an_existing_file_is_never_overwritten(tmp_path):
    there = tmp_path / "report.html"
    there.write_text("mine")
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("x")
        await until_shown(pilot, "Export this case")
        await pilot.press("enter", "ctrl+u")
        await enter(pilot, str(there))
        await pilot.press("enter")
        await until_shown(pilot, "exists")
        assert there.read_text() == "mine"


async def test_help_names_every_key_of_the_footer():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=(80, 60)) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("6")
        await until_shown(pilot, "Copy undo")
        await pilot.press("question_mark")
        await until_shown(pilot, "never runs them")
        for words in ("y  Copy command", "v  Copy verify", "x  Export", "6  Go to Actions", "esc  Back"):
            assert words in text(app)


async def test_the_palette_finds_a_command_by_its_words():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("ctrl+p")
        await enter(pilot, "credentials")
        await until_shown(pilot, "Go to Credentials")
        await pilot.press("enter")
        await until_shown(pilot, "Issued to")


@pytest.mark.parametrize("key", "12345678")
async def test_every_tab_fits_a_small_terminal(key: str):
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press(key)
        await pilot.pause(0.2)
        shown = lines(app)
        assert "Questions" in shown[1]
        assert shown[-1].rstrip().endswith("? Help")


async def test_both_themes_show_the_same_words():
    app = app_over(FakeInvestigation(finished()), HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await until_shown(pilot, "? Help")
        dark = text(app).split()
        await pilot.press("ctrl+t")
        await pilot.pause(0.2)
        assert app.theme == "investigator-light"
        assert text(app).replace("▆", "").split() == [word for word in dark if word != "▆"]


async def test_a_hundred_thousand_entries_scroll_to_the_last():
    fake = FakeInvestigation(finished(), document=fake_case.document(copies=14_300))
    app = app_over(fake, HANDLE)
    async with app.run_test(size=SMALL, notifications=True) as pilot:
        await until_shown(pilot, "INCIDENT CONFIRMED")
        await pilot.press("3")
        await until_shown(pilot, "100,100 of 100,100 entries")
        await pilot.press("end")
        await until_shown(pilot, "cloudtrail:StopLogging")
        await pilot.press("slash")
        await enter(pilot, "name=CreateAccessKey")
        await pilot.press("enter")
        await until_shown(pilot, "14,300 of 100,100 entries")
