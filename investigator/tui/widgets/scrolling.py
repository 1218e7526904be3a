"""The keys of everything that scrolls; left and right are kept free for going from tab to tab."""

from textual.binding import Binding, BindingType

SCROLLING: list[BindingType] = [
    Binding("up", "scroll_up", show=False),
    Binding("down", "scroll_down", show=False),
    Binding("pageup", "page_up", show=False),
    Binding("pagedown", "page_down", show=False),
    Binding("home", "scroll_home", show=False),
    Binding("end", "scroll_end", show=False),
]
