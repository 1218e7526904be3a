"""The open-source assistant that investigates AWS security incidents."""

from pathlib import Path as _Path

__version__ = "0.1.0"

# In a checkout the sibling folders tools, prompts and playbooks are our subpackages; a wheel holds them inside.
if not (_Path(__file__).parent / "tools").is_dir():
    __path__.append(str(_Path(__file__).resolve().parent.parent))
