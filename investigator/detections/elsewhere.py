"""Sequences about places: a credential far from its runtime, and a Region that nobody used before."""

from collections.abc import Iterator

from investigator.detections.fields import PUBLIC
from investigator.detections.pipeline import FORWARDED, SCOPE
from investigator.domain.event import Event
from investigator.ports.store import Evidence

_RUNTIMES = "'lambda.amazonaws.com', 'ecs-tasks.amazonaws.com', 'sagemaker.amazonaws.com'"
"""Services that fetch the credential of a function, container or notebook."""
_MARKS = ("exec-env/AWS_Lambda", "exec-env/AWS_ECS", "awslambda-worker")
"""What the libraries of AWS write into the user agent where they run in a function or container."""
_MARKED = " OR ".join(f"contains(coalesce(agent, ''), '{mark}')" for mark in _MARKS).join("()")
_DIRECT = f"(coalesce(\"key\", '') <> '' AND NOT {FORWARDED})"
_RUNTIME_KEYS = f"""
    SELECT "key" FROM events WHERE starts_with("key", 'ASIA') AND {_MARKED}
    UNION SELECT json_extract_string(response, '$.credentials.accessKeyId') FROM events
    WHERE name = 'AssumeRole' AND source = 'sts.amazonaws.com' AND invoked_by IN ({_RUNTIMES})"""
_HOMES = f"""
    SELECT "key" AS home_of, coalesce(list(ip) FILTER ({_MARKED}), [arg_min(ip, time)]) AS homes
    FROM events WHERE {_DIRECT} AND "key" IN ({_RUNTIME_KEYS}) GROUP BY "key" HAVING count(DISTINCT ip) > 1"""
_WRITES = " AND ".join(
    (
        "read_only = false",
        "outcome = 'success'",
        "source <> 'signin.amazonaws.com'",
        *(clause[0].sql for clause in SCOPE),
    )
)
_NEW_REGIONS = f"""
    SELECT new_account, new_region, begun
    FROM (SELECT account AS new_account, region AS new_region, min(time) AS begun FROM events
          WHERE {_WRITES} GROUP BY account, region)
    JOIN (SELECT account AS known, min(time) AS watched FROM events GROUP BY account) ON new_account = known
    WHERE begun >= watched + INTERVAL 1 DAY"""


def runtime_credential_elsewhere(store: Evidence) -> Iterator[Event]:
    """A key of a function, container or notebook used from another public address with an agent not of its runtime.

    A key is one when a runtime signed with it or AWS fetched it for one. Its own addresses are those of calls with the
    mark of the runtime, or else that of its first call.
    """
    away = f'EXISTS (SELECT 1 FROM ({_HOMES}) WHERE home_of = "key" AND NOT list_contains(homes, ip))'
    yield from store.matching(f"{_DIRECT} AND NOT {_MARKED} AND {PUBLIC} AND {away}")


def write_in_new_region(store: Evidence) -> Iterator[Event]:
    """What an account changed in the first hour after its first change in a Region; its evidence begins a day before.

    Reads make no Region a used one, for scanners read in all; sign-ins are recorded wherever the page stood.
    """
    begun = "new_account = account AND new_region = region AND time <= begun + INTERVAL 1 HOUR"
    yield from store.matching(f"{_WRITES} AND EXISTS (SELECT 1 FROM ({_NEW_REGIONS}) WHERE {begun})")
