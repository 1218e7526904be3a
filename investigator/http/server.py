"""`investigator serve`: the case API on a port."""

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


def serve(investigation: Investigation, options: ServeOptions) -> None:
    """Serve until stopped; raises ValueError for a port that would be open to others without a token."""
    tokens = read_tokens(options.token_file) if options.token_file else ()
    if options.host not in LOOPBACK and not tokens:
        raise ValueError(f"--host {options.host} is reachable by others: give --token-file")
    named = NamedSources(logs=options.sources, responses=options.responses, aws=options.aws)
    app = api(investigation, named, Access(tokens, {options.host}))
    uvicorn.run(app, host=options.host, port=options.port, log_level="warning", server_header=False)
