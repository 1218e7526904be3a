"""The loopback AWS: the embedded case behind an endpoint on this machine; needs the extra `demo`."""

from collections.abc import Generator
from contextlib import contextmanager

from investigator.demo.incident import incident
from investigator.demo.world.credentials import made_up_credentials
from investigator.demo.world.server import serve_world

__all__ = ["serve_scenario", "serve_world"]


@contextmanager
def serve_scenario(scenario: str) -> Generator[str, None, None]:
    """The URL of an endpoint that holds the scenario; meanwhile this process has made-up credentials only."""
    with serve_world(incident(scenario)) as endpoint, made_up_credentials():
        yield endpoint
