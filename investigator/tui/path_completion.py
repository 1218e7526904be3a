"""Completing paths as a shell does, and saying what is wrong with one."""

from pathlib import Path


def expanded(text: str) -> Path:
    """The path with `~` resolved; relative ones stay relative to the current folder."""
    return Path(text.strip()).expanduser()


def completion(text: str) -> str | None:
    """The text with the first entry of the folder that continues it; a folder gets its slash."""
    if not text.strip():
        return None
    folder, name = _split(text)
    entry = next(iter(_entries(folder, name)), None)
    return None if entry is None else text[: len(text) - len(name)] + entry


def _split(text: str) -> tuple[Path, str]:
    head, slash, name = text.rpartition("/")
    return expanded(head + slash) if slash else Path(), name


def _entries(folder: Path, name: str) -> list[str]:
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    wanted = (entry for entry in found if entry.name.startswith(name) and (name or not entry.name.startswith(".")))
    return [entry.name + ("/" if entry.is_dir() else "") for entry in wanted if entry.name != name or entry.is_dir()]


def fault(text: str, *, folder: bool = False) -> str | None:
    """Why the path cannot be used, in words; None for one that can, and for an empty one."""
    if not text.strip():
        return None
    path = expanded(text)
    try:
        if not path.exists():
            return f"there is no {path}"
    except (OSError, ValueError) as trouble:
        return f"this is no path: {trouble}"
    return f"{path} is a file, a folder is needed" if folder and not path.is_dir() else None
