"""What stolen credentials did, tried and could have done: from logs and saved authorization details to every report."""

import json
from pathlib import Path

import pytest

from investigator.cli.report import print_report
from investigator.domain.answers import SavedPage, answer_path
from investigator.domain.case import OpenCase, Sources
from investigator.domain.claim import Permits, Reaches
from investigator.proof.verify import verify
from tests.support.carried import uncarried
from tests.support.incidents import KEY, WORRY, leak_logs
from tests.support.investigations import Room
from tests.support.policies import NUMBER, allow, attached, deny, details, group, managed, policy, role, trust, user

BUILD, BACKUP = f"arn:aws:iam::{NUMBER}:user/build", f"arn:aws:iam::{NUMBER}:user/backup"
ROOT = {"AWS": f"arn:aws:iam::{NUMBER}:root"}
OPERATION = "iam.GetAccountAuthorizationDetails"


def account() -> dict:
    """Build belongs to the makers, who may make keys; its boundary shuts IAM but for that."""
    limits = managed("limits", policy(allow(["s3:*", "iam:CreateAccessKey", "sts:*"])))
    boundary = {"PermissionsBoundary": {"PermissionsBoundaryArn": limits["Arn"]}}
    return details(
        users=[
            user("build", allow(["s3:*", "ec2:*"]), deny("iam:DeleteUser"), GroupList=["makers"], **boundary),
            user("backup", allow("sts:AssumeRole", f"arn:aws:iam::{NUMBER}:role/*")),
        ],
        groups=[group("makers", allow("iam:*Access*"), AttachedManagedPolicies=attached("gone"))],
        roles=[role("deploy", trust(ROOT), allow("*"))],
        policies=[limits],
    )


def saved(folder: Path, body: dict) -> Path:
    """A folder that holds the one answer, in two pages."""
    session = {
        "schema": "investigator.answers/1",
        "as_of": "2026-01-28T00:00:00Z",
        "caller": {"Account": NUMBER, "Arn": f"arn:aws:iam::{NUMBER}:user/reader", "UserId": ""},
        "regions": ["us-east-1"],
        "cells": {NUMBER: ["us-east-1"]},
    }
    first = {**body, "RoleDetailList": [], "IsTruncated": True, "Marker": "m"}
    last = {"UserDetailList": [], "GroupDetailList": [], "Policies": [], "RoleDetailList": body["RoleDetailList"]}
    pages = [SavedPage(parameters={}, page=1, body=first, more=True), SavedPage(parameters={}, page=2, body=last)]
    path = folder / answer_path(OPERATION, NUMBER, "us-east-1", {})
    path.parent.mkdir(parents=True)
    path.write_text("".join(f"{page}\n" for page in pages))
    (folder / "session.json").write_text(json.dumps(session))
    return folder


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The room and handle of a case over the stolen key's logs and the account's details."""
    folder = tmp_path_factory.mktemp("blast")
    room = Room(folder / "room")
    sources = Sources(logs=(leak_logs(folder / "logs"),), responses=saved(folder / "saved", account()))
    request = OpenCase(worry=WORRY, playbook="privilege-escalation", sources=sources, ask=False)
    return room, room.handle(request)


@pytest.fixture(scope="module")
def report(case):
    room, handle = case
    return room.investigation.document(handle)


def radius(report, principal):
    return next(one for one in report.blast if one.principal == principal)


def told(report, principal):
    claims = {claim.id: claim for claim in report.claims}
    return [claims[name].text for name in radius(report, principal).claims]


def test_done_tried_and_could_are_three_lists(report):
    build = radius(report, BUILD)
    [used] = build.used

    assert used.credential == KEY
    assert {one.action for one in used.done} == {"sts:GetCallerIdentity", "iam:ListUsers", "iam:CreateAccessKey"}
    assert [(one.action, one.count) for one in used.tried] == [("iam:CreateUser", 1)]
    assert {one.service for one in build.services} == {"iam", "s3"}


def test_a_boundary_and_a_group_decide_what_it_could_do(report):
    assert told(report, BUILD) == [
        "build could use on some resources at least, and by the names of actions, List, Read, Write, Permissions "
        "management and Tagging in s3 (on conditions); Write in iam (on conditions).",
        "build could get more rights by CreateAccessKey on backup (on conditions).",
    ]


def test_a_role_in_reach_is_told(report):
    assert "backup could assume deploy." in told(report, BACKUP)
    assert "deploy could use everything in every service." in told(report, f"arn:aws:iam::{NUMBER}:role/deploy")


def test_what_the_answer_cannot_know_is_a_gap(report):
    gaps = {gap.id: gap for gap in report.gaps}
    build = [gaps[name] for name in radius(report, BUILD).gaps]

    assert any("session policy" in gap.why for gap in build)
    assert any("gone (the authorization details do not hold it)" in gap.why for gap in build)


def test_each_sentence_is_carried_by_policies_evaluated_again(report):
    shown = {name for one in report.blast for name in one.claims}
    claims = [claim for claim in report.claims if claim.id in shown]

    assert claims
    assert all(claim.holds and claim.predicates for claim in claims)
    assert {Permits, Reaches} == {type(predicate) for claim in claims for predicate in claim.predicates}
    assert [claim.id for claim in report.claims] == [f"c{n}" for n in range(1, len(report.claims) + 1)]
    assert not uncarried(report)


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_the_section_stands_in_the_reports(case, form):
    room, handle = case
    text = b"".join(room.investigation.export(handle, form)).decode()

    assert "What the credentials could do" in text
    assert "build could get more rights by CreateAccessKey on backup (on conditions)." in text


def test_a_bundle_holds_when_it_is_checked_elsewhere(case, tmp_path):
    room, handle = case
    bundle = tmp_path / "case.zip"
    bundle.write_bytes(b"".join(room.investigation.export(handle, "bundle")))
    checked = verify(bundle, None)

    assert (checked.holds, checked.claims.failed, checked.faults) == (True, (), ())


def test_without_details_nothing_is_said_of_rights(tmp_path):
    room = Room(tmp_path / "room")
    report = room.run(OpenCase(worry=WORRY, sources=Sources(logs=(leak_logs(tmp_path / "logs"),)), ask=False))

    assert report.blast == ()


def test_of_who_is_in_no_details_it_is_said_that_nothing_is_known(tmp_path):
    room = Room(tmp_path / "room")
    answers = saved(tmp_path / "saved", details(users=[user("somebody", allow("*"))]))
    sources = Sources(logs=(leak_logs(tmp_path / "logs"),), responses=answers)
    report = room.run(OpenCase(worry=WORRY, playbook="privilege-escalation", sources=sources, ask=False))

    assert told(report, BUILD) == []
    assert any(gap.what == "what build could do" for gap in report.gaps)


def test_the_terminal_tells_it_too(report, capsys):
    print_report(report)

    told = " ".join(capsys.readouterr().out.split())
    assert "What could have been done - build could use on some resources" in told
