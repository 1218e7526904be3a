"""Writes the saved answers of a scenario, in the layout that every folder of saved answers has."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

from investigator.demo.answers import Asked, Fault, answer
from investigator.demo.answers.paging import request_id
from investigator.demo.answers.sts import CALLER
from investigator.demo.incident import Incident
from investigator.demo.requests import requests
from investigator.domain.answers import SCHEMA, SavedError, SavedPage, answer_path
from investigator.domain.times import to_text


def write_answers(folder: Path, told: Incident) -> None:
    """`session.json`, and one file for each request that a collector makes."""
    folder.mkdir(parents=True, exist_ok=True)
    regions: list[JsonValue] = [*told.regions]
    session: dict[str, JsonValue] = {
        "schema": SCHEMA,
        "as_of": to_text(told.as_of),
        "caller": {"Account": told.account, "Arn": CALLER, "UserId": ""},
        "regions": regions,
        "cells": {told.account: regions},
    }
    (folder / "session.json").write_text(json.dumps(session, indent=1) + "\n", encoding="utf-8")
    made: set[Path] = set()
    for asked in requests(told):
        name = f"{asked.service}.{asked.operation}"
        path = folder / answer_path(name, asked.account, asked.region, asked.parameters)
        if path.parent not in made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made.add(path.parent)
        path.write_text("".join(f"{page}\n" for page in _pages(told, asked)), encoding="ascii")


def _pages(told: Incident, asked: Asked) -> Iterator[SavedPage]:
    bodies = answer(told, asked)
    if isinstance(bodies, Fault):
        yield _refusal(asked, bodies)
        return
    token = ""
    for number, body in enumerate(bodies, start=1):
        name = request_id(asked, token)
        token = str(body.get("NextToken", ""))
        yield SavedPage(parameters=asked.parameters, page=number, request_id=name, body=body, more=bool(token))


def _refusal(asked: Asked, fault: Fault) -> SavedPage:
    """What is not there is an answer; any other error is a refusal."""
    page = SavedPage(parameters=asked.parameters, status=fault.status, request_id=request_id(asked))
    if fault.missing:
        return page.model_copy(update={"body": {"Error": {"Code": fault.code, "Message": fault.message}}})
    return page.model_copy(update={"error": SavedError(code=fault.code, message=fault.message)})
