"""The entities of the case, those under accusation first."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content

from investigator.domain.entity import Entity
from investigator.domain.words import Role
from investigator.tui.inert import NOTHING, inert, joined, stacked
from investigator.tui.lookup import Lookup
from investigator.tui.wanted import RecordWanted, TimelineWanted
from investigator.tui.widgets.rows import Column, Rows
from investigator.tui.widgets.words import Words
from investigator.tui.words import counted, role_style, short, spaced

COLUMNS = (Column("Role", 16), Column("Kind", 11), Column("Entity"), Column("Records", 7))


class EntitiesPane(Container):
    """One line an entity, with its one role."""

    HELP = "Who and what the case is about. Enter shows the entity's timeline; o opens the records behind its role."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "records", "Open records")]

    def __init__(self) -> None:
        super().__init__()
        self._rows = Rows(COLUMNS, _cells, empty="No entity is known.", id="entities")

    def compose(self) -> ComposeResult:
        yield self._rows
        yield Words(id="entity")

    def show(self, lookup: Lookup) -> None:
        """Show this case."""
        order = list(Role)
        entities = sorted(lookup.document.entities, key=lambda e: (order.index(e.role), e.kind.value, e.value))
        self._rows.show(entities)

    @on(Rows.Moved, "#entities")
    def _moved(self) -> None:
        entity = self._rows.current
        self.query_one("#entity", Words).show(_in_full(entity) if entity else NOTHING)

    @on(Rows.Chosen, "#entities")
    def _chosen(self) -> None:
        if entity := self._rows.current:
            self.post_message(TimelineWanted(_quoted(entity.value)))

    def action_records(self) -> None:
        if (entity := self._rows.current) and entity.evidence:
            self.post_message(RecordWanted(entity.evidence))


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _cells(entity: Entity) -> tuple[Content, ...]:
    return (
        inert(spaced(entity.role.value), role_style(entity.role)),
        inert(spaced(entity.kind.value)),
        inert(short(entity.value)),
        inert(f"{len(entity.evidence):>7,}"),
    )


def _in_full(entity: Entity) -> Content:
    role = inert(spaced(entity.role.value), role_style(entity.role))
    facts = joined(
        inert(spaced(entity.kind.value)), role, inert(counted(len(entity.evidence), "record")), between=" · "
    )
    hint = inert("Enter shows its timeline, o the records behind its role.", "$secondary")
    return stacked([inert(entity.value, "bold"), facts, hint])
