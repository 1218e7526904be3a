"""Writes docs/attack-layer.json, which the ATT&CK Navigator shows: how many rules look for each technique."""

import json
from collections.abc import Iterable
from pathlib import Path

from scripts.attack import Attack, attack
from scripts.coverage import of_version
from scripts.rule_files import RuleFile
from scripts.rules_page import whole_files

LAYER = Path(__file__).resolve().parent.parent / "docs" / "attack-layer.json"
COLOURS = ("#cfe8f3", "#0a6ebd")
Json = str | int | bool | dict[str, "Json"] | list["Json"]


def layer(of: Attack, files: Iterable[RuleFile]) -> str:
    """The layer as JSON, format 4.5, in the older numbering, which the Navigator offers to upgrade."""
    found = of_version(of, files)
    techniques: list[Json] = [_technique(id_, names) for id_, names in found.items()]
    most = max(map(len, found.values()))
    whole: dict[str, Json] = {
        "name": "What the rule pack looks for",
        "versions": {"attack": of.version, "navigator": "5.1.0", "layer": "4.5"},
        "domain": "enterprise-attack",
        "description": "The score of a technique is the number of rules that name it; its comment names them.",
        "sorting": 3,
        "layout": {"layout": "side", "showID": True, "showName": True, "expandedSubtechniques": "annotated"},
        "hideDisabled": False,
        "techniques": techniques,
        "gradient": {"colors": list(COLOURS), "minValue": 0, "maxValue": most},
        "legendItems": [{"label": "one rule", "color": COLOURS[0]}, {"label": f"{most} rules", "color": COLOURS[1]}],
    }
    return json.dumps(whole, indent=1) + "\n"


def _technique(id_: str, names: tuple[str, ...]) -> Json:
    return {"techniqueID": id_, "score": len(names), "comment": ", ".join(names), "enabled": True}


if __name__ == "__main__":
    LAYER.write_text(layer(attack(), whole_files()), encoding="utf-8")
    print(f"wrote {LAYER.name}")
