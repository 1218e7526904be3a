"""The eight stages and how far each is."""

from textual.content import Content

from investigator.domain.words import Stage
from investigator.tui.inert import inert, joined, stacked
from investigator.tui.run_picture import PURPOSE, RunPicture
from investigator.tui.widgets.words import Words


class StageList(Words):
    """One line a stage: done, working or waiting, in signs and words."""

    def picture(self, picture: RunPicture, *, working: bool) -> None:
        """Show where the run stands; `working` is False for a stopped run."""
        self.show(stacked(_line(stage, picture, working) for stage in Stage))


def _line(stage: Stage, picture: RunPicture, working: bool) -> Content:
    name = f"{stage.value:<11}"
    if picture.passed(stage):
        return joined(inert(f"✓ {name}", "$success"), inert("done", "$secondary"), between=" ")
    if stage is (picture.stage or Stage.INTAKE):
        sign, word = ("▸", picture.step or picture.note or PURPOSE[stage]) if working else ("■", "stopped here")
        return joined(inert(f"{sign} {name}", "bold $primary"), inert(word), between=" ")
    return joined(inert(f"· {name}", "$secondary"), inert(PURPOSE[stage], "$secondary"), between=" ")
