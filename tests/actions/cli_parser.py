"""The AWS CLI's own parser in a process of its own: importing it puts its libraries in the place of ours.

Reads calls as lines of JSON, `{"words": […], "folder": "…"}`, and answers each with a line: what would be sent, or why
nothing would.
"""

import contextlib
import io
import json
import os
import re
import sys
from collections.abc import Mapping
from functools import cache

from awscli.botocore.awsrequest import AWSResponse
from awscli.botocore.loaders import Loader
from awscli.clidriver import CLIDriver, create_clidriver


def understood(words: list[str]) -> Mapping[str, object]:
    """Give one call to the AWS CLI, up to the moment of sending."""
    driver = _driver()
    sent: list[tuple[str, Mapping[str, object]]] = []

    def keep(params: Mapping[str, object], model, **_: object) -> None:
        sent.append((f"{model.service_model.service_name}:{model.name}", params))

    def stop(**_: object) -> tuple[AWSResponse, dict[str, object]]:
        return AWSResponse("http://nowhere", 200, {}, io.BytesIO()), {}

    driver.session.register("provide-client-params.*.*", keep)
    driver.session.register("before-call.*.*", stop)
    complaint = io.StringIO()
    with contextlib.redirect_stderr(complaint), contextlib.redirect_stdout(io.StringIO()):
        try:
            driver.main([*words, "--no-sign-request"])
        except SystemExit as leaving:
            complaint.write(f"left with {leaving.code}")
    if not sent or re.search(r"Parameter validation failed|Unknown options", complaint.getvalue()):
        return {"complaint": complaint.getvalue() or "nothing was sent"}
    operation, parameters = sent[0]
    return {"operation": operation, "parameters": parameters}


def _driver() -> CLIDriver:
    """A new one for each call, since it keeps what it was told; the models of the services are read once."""
    driver = create_clidriver()
    driver.session.register_component("data_loader", _models())
    return driver


@cache
def _models() -> Loader:
    return create_clidriver().session.get_component("data_loader")


def main() -> None:
    """Answer until there is no more to read."""
    for line in sys.stdin:
        call = json.loads(line)
        os.chdir(call["folder"])
        sys.stdout.write(json.dumps(understood(call["words"]), default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
