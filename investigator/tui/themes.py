"""Our two themes; every colour on a screen is a name that both define."""

from textual.theme import Theme

DARK = Theme(
    name="investigator-dark",
    primary="#5b9bd5",
    secondary="#8a9bb0",
    accent="#e0a458",
    foreground="#d7dce3",
    background="#12161c",
    surface="#171c24",
    panel="#1f2630",
    success="#6fbf8b",
    warning="#e0a458",
    error="#e5737f",
    dark=True,
    variables={
        "block-cursor-background": "#2d4a69",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#222b37",
        "block-cursor-blurred-foreground": "#d7dce3",
        "footer-background": "#1f2630",
        "footer-key-foreground": "#e0a458",
        "footer-description-foreground": "#aab4c2",
        "border": "#5b9bd5",
        "border-blurred": "#323c4a",
    },
)

LIGHT = Theme(
    name="investigator-light",
    primary="#1f5f99",
    secondary="#5c6b7d",
    accent="#9a5b00",
    foreground="#1d232b",
    background="#fafbfc",
    surface="#f1f3f6",
    panel="#e4e8ed",
    success="#1f7a45",
    warning="#8f5400",
    error="#b3263a",
    dark=False,
    variables={
        "block-cursor-background": "#c9dcf0",
        "block-cursor-foreground": "#0c1116",
        "block-cursor-blurred-background": "#dde3ea",
        "block-cursor-blurred-foreground": "#1d232b",
        "footer-background": "#e4e8ed",
        "footer-key-foreground": "#9a5b00",
        "footer-description-foreground": "#434e5b",
        "border": "#1f5f99",
        "border-blurred": "#c3cbd5",
    },
)
