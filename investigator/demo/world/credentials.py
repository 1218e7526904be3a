"""Made-up credentials, so that nothing of the user's own AWS set-up takes part in the demo."""

import os
from collections.abc import Generator
from contextlib import contextmanager

_MADE_UP = {
    "AWS_ACCESS_KEY_ID": "ASIADEMODEMODEMODEMO",
    "AWS_SECRET_ACCESS_KEY": "made-up",
    "AWS_SESSION_TOKEN": "made-up",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def made_up_credentials() -> Generator[None, None, None]:
    """While the block runs, this process and those it starts find these credentials and no others."""
    before = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    for name in before:
        del os.environ[name]
    os.environ.update(_MADE_UP)
    try:
        yield
    finally:
        for name in _MADE_UP:
            os.environ.pop(name, None)
        os.environ.update(before)
