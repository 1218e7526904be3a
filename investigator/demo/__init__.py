"""The embedded case: a seeded account whose log files, AWS answers and costs agree with each other."""

from investigator.demo.case import DemoCase, write_case
from investigator.demo.incident import SCENARIOS

__all__ = ["SCENARIOS", "DemoCase", "write_case"]
