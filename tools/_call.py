"""One live request, page by page: each page is saved, then served from what was saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from pydantic import JsonValue

from investigator.domain.answers import SavedError, SavedPage
from investigator.domain.paths import first_text
from investigator.domain.words import CellState
from investigator.ports.aws import Page

from ._allowed import RESULT_OF, TOKEN_OF
from ._asking import Asker
from ._book import AnswerBook, served
from ._paging import PageLoop
from ._refusals import Request, lost_credentials, not_there, region_may_be_off
from ._reply import Fault
from ._user_data import readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request being answered; `until` is its deadline in monotonic seconds."""

    request: Request
    asker: Asker
    book: AnswerBook
    as_of: datetime
    until: float

    def pages(self) -> Iterator[Page]:
        """Every page; raises Refused, after the pages that were read, or NoCredentials."""
        call = self.book.next_call(self.request)
        loop = PageLoop(self.request, RESULT_OF[self.request.name])
        token = ""
        for number in count(1):
            saved = self._keep(self._ask(token), call, number)
            yield served(self.request, saved, self.as_of)
            if not (token := self._token(saved.body)):
                return
            if trouble := loop.trouble(token, saved.body):
                end = SavedPage(parameters=self.request.parameters, error=trouble)
                served(self.request, self._keep(end, call, number + 1), self.as_of)

    def _keep(self, page: SavedPage, call: int, number: int) -> SavedPage:
        more = bool(self._token(page.body))
        return self.book.write(self.request, page.model_copy(update={"call": call, "page": number, "more": more}))

    def _token(self, body: JsonValue) -> str:
        name = TOKEN_OF.get(self.request.service, "")
        return first_text(body, name) if name else ""

    def _ask(self, token: str) -> SavedPage:
        page: dict[str, JsonValue] = {TOKEN_OF[self.request.service]: token} if token else {}
        try:
            reply = self.asker.page(self.request, page, self.until)
        except Fault as fault:
            return self._page_of(fault)
        return SavedPage(
            parameters=self.request.parameters,
            status=reply.status,
            request_id=reply.request_id,
            body=readable(reply.body) if self.request.operation == "DescribeInstanceAttribute" else reply.body,
        )

    def _page_of(self, fault: Fault) -> SavedPage:
        """The page that an error is; raises NoCredentials, which no folder keeps."""
        error = SavedError(code=fault.code, message=fault.message, state=self._state(fault))
        if lost := lost_credentials(error):
            raise lost from fault
        page = SavedPage(parameters=self.request.parameters, status=fault.status, request_id=fault.request_id)
        if not_there(fault.code):
            return page.model_copy(update={"body": {"Error": {"Code": fault.code, "Message": fault.message}}})
        return page.model_copy(update={"error": error})

    def _state(self, fault: Fault) -> str:
        """`disabled` for a key that is unknown in this Region and known at home."""
        if not region_may_be_off(fault.code) or self.asker.at_home(self.request.region):
            return ""
        return CellState.DISABLED if self.asker.still_known() else ""
