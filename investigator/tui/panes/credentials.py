"""The credentials as a tree: which one handed out which, and the record that says so."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content

from investigator.domain.credential import Credential
from investigator.tui.forest import Branch, forest
from investigator.tui.hanging import Hanging, fact, line
from investigator.tui.inert import NOTHING, inert, joined
from investigator.tui.lookup import Lookup
from investigator.tui.wanted import RecordWanted
from investigator.tui.widgets.rows import Column, Rows
from investigator.tui.widgets.words import Page
from investigator.tui.words import counted, moment, role_style, spaced

COLUMNS = (
    Column("Credential"),
    Column("Role", 16),
    Column("From (UTC)", 19, from_width=76),
    Column("Issued to", 40, from_width=130),
)


class CredentialsPane(Container):
    """A tree with the credential under the cursor in full below."""

    HELP = "Which credential issued which. Enter opens the record that issued the one under the cursor."

    def __init__(self) -> None:
        super().__init__()
        self._rows = Rows(COLUMNS, self._cells, empty="No credential is known.", id="credentials")

    def compose(self) -> ComposeResult:
        yield self._rows
        yield Page(id="credential")

    def show(self, lookup: Lookup) -> None:
        """Show this case."""
        self._lookup = lookup
        accused = [entity.value for entity in lookup.document.entities if entity.role.accused]
        self._rows.show(forest(lookup.document.credentials, accused))

    def _cells(self, branch: Branch) -> tuple[Content, ...]:
        credential = branch.credential
        return (
            joined(inert(branch.guides, "$secondary"), inert(credential.id)),
            self._role(credential),
            inert(moment(credential.start) if credential.start else "unknown"),
            inert(credential.issued_to),
        )

    def _role(self, credential: Credential) -> Content:
        entity = self._lookup.entities.get(credential.id)
        return inert(spaced(entity.role.value), role_style(entity.role)) if entity else NOTHING

    @on(Rows.Moved, "#credentials")
    def _moved(self) -> None:
        branch = self._rows.current
        self.query_one("#credential", Page).show(_in_full(branch) if branch else NOTHING)

    @on(Rows.Chosen, "#credentials")
    def _chosen(self) -> None:
        branch = self._rows.current
        if branch is not None and branch.credential.by is not None:
            self.post_message(RecordWanted((branch.credential.by,)))


def _in_full(branch: Branch) -> Hanging:
    credential = branch.credential
    facts = (
        ("Issued to", credential.issued_to),
        ("Issued by", credential.parent or "not seen"),
        ("Record", f"{credential.by}  (Enter opens it)" if credential.by else "none"),
        ("Linked by", f"rule {credential.rule}, {credential.certainty} certainty" if credential.rule else ""),
        ("From", moment(credential.start) if credential.start else "unknown"),
        ("To", moment(credential.end) if credential.end else ""),
        ("Issued", counted(branch.issued, "credential")),
    )
    known = [fact(name, inert(value), 11) for name, value in facts if value]
    return Hanging([line(inert(credential.id, "bold")), *known])
