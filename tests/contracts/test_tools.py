"""Every tool of the catalog keeps the contract: known facts, real read-only permissions, one input model a name."""

import json
from collections import defaultdict
from importlib import import_module

import botocore.session
import pytest
from botocore.exceptions import UnknownServiceError
from investigator.tools import CATALOG
from investigator.tools._allowed import NEVER, READ_LIST, RESULT_OF, TOKEN_OF, allowed
from investigator.tools._guard import _SERVICE_OF_ID
from investigator.tools._policy import BASE, permissions, readable_actions, session_policy

from investigator.ports.tool import Tool, Where

TOOLS = [each for name in CATALOG for each in vars(import_module(name)).values() if isinstance(each, Tool)]
MODELS = botocore.session.get_session()
ON_AWS = [tool for tool in TOOLS if tool.where is not Where.LOGS]
WRITES = ("Put", "Create", "Delete", "Update", "Attach", "Detach", "Modify", "Run", "Start", "Stop", "Terminate")


def paginated(service: str) -> frozenset[str]:
    """The operations that botocore knows how to page; none for a service without a list."""
    try:
        return frozenset(MODELS.get_component("data_loader").load_service_model(service, "paginators-1")["pagination"])
    except UnknownServiceError:
        return frozenset()


def named(tool: Tool) -> str:
    return f"{tool.source}.{tool.name}"


@pytest.mark.parametrize("tool", TOOLS, ids=named)
def test_every_input_is_a_known_fact(tool: Tool) -> None:
    assert tool.facts.keys() == tool.inputs.model_fields.keys()


@pytest.mark.parametrize("tool", TOOLS, ids=named)
def test_a_tool_is_a_question(tool: Tool) -> None:
    assert tool.question.endswith("?")


@pytest.mark.parametrize("tool", ON_AWS, ids=named)
def test_every_permission_is_on_the_read_list(tool: Tool) -> None:
    assert tool.permissions
    assert tool.permissions <= readable_actions()


def test_alternatives_share_their_input_model() -> None:
    models = defaultdict(set)
    for tool in TOOLS:
        models[tool.name].add(tool.inputs)

    assert [name for name, inputs in models.items() if len(inputs) > 1] == []


def test_a_name_stands_once_in_a_source() -> None:
    assert len({(tool.source, tool.name) for tool in TOOLS}) == len(TOOLS)


@pytest.mark.parametrize("name", RESULT_OF)
def test_every_listed_operation_is_real_and_has_the_member_that_a_reply_must_hold(name: str) -> None:
    service, _, operation = name.partition(":")
    model = MODELS.get_service_model(service).operation_model(operation)

    assert not RESULT_OF[name] or RESULT_OF[name] in model.output_shape.members
    assert not model.has_streaming_output


@pytest.mark.parametrize("name", RESULT_OF)
def test_the_paging_member_is_that_of_the_model(name: str) -> None:
    service, _, operation = name.partition(":")
    model = MODELS.get_service_model(service).operation_model(operation)
    if operation not in paginated(service):
        return
    token = TOKEN_OF[service]

    assert token in model.input_shape.members
    assert token in model.output_shape.members


def test_the_read_list_is_short_explained_and_without_writes_or_secrets() -> None:
    assert len(RESULT_OF) <= 200
    assert all(reason for reason, _, _ in READ_LIST)
    assert not any(name.partition(":")[2].startswith(WRITES) for name in RESULT_OF)
    assert not NEVER & RESULT_OF.keys()
    assert not allowed("secretsmanager", "GetSecretValue")


def test_the_second_wall_knows_every_service_by_its_event_name() -> None:
    for service in {name.partition(":")[0] for name in RESULT_OF}:
        event_name = MODELS.get_service_model(service).service_id.hyphenize()
        assert _SERVICE_OF_ID.get(event_name, event_name) == service


def test_the_policy_permits_exactly_what_the_tools_ask() -> None:
    [reads, never] = permissions(ON_AWS)["Statement"]

    assert set(reads["Action"]) == BASE.union(*(tool.permissions for tool in ON_AWS))
    assert "secretsmanager:GetSecretValue" in never["Action"]
    assert not any("*" in action for action in reads["Action"])


def test_the_policy_of_few_tools_is_small() -> None:
    keys = [tool for tool in TOOLS if named(tool) == "iam.keys_of_user"]

    assert permissions(keys)["Statement"][0]["Action"] == [
        "ec2:DescribeRegions",
        "iam:ListAccessKeys",
        "sts:GetCallerIdentity",
    ]


def test_the_session_policy_fits() -> None:
    assert len(session_policy()) <= 2_048
    assert json.loads(session_policy())["Version"] == "2012-10-17"
