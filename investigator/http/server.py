"""`investigator serve`: the case API on a port."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from investigator.http.access import LOOPBACK, Access, read_tokens
from investigator.http.routes import api
from investigator.http.sources import NamedSources
from investigator.investigation import Investigation


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Where to listen, and the evidence that clients may name."""

    host: str = "127.0.0.1"
    port: int = 8420
    token_file: Path | None = None
    sources: Mapping[str, Path] = field(default_factory=dict[str, Path])
    responses: Mapping[str, Path] = field(default_factory=dict[str, Path])
    aws: Mapping[str, str] = field(default_factory=dict[str, str])
    names: tuple[str, ...] = ()
    """Host names under which clients reach it, besides `host`."""


def serve(investigation: Investigation, options: ServeOptions) -> None:
    """Serve until stopped.

    Raises ValueError for a port that would be open to others without a token or under no name, OSError for one in use.
    """
    tokens = read_tokens(options.token_file) if options.token_file else ()
    if options.host not in LOOPBACK and not tokens:
        raise ValueError(f"--host {options.host} is reachable by others: give --token-file")
    named = NamedSources(logs=options.sources, responses=options.responses, aws=options.aws)
    app = api(investigation, named, Access(tokens, _names(options)))
    # A client that follows a run never hangs up by itself.
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    with socket.create_server((options.host, options.port), family=family, backlog=128) as listening:
        investigation.expect_cases()
        uvicorn.Server(config).run(sockets=[listening])


def _names(options: ServeOptions) -> set[str]:
    """What a client may call this server: its address, the names it was given, and the name of the machine."""
    machine = () if options.host in LOOPBACK else (socket.gethostname(),)
    return {options.host, *options.names, *machine}
