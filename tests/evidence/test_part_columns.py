"""Texts of a column of many values are found by their endings, and compared whole."""

from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from investigator.evidence.part_columns import Texts

CHOICE = Random(1)


def a_text() -> str:
    """Short and long ones, many with the same ending, some empty or not ASCII."""
    return "".join(CHOICE.choice("ab@é") for _ in range(CHOICE.randint(0, 12)))


def parts_of(folder: Path, texts: list[str], size: int) -> tuple[list[Path], list[int]]:
    pieces = [texts[start : start + size] for start in range(0, len(texts), size)]
    paths = [folder / f"{number}.parquet" for number in range(len(pieces))]
    for path, piece in zip(paths, pieces, strict=True):
        pq.write_table(pa.table({"id": piece}), path)
    return paths, [0, *np.cumsum([len(piece) for piece in pieces]).tolist()]


def test_the_places_of_texts_are_those_where_they_stand(tmp_path: Path) -> None:
    texts = [a_text() for _ in range(3000)]
    parts, starts = parts_of(tmp_path, texts, 1100)
    column = Texts(parts, np.array(starts), "id")

    for _ in range(100):
        wanted = [CHOICE.choice([*texts, a_text(), "nowhere at all"]) for _ in range(CHOICE.randint(0, 9))]
        assert column.find(wanted).tolist() == [place for place, text in enumerate(texts) if text in wanted]


def test_a_column_that_is_too_large_to_keep_gives_the_same_places(tmp_path: Path) -> None:
    texts = [a_text() for _ in range(500)]
    parts, starts = parts_of(tmp_path, texts, 200)

    class Large(Texts):
        MOST = 10

    kept, large = (kind(parts, np.array(starts), "id") for kind in (Texts, Large))

    assert large.find(texts[:7]).tolist() == kept.find(texts[:7]).tolist()
