"""Routes of the catalog: what can be asked, and what can be run."""

from fastapi import APIRouter
from pydantic import BaseModel

from investigator.domain.playbook import Playbook
from investigator.http.examples import PLAYBOOK, TOOL, shown
from investigator.investigation import Investigation
from investigator.ports.tool import Tool


class ToolLine(BaseModel):
    """A question that can be put, and what it needs."""

    name: str
    source: str
    question: str
    needs: list[str]
    permissions: list[str]
    where: str


def menus(investigation: Investigation) -> APIRouter:
    """`/api/tools` and `/api/playbooks`."""
    routes = APIRouter(prefix="/api", tags=["catalog"])

    @routes.get("/tools", responses=shown(200, [TOOL]))
    def tools() -> list[ToolLine]:  # pyright: ignore[reportUnusedFunction]
        """Every tool."""
        return [_line(tool) for tool in investigation.catalog.tools()]

    @routes.get("/playbooks", responses=shown(200, [PLAYBOOK]))
    def playbooks() -> list[Playbook]:  # pyright: ignore[reportUnusedFunction]
        """Every playbook."""
        return list(investigation.catalog.playbooks().values())

    return routes


def _line(tool: Tool) -> ToolLine:
    return ToolLine(
        name=tool.name,
        source=tool.source,
        question=tool.question,
        needs=sorted(tool.required),
        permissions=sorted(tool.permissions),
        where=tool.where.value,
    )
