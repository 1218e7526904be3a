"""The scripted model: replies by number of turns; records the prompts it was sent."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Said:
    content: str


@dataclass
class ScriptedChat:
    """Answers each call with the next reply; an exception in the script is raised; the last reply stays."""

    script: Sequence[str | Exception]
    prompts: list[Sequence[tuple[str, str]]] = field(default_factory=list)

    def invoke(self, messages: Sequence[tuple[str, str]]) -> Said:
        reply = self.script[min(len(self.prompts), len(self.script) - 1)]
        self.prompts.append(messages)
        if isinstance(reply, Exception):
            raise reply
        return Said(reply)
