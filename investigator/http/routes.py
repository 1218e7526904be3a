"""The case API as one application."""

from fastapi import FastAPI, Security
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from investigator import __version__
from investigator.http import problems
from investigator.http.access import HEALTH, Access, Guard
from investigator.http.cases import cases
from investigator.http.examples import REFUSED
from investigator.http.menus import menus
from investigator.http.reading import reading
from investigator.http.runs import runs
from investigator.http.sources import NamedSources
from investigator.investigation import Investigation


class Health(BaseModel):
    """The server runs."""

    status: str = "ok"
    version: str = __version__


def api(investigation: Investigation, named: NamedSources, access: Access) -> FastAPI:
    """The application; `access` is asked before any route but the health check."""
    app = FastAPI(title="investigator", version=__version__, docs_url=None, redoc_url=None, responses=REFUSED)
    app.add_middleware(Guard, access=access)
    problems.install(app)
    bearer = Security(HTTPBearer(auto_error=False, description="A token of --token-file; `Guard` checks it."))
    for routes in (cases(investigation, named), runs(investigation), reading(investigation), menus(investigation)):
        app.include_router(routes, dependencies=[bearer])

    @app.get(HEALTH, tags=["health"])
    def health() -> Health:  # pyright: ignore[reportUnusedFunction]
        """Whether the server runs."""
        return Health()

    return app
