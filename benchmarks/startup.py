"""How long the program takes to answer, as multiples of an empty Python; best of several runs.

python benchmarks/startup.py
"""

import subprocess
import sys
import tempfile
import time

RUNS = 7
COMMANDS = {
    "empty Python": ("-c", "pass"),
    "investigator --help": ("-m", "investigator", "--help"),
    "investigator cases": ("-m", "investigator", "cases", "--json"),
    "everything imported": ("-c", "import boto3, duckdb, langchain.chat_models, langgraph.graph, pyarrow, textual.app"),
}


def best_seconds(command: tuple[str, ...], home: str) -> float:
    """The quickest of several runs: the others measure the machine's other work."""
    return min(_seconds(command, home) for _ in range(RUNS))


def _seconds(command: tuple[str, ...], home: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True, env={"INVESTIGATOR_CASE_DIR": home})
    return time.perf_counter() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        seconds = {name: best_seconds(command, home) for name, command in COMMANDS.items()}
    for name, taken in seconds.items():
        print(f"{name:22} {taken / seconds['empty Python']:6.1f} x empty Python")


if __name__ == "__main__":
    main()
