"""The command palette: every key binding of the present screen, by name."""

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider


class Commands(Provider):
    """Whatever a key does here can be found by its words."""

    async def discover(self) -> Hits:
        for text, key, run in self._commands():
            yield DiscoveryHit(text, run, help=key)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for text, key, run in self._commands():
            if (score := matcher.match(text)) > 0:
                yield Hit(score, matcher.highlight(text), run, help=key)

    def _commands(self):
        seen: set[str] = set()
        ordered = sorted(self.screen.active_bindings.values(), key=lambda active: not active.binding.show)
        for active in ordered:
            binding = active.binding
            if not active.enabled or binding.system or not binding.description or binding.description in seen:
                continue
            seen.add(binding.description)
            run = partial(self.app.run_action, binding.action, active.node)
            yield binding.description, f"key {self.app.get_key_display(binding)}", run
