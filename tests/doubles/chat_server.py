"""A loopback server that speaks OpenAI chat completions, well or badly, as a test tells it to."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Trouble:
    """An answer that is no completion: a status and a raw body, whole, cut after some bytes, in drips, or never sent."""

    status: int = 200
    body: bytes = b"{}"
    cut_to: int | None = None
    hangs: bool = False
    drips: bool = False
    """A byte now and then, without end: no time-out of a single read sees it."""


Reply = str | Trouble | Callable[[str], str]


@dataclass
class ChatServer:
    """Answers the n-th request with the n-th of `script`; the last one stays.

    A text becomes a completion; a function makes the text out of what was asked.
    """

    script: Sequence[Reply] = ()
    asked: list[dict] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def says(self, *script: Reply) -> None:
        """Start over with this script."""
        self.script, self.asked, self.paths = script, [], []

    def answer(self, body: bytes, path: str) -> Trouble:
        self.asked.append(json.loads(body))
        self.paths.append(path)
        reply = self.script[min(len(self.asked), len(self.script)) - 1]
        if isinstance(reply, Trouble):
            return reply
        return Trouble(body=completion(reply if isinstance(reply, str) else reply(self.prompts()[-1])))

    def prompts(self) -> list[str]:
        """The messages of each request, as one text."""
        return [" ".join(message["content"] for message in asked["messages"]) for asked in self.asked]


def completion(content: object, **message: object) -> bytes:
    """A whole chat completion with this content."""
    said = {"role": "assistant", "content": content, **message}
    reply = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "loopback",
        "choices": [{"index": 0, "message": said, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18},
    }
    return json.dumps(reply).encode()


class _Handler(BaseHTTPRequestHandler):
    talker: ChatServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        trouble = self.talker.answer(body, self.path)
        if trouble.hangs:
            self.talker.released.wait(30)
            return
        self.send_response(trouble.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(trouble.body)))
        self.end_headers()
        while trouble.drips and not self.talker.released.wait(0.1):
            self.wfile.write(b" ")
            self.wfile.flush()
        self.wfile.write(trouble.body[: trouble.cut_to])

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def serving() -> Iterator[ChatServer]:
    """A server at `url` until the block ends."""
    talker = ChatServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"talker": talker}))
    server.daemon_threads = True
    talker.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield talker
    finally:
        talker.released.set()
        server.shutdown()
        server.server_close()
