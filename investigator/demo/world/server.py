"""An AWS endpoint on the loopback interface that answers for one account."""

import threading
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from investigator.demo.answers import Asked, Body, Fault, answer
from investigator.demo.answers.paging import page_of, request_id
from investigator.demo.incident import Incident
from investigator.demo.world.pace import Pace
from investigator.demo.world.trouble import THROTTLED, Faults, Trouble, no_faults
from investigator.demo.world.wire import NotAsked, Reply, Sent, reply, understand, warm

_HTML = b"<!doctype html><html><body>Please sign in to the network.</body></html>"


class World:
    """Answers requests; the same for every thread."""

    def __init__(self, told: Incident, faults: Faults = no_faults, pace: Pace | None = None) -> None:
        self._told = told
        self._faults = faults
        self._pace = pace or Pace()
        self._lock = threading.Lock()
        self._asked: Counter[tuple[str, str, str]] = Counter()

    def asked(self) -> dict[tuple[str, str, str], int]:
        """How often each (service, operation, Region) was asked."""
        with self._lock:
            return dict(self._asked)

    def respond(self, sent: Sent) -> Reply | None:
        """The reply to a request; None drops the connection."""
        try:
            asked = understand(sent, self._told.account)
        except NotAsked as error:
            return Reply(501, {"Content-Type": "text/plain"}, str(error).encode())
        trouble = self._trouble(asked)
        if isinstance(trouble, Trouble):
            return _spoilt(trouble, self._answered(asked, sent))
        return self._written(asked, trouble, sent) if trouble else self._answered(asked, sent)

    def _trouble(self, asked: Asked) -> Fault | Trouble | None:
        place = (asked.service, asked.operation, asked.region)
        with self._lock:
            self._asked[place] += 1
            number = self._asked[place]
        if trouble := self._faults(asked, number):
            return trouble
        paced = asked.operation == "LookupEvents"
        return THROTTLED if paced and not self._pace.allows(asked.region) else None

    def _answered(self, asked: Asked, sent: Sent) -> Reply:
        pages = answer(self._told, asked)
        return self._written(asked, pages if isinstance(pages, Fault) else page_of(asked, pages), sent)

    def _written(self, asked: Asked, said: Body | Fault, sent: Sent) -> Reply:
        return reply(asked, said, sent, request_id(asked))


def _spoilt(trouble: Trouble, whole: Reply) -> Reply | None:
    match trouble:
        case Trouble.DROPPED:
            return None
        case Trouble.EMPTY:
            return Reply(200, whole.headers, b"")
        case Trouble.FOREIGN:
            return Reply(200, {"Content-Type": "text/html"}, _HTML)
        case Trouble.CUT:
            length = {"Content-Length": str(len(whole.body))}
            return Reply(whole.status, {**whole.headers, **length}, whole.body[: len(whole.body) // 2])


@contextmanager
def serve_world(told: Incident, faults: Faults = no_faults, pace: Pace | None = None) -> Generator[str, None, None]:
    """The URL of an endpoint on 127.0.0.1 that answers until the block ends."""
    warm()
    world = World(told, faults, pace)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _respond(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            url = f"http://{self.headers.get('Host', '127.0.0.1')}{self.path}"
            sent = Sent(self.command, url, dict(self.headers.items()), self.rfile.read(length))
            _send(self, world.respond(sent))

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _respond  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _send(handler: BaseHTTPRequestHandler, answered: Reply | None) -> None:
    handler.close_connection = True
    if answered is None:
        return
    handler.send_response(answered.status)
    for name, value in {"Content-Length": str(len(answered.body)), **answered.headers}.items():
        handler.send_header(name, value)
    handler.send_header("Connection", "close")
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(answered.body)
