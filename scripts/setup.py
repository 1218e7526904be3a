"""Makes the project's own environment with the standard library and pip or ensurepip, nothing else.

`setup.py LOCK` installs the pinned and hashed packages of LOCK into `.venv`, with uv; uv itself comes from the
development lock, through pip. Where uv cannot run, pip installs the lock.
"""

import importlib.util
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LAUNCHER = """#!/bin/sh
exec "$(dirname "$0")/python" -P -m investigator "$@"
"""
NEITHER = """setup: {python} has neither ensurepip nor pip. Install one of them and run make again:
  Debian, Ubuntu   apt install python3-venv
  Fedora, RHEL     dnf install python3-pip
  Alpine           apk add py3-pip
  macOS            brew install python
"""


def main(lock: Path) -> int:
    """The exit code: 0 when `.venv` holds the packages of the lock and finds this checkout."""
    if not (PYTHON.exists() and ran(PYTHON, "-c", "")):
        make_environment()
    print(f"setup: installing {lock.name} into .venv", flush=True)
    if not (install_with_uv(lock) or install_with_pip(lock)):
        print(f"setup: {lock.name} could not be installed; the messages above say why", file=sys.stderr)
        return 1
    link_checkout()
    return 0


def make_environment() -> None:
    with_pip = has("ensurepip")
    if not with_pip and not has("pip"):
        sys.exit(NEITHER.format(python=sys.executable))
    print("setup: making .venv", flush=True)
    venv.EnvBuilder(clear=True, symlinks=True, with_pip=with_pip).create(VENV)


def install_with_uv(lock: Path) -> bool:
    uv = uv_command()
    return bool(uv) and ran(*uv, "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes", "-r", lock)


def uv_command() -> tuple[str | Path, ...]:
    """How to call uv, or nothing when it cannot be had."""
    if found := shutil.which("uv"):
        return (found,)
    inside = (PYTHON, "-m", "uv")
    if ran(*inside, "--version", quiet=True) or install_with_pip(uv_lock()):
        return inside
    return ()


def uv_lock() -> Path:
    """A lock of uv alone, cut out of the development lock."""
    lines = (ROOT / "requirements-dev.txt").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("uv=="))
    end = next((n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines))
    cut = VENV / "uv.txt"
    cut.write_text("\n".join(lines[start:end]) + "\n", encoding="utf-8")
    return cut


def install_with_pip(lock: Path) -> bool:
    """With the environment's own pip, else with this Python's pip and `--target`."""
    options = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock)
    if ran(PYTHON, "-m", "pip", "--version", quiet=True):
        return ran(PYTHON, "-m", "pip", *options)
    return ran(sys.executable, "-m", "pip", *options, "--upgrade", "--target", site_packages())


def link_checkout() -> None:
    """Lets the environment import this checkout, and gives it the `investigator` command."""
    (site_packages() / "investigator-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    launcher = VENV / "bin" / "investigator"
    launcher.write_text(LAUNCHER, encoding="utf-8")
    launcher.chmod(0o755)


def site_packages() -> Path:
    """Raises StopIteration when the environment is broken."""
    return next((VENV / "lib").glob("python3*/site-packages"))


def has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def ran(*command: str | Path, quiet: bool = False) -> bool:
    """True when the command ended well."""
    return subprocess.run(list(map(str, command)), check=False, capture_output=quiet).returncode == 0


if __name__ == "__main__":
    sys.exit(main(ROOT / sys.argv[1]))
