"""Pages of an answer: the tokens between them, and which page a request asks for."""

from collections.abc import Sequence

from pydantic import JsonValue

from investigator.demo.answers.asked import Asked, Body, Fault
from investigator.domain.answers import canonical, without_tokens
from investigator.domain.ids import digest16


def chained(asked: Asked, bodies: Sequence[Body]) -> tuple[Body, ...]:
    """The bodies, each but the last with the token of the next."""
    last = len(bodies)
    return tuple(
        body if page == last else {**body, "NextToken": _token(asked, page + 1)}
        for page, body in enumerate(bodies, start=1)
    )


def page_of(asked: Asked, pages: Sequence[Body]) -> Body | Fault:
    """The page that the request's token names: the first without one; a token of other parameters is refused."""
    token = asked.text("NextToken")
    if not token:
        return pages[0]
    for number, page in enumerate(pages, start=1):
        if token == _token(asked, number):
            return page
    return Fault("InvalidNextTokenException", "The NextToken does not belong to this request")


def request_id(asked: Asked, page: str = "") -> str:
    """The same for the same request; `page` is the token of a later page."""
    return "demo-" + _digest(asked, page or asked.text("NextToken"))


def _token(asked: Asked, page: int) -> str:
    return _digest(asked, str(page))


def _digest(asked: Asked, part: str) -> str:
    parameters: JsonValue = without_tokens(asked.parameters)
    return digest16(asked.service, asked.operation, asked.region, canonical(parameters), part)
