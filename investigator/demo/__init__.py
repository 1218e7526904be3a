"""The embedded case: a seeded account whose log files, AWS answers and costs agree with each other."""

from investigator.demo.case import DemoCase, write_case

__all__ = ["DemoCase", "write_case"]
