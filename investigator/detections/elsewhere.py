"""Sequences about places: a credential far from its runtime, and a Region that nobody used before."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from investigator.detections.fields import ON_INTERNET, PRIVATE, PUBLIC
from investigator.domain.event import Event
from investigator.domain.expression import Clause, Expression, Sought
from investigator.domain.search import Operator, Search, Term, any_of, equals, search
from investigator.ports.store import Evidence

WATCHED = timedelta(days=7)
"""How long the evidence of an account reaches back before a Region can be new in it."""
BOOTING = timedelta(minutes=10)
"""How long after an instance's first call its agent reports for the first time, at most."""
_RUNTIMES = ("lambda.amazonaws.com", "ecs-tasks.amazonaws.com", "sagemaker.amazonaws.com")
"""Services that fetch the credential of a function, container or notebook."""


def _matches(field: str, pattern: str, *, negated: bool = False) -> Term:
    return Term(field=field, op=Operator.MATCHES, values=(pattern,), negated=negated)


_MARK = "exec-env/AWS_Lambda|exec-env/AWS_ECS|awslambda-worker"
"""What the libraries of AWS write into the user agent where they run in a function or container."""
_MARKED, _UNMARKED = _matches("agent", _MARK), _matches("agent", _MARK, negated=True)
_DIRECT = (equals("invoked_by", "null"), _matches("ip", r"\.amazonaws\.com$", negated=True))
PUBLIC_ADDRESS = (_matches("ip", ON_INTERNET), _matches("ip", PRIVATE, negated=True))
OF_INSTANCE = _matches("session", "^i-[0-9a-zA-Z]+$")
"""A session that has the name of an instance."""
_BY_INSTANCES = search(equals("identity", "AssumedRole"), OF_INSTANCE)
_REPORTS = _BY_INSTANCES.also(
    equals("source", "ssm.amazonaws.com"), equals("name", "UpdateInstanceInformation"), equals("outcome", "success")
)
_INSTANCE_OUTSIDE: tuple[Clause, ...] = (
    (Expression("identity = 'AssumedRole'", ("identity",)),),
    (Expression("regexp_matches(session, '^i-[0-9a-zA-Z]+$')", ("session",)),),
    (Expression(PUBLIC, ("ip",)),),
    (Expression("coalesce(invoked_by, '') = ''", ("invoked_by",)),),
)
_CHANGES = search(
    equals("read_only", "false"),
    equals("outcome", "success"),
    equals("source", "signin.amazonaws.com").model_copy(update={"negated": True}),
    equals("identity", "AWSService").model_copy(update={"negated": True}),
    _matches("event_type", "(?i)^awsserviceevent$", negated=True),
    _matches("issuer", ":role/aws-service-role/", negated=True),
)


def runtime_credential_elsewhere(store: Evidence) -> Iterator[Event]:
    """A key of a function, container or notebook used from another public address with an agent not of its runtime.

    A key is one when a runtime signed with it or AWS fetched it for one. Its own addresses are those of calls with the
    mark of the runtime, or else that of its first call.
    """
    direct = any_of("key", _runtime_keys(store)).also(*_DIRECT)
    elsewhere = direct.also(_UNMARKED, *PUBLIC_ADDRESS)
    strange = frozenset(_pairs(store, elsewhere))
    homes = frozenset(_pairs(store, direct.also(_MARKED)))
    unmarked = {key for key, _ in strange} - {key for key, _ in homes}
    first = store.first_each(any_of("key", unmarked).also(*_DIRECT), "key") if unmarked else ()
    away = strange - homes - {(event.key, event.ip) for event in first}
    if away:
        calls = store.events(elsewhere.also(equals("key", *{key for key, _ in away})))
        yield from (event for event in calls if (event.key, event.ip) in away)


def _runtime_keys(store: Evidence) -> Collection[str]:
    fetched = search(
        equals("source", "sts.amazonaws.com"), equals("name", "AssumeRole"), equals("invoked_by", *_RUNTIMES)
    )
    signed = {key for (key,) in store.distinct(search(_MARKED), "key") if key.startswith("ASIA")}
    return signed.union(key for (key,) in store.distinct(fetched, "issued_key"))


def _pairs(store: Evidence, where: Search) -> Iterator[tuple[str, str]]:
    """Key and address."""
    yield from ((key, ip) for key, ip in store.distinct(where, "key", "ip"))


def instance_credential_from_the_internet(store: Evidence) -> Sought:
    """Calls with the credential of an instance from a public address that is no known one of its account.

    Known is where the agent of Systems Manager reported its own instance from, before or soon after the first call: it
    runs on the instances themselves.
    """
    began = {(call.account, call.ip): call.time for call in store.first_each(_BY_INSTANCES, "account", "ip")}
    known = sorted(
        f"'{report.account} {report.ip}'"
        for report in store.first_each(_REPORTS, "account", "ip")
        if report.asked("instanceId") == report.session and _soon(began.get((report.account, report.ip)), report.time)
    )
    strange = f"account || ' ' || ip NOT IN ({', '.join(known)})" if known else "true"
    every = " AND ".join(expression.sql for (expression,) in _INSTANCE_OUTSIDE)
    sketch = Expression(strange, ("account", "ip"))
    return Sought(None, _INSTANCE_OUTSIDE, sketch, f"coalesce({every} AND {strange}, false)")


def _soon(call: datetime | None, report: datetime | None) -> bool:
    return call is not None and report is not None and report - call <= BOOTING


def write_in_new_region(store: Evidence) -> Iterator[Event]:
    """What an account changed in the first hour after its first change in a Region, a week into its evidence or later.

    Reads make no Region a used one, for scanners read in all; sign-ins are recorded wherever the page stood.
    """
    begun = {event.account: event.time for event in store.first_each(Search(), "account")}
    for first in store.first_each(_CHANGES, "account", "region"):
        since = begun.get(first.account)
        if first.time and since and first.time - since >= WATCHED:
            there = _CHANGES.also(equals("account", first.account), equals("region", first.region))
            yield from store.events(there.within(first.time, first.time + timedelta(hours=1)))
