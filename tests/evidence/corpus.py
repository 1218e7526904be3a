"""Damaged, hostile and odd files by the hundred, each with what is planted in it and what reading it best gives."""

import gzip
import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.support.hostile import HOSTILE
from tests.support.record_forms import athena_row, csv_text, parquet

from .trails import Json, compact, record, session, texts, trail

ONE, TWO, THREE = record(1), record(2), record(3)
RAW = [compact(one) for one in (ONE, TWO, THREE)]


@dataclass(frozen=True)
class Planted:
    """A file of the corpus: the records that can be read, how many things in it cannot, and the best outcome."""

    name: str
    content: bytes = field(repr=False)
    ids: frozenset[str]
    lost: int = 0
    status: str = "ok"
    reason: str | None = None
    flags: frozenset[str] = frozenset()


def planted(name: str, content: bytes | str, *numbers: int, **best: object) -> Planted:
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    flags = frozenset(str(best.pop("flags", "")).split())
    return Planted(name, raw, frozenset(f"ct:event-{number}" for number in numbers), flags=flags, **best)  # type: ignore[arg-type]


def damaged(name: str, content: bytes | str, *numbers: int, lost: int = 1, reason: str = "quarantined", **best: object) -> Planted:  # fmt: skip
    return planted(name, content, *numbers, lost=lost, status="partial", reason=reason, **best)


def corpus() -> Iterator[Planted]:
    """Every file, by family."""
    for family in (
        control, gzips, bombs, archives, encodings, syntax, depths, numbers, differentials, sizes, shapes, times,
        graphs, copies, foreigners, renderings, tables,
    ):  # fmt: skip
        yield from family()


def wrappings() -> dict[str, bytes]:
    from .test_other_forms import FORMS  # noqa: PLC0415  (its tests are told by the same files)
    from .test_wrappings import WRAPPINGS  # noqa: PLC0415

    return WRAPPINGS | {name: content for name, (content, _) in FORMS.items()}


def control() -> Iterator[Planted]:
    for name, content in wrappings().items():
        yield planted(f"control {name}", content, 1, 2)
        if not content.startswith(b"\x1f\x8b"):
            yield planted(f"control packed {name}", gzip.compress(content, mtime=0), 1, 2)


def gzips() -> Iterator[Planted]:
    for name, content in wrappings().items():
        if content.startswith((b"\x1f\x8b", b"PAR1")):
            continue
        packed = gzip.compress(content, mtime=0)
        broken = bytearray(packed)
        broken[-8] ^= 1
        yield damaged(f"gzip sum {name}", bytes(broken), 1, 2, lost=0, reason="gzip_crc")
        yield damaged(f"gzip tail {name}", packed + b"tail", 1, 2, lost=0, reason="gzip_trailing_data")
        yield planted(f"gzip zeros {name}", packed + b"\0" * 512, 1, 2)
        yield damaged(f"gzip without its end {name}", packed[:-8], 1, 2, lost=0, reason="gzip_truncated")
        named = packed[:3] + b"\x08" + packed[4:10] + b"../../\x1b[2J\n.json\0" + packed[10:]
        yield planted(f"gzip named {name}", named, 1, 2)
        yield planted(f"gzip twice {name}", gzip.compress(packed, mtime=0), 1, 2, flags="nested_gzip")
    one = gzip.compress(trail(ONE), mtime=0)
    for cut in range(2, len(one) - 40, 12):
        yield Planted(f"gzip cut at {cut}", one[:cut], frozenset(), 1, "told", None)
    for layers in (3, 4, 9):
        nested = trail(ONE)
        for _ in range(layers):
            nested = gzip.compress(nested, mtime=0)
        yield planted(f"gzip {layers} layers", nested, status="reject", reason="nested_compression")
    yield planted(
        "gzip members", one + gzip.compress(trail(TWO)) + gzip.compress(trail(THREE)), 1, 2, 3, flags="gzip_members"
    )
    for extra in (b"", b"x" * 30, b"\0" * 200):
        header = one[:3] + b"\x04" + one[4:10] + struct.pack("<H", len(extra)) + extra
        yield planted(f"gzip extra {len(extra)}", header + one[10:], 1)


def bombs() -> Iterator[Planted]:
    for fill in (b" ", b"[", b'{"a":', b'"', b"\0", b"a,b\n", b'{"Records":['):
        squeezed = zlib.compressobj(9, wbits=31)
        block = fill * (2**20 // len(fill))
        packed = b"".join(squeezed.compress(block) for _ in range(300)) + squeezed.flush()
        yield Planted(f"bomb of {fill!r}", packed, frozenset(), 0, "told", None)
    squeezed = zlib.compressobj(9, wbits=31)
    rows = b",".join([compact(record(1, requestParameters={"a": "b" * 2_000})).encode()] * 500)
    packed = squeezed.compress(b'{"Records":[' + rows) + b"".join(squeezed.compress(b"," + rows) for _ in range(30))
    yield planted("bomb that is none", packed + squeezed.compress(b"]}") + squeezed.flush(), 1)
    yield planted(
        "bomb of rows",
        parquet([{"eventname": None, "eventid": None, "eventtime": None}] * 500_000),
        status="skip",
        reason="parquet",
    )


def archives() -> Iterator[Planted]:
    heads = (
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"\x28\xb5\x2f\xfd",
        b"BZh9",
        b"\xfd7zXZ\x00",
        b"7z\xbc\xaf\x27\x1c",
        b"\0" * 257 + b"ustar",
    )
    for head in heads:
        content = head + trail(ONE).ljust(600, b"\0")
        yield planted(f"archive {head[:4]!r}", content, status="skip", reason="archive")
        yield planted(f"archive packed {head[:4]!r}", gzip.compress(content), status="skip", reason="archive")


def encodings() -> Iterator[Planted]:
    plain = trail(ONE, TWO)
    yield planted("encoding mark", b"\xef\xbb\xbf" + plain, 1, 2)
    for code in ("utf-16", "utf-16-le", "utf-16-be"):
        marked = plain.decode().encode(code)
        mark = b"" if code == "utf-16" else b"\xff\xfe" if code.endswith("le") else b"\xfe\xff"
        yield planted(f"encoding {code}", mark + marked, 1, 2, flags="utf16")
    for odd in (
        b"\xff",
        b"\xc3",
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\x80\x80",
        b"\xfe\xff",
        b"\xf0\x9f\x98",
    ):
        for place in (b"aws-cli/2.15", b"198.51.100.7", b"request-1"):
            yield planted(
                f"encoding {odd!r} at {place!r}",
                plain.replace(place, b"a" + odd + b"b", 1),
                1,
                2,
                flags="encoding_replaced",
            )
    for escape, word in (
        ("\\ud800", "surrogate"),
        ("\\udc00x", "surrogate"),
        ("\\ud800\\ud800", "surrogate"),
        ("\\u0000", "nul"),
    ):
        for place in ("aws-cli/2.15", "198.51.100.7", "ListUsers", "request-1"):
            yield planted(
                f"encoding {escape} at {place}", plain.replace(place.encode(), escape.encode(), 1), 1, 2, flags=word
            )
    for control_ in (b"\x01", b"\x1b", b"\x07", b"\x1f"):
        yield planted(
            f"encoding {control_!r}", plain.replace(b"aws-cli/2.15", control_, 1), 1, 2, flags="control_character"
        )


def syntax() -> Iterator[Planted]:
    whole = texts(RAW)
    yield planted("syntax trailing comma", whole.replace(b"]}", b",]}"), 1, 2, 3)
    yield planted("syntax no commas", '{"Records":[' + " ".join(RAW) + "]}", 1, 2, 3)
    yield damaged("syntax not closed", whole[:-2], 1, 2, 3, lost=0, reason="truncated")
    for key in ("eventTime", "eventName", "userIdentity", "requestID", "eventCategory"):
        for old, new in (
            (f'"{key}"', key),
            (f'"{key}":', f'"{key}"'),
            (f',"{key}"', f'"{key}"'),
            (f'"{key}":', f"'{key}':"),
        ):
            broken = RAW[1].replace(old, new, 1)
            yield damaged(f"syntax {old} as {new} in a trail", texts([RAW[0], broken, RAW[2]]), 1, 3)
            yield damaged(f"syntax {old} as {new} in lines", "\n".join([RAW[0], broken, RAW[2]]), 1, 3)
    for cut in range(20, len(RAW[2]), 45):
        yield damaged(f"syntax cut at {cut}", texts(RAW)[: -2 - cut], 1, 2, reason="truncated")
    for noise in ("# comment", "<html>", "oops", "}", "]", "{", "[", '"', "{]", "null null", "\\", "::"):
        yield Planted(
            f"syntax {noise} between lines",
            "\n".join([RAW[0], noise, RAW[1], RAW[2]]).encode(),
            planted("", "", 1, 2, 3).ids,
            0,
            "told or ok",
        )


def depths() -> Iterator[Planted]:
    for levels in (10, 30, 60):
        yield planted(f"depth {levels}", deep(levels), 1, 2)
    for levels in (70, 100, 1_000, 5_000, 100_000):
        yield damaged(f"depth {levels}", deep(levels), 1, flags="too_deep" if levels < 5_000 else "")
        yield damaged(f"depth of lists {levels}", deep(levels, "[", "]"), 1, flags="too_deep" if levels < 5_000 else "")
        yield Planted(
            f"depth around {levels}", b'{"a":' * levels + trail(ONE) + b"}" * levels, frozenset(), 0, "told or ok"
        )


def deep(levels: int, opening: str = '{"a":', closing: str = "}") -> str:
    value = opening * levels + "1" + closing * levels
    return texts([RAW[0], RAW[1].replace('"requestParameters":null', f'"requestParameters":{value}')]).decode()


def numbers() -> Iterator[Planted]:
    for text in (
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "-1e999",
        str(2**64),
        str(2**63),
        str(-(2**70)),
        "9" * 5_000,
        "1" + "0" * 400,
    ):
        kept = "" if text == str(2**63) else "number"
        yield planted(
            f"number {text[:20]}",
            RAW[0].replace('"requestParameters":null', f'"requestParameters":{{"n":{text}}}'),
            1,
            flags=kept,
        )
        yield planted(
            f"number {text[:20]} in a list",
            texts([RAW[0].replace('"requestParameters":null', f'"requestParameters":[{text}]'), RAW[1]]),
            1,
            2,
            flags=kept,
        )
    for text in ("0", "-0", "1.5", "1e5", "0.1", "1E-400", str(2**53 + 1)):
        yield planted(
            f"number {text}", RAW[0].replace('"requestParameters":null', f'"requestParameters":{{"n":{text}}}'), 1
        )
    for key in ("eventVersion", "recipientAccountId", "errorCode", "userAgent"):
        yield planted(f"number as {key}", trail({**ONE, key: 17}), 1)


def differentials() -> Iterator[Planted]:
    for key in (
        "eventName",
        "eventTime",
        "eventSource",
        "userIdentity",
        "awsRegion",
        "requestParameters",
        "errorCode",
        "readOnly",
        "note",
    ):
        again = RAW[0][:-1] + f',"{key}":"again","{key}":"and again"}}'
        yield planted(f"differential {key} twice", texts([again, RAW[1]]), 1, 2, flags="duplicate_key")
        other = RAW[0][:-1] + f',"{key.upper()}":"x","{key.lower()}_":"y"}}'
        yield planted(f"differential {key} in capitals", texts([other, RAW[1]]), 1, 2)
    for key in ("eventName", "eventID", "Records", "eventTime"):
        escaped = f"\\u{ord(key[0]):04x}{key[1:]}"
        yield planted(f"differential {key} escaped", texts(RAW[:2]).decode().replace(f'"{key}"', f'"{escaped}"'), 1, 2)
    yield planted(
        "differential inner key twice",
        RAW[0].replace('"requestParameters":null', '"requestParameters":{"a":1,"a":2}'),
        1,
        flags="duplicate_key",
    )
    yield planted(
        "differential two lists", f'{{"Records":[{RAW[0]}],"Records":[{RAW[1]}]}}', 1, 2, flags="duplicate_key"
    )
    yield planted("differential lists by two names", f'{{"records":[{RAW[0]}],"Records":[{RAW[1]}]}}', 1, 2)


def sizes() -> Iterator[Planted]:
    for size in (2**16, 2**20, 15 * 2**20):
        yield planted(f"size {size}", trail(ONE, record(2, requestParameters={"a": "x" * size})), 1, 2)
    for size in (16 * 2**20, 20 * 2**20, 40 * 2**20):
        large = compact(record(2, requestParameters={"a": "x" * size}))
        yield damaged(f"size {size} in a trail", texts([RAW[0], large, RAW[2]]), 1, 3, flags="oversize")
        yield damaged(f"size {size} in lines", "\n".join([RAW[0], large, RAW[2]]), 1, 3, flags="oversize")
    many = [record(number, requestParameters={"a": "x" * 20_000}) for number in range(1_200)]
    yield planted("size of a wrapper", compact({"hits": {"hits": [{"_source": one} for one in many]}}), *range(1_200))
    for count in (0, 1, 5_000):
        yield Planted(f"size {count} empty objects", trail(*[{}] * count), frozenset(), count, "told or ok")
    yield planted("size of a key", trail({**ONE, "k" * 2**20: 1}), 1)
    yield planted("size of many keys", trail({**ONE, **{f"k{number}": number for number in range(20_000)}}), 1)


def shapes() -> Iterator[Planted]:
    for stranger in ("5", "-1.5", '"text"', "null", "true", "[]", "[1]", "{}", '{"a":1}', '"{"', f"[{RAW[2]}]"):
        yield Planted(f"shape {stranger[:9]}", texts([RAW[0], stranger, RAW[1]]), planted("", "", 1, 2).ids, 1, "told")
    for identity in (
        "null",
        '"text"',
        "5",
        "[]",
        "true",
        "{}",
        '{"type":5}',
        '{"sessionContext":"x"}',
        '{"arn":["a"]}',
    ):
        odd = RAW[0].replace(compact(ONE["userIdentity"]), identity)
        yield planted(f"shape identity {identity}", texts([odd, RAW[1]]), 1, 2)
    for records in ("null", "5", '"x"', "{}", "true", '{"a":1}'):
        yield Planted(f"shape Records {records}", f'{{"Records":{records}}}'.encode(), frozenset(), 0, "told or ok")
    for key in ONE:
        for value in (None, {"a": 1}, [1, 2]):
            if key != "eventID":
                yield planted(f"shape {key} {value}", trail({**ONE, key: value}, TWO), 1, 2)
        if key != "eventID":
            yield planted(f"shape without {key}", trail({name: ONE[name] for name in ONE if name != key}, TWO), 1, 2)


def times() -> Iterator[Planted]:
    for text in (
        "2025-03-01T10:00:00.123456Z", "2025-03-01T11:00:00+01:00", "20250301T100000Z", "2025-03-01T10:00:00z",
    ):  # fmt: skip
        yield planted(f"time {text}", trail({**ONE, "eventTime": text}), 1)
    for text in ("", "soon", "2025-13-01T00:00:00Z", "2025-02-30T00:00:00Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z",
                 "1970-01-01T00:00:00Z", "2025-03-01", "1740823201", "2025-03-01T25:00:00Z", "-1", "NaN", "2025-03-01T10:00:60Z"):  # fmt: skip
        yield planted(f"time {text}", trail({**ONE, "eventTime": text}, TWO), 1, 2)
        yield planted(
            f"time {text} with another",
            trail({**ONE, "eventTime": text, "@timestamp": "2025-03-01T10:00:00Z"}),
            1,
            flags="time_from_wrapper",
        )


def graphs() -> Iterator[Planted]:
    ring = [
        record(number, userIdentity=session(f"role-{number}", f"run-{(number + 1) % 400}"), eventName="AssumeRole")
        for number in range(400)
    ]
    yield planted("graph ring", trail(*ring), *range(400))
    hub = [record(number, userIdentity=session("hub")) for number in range(3_000)]
    yield planted("graph hub", trail(*hub), *range(3_000))


def copies() -> Iterator[Planted]:
    for count in (2, 3, 50):
        yield planted(f"copies {count}", trail(*[ONE] * count), 1)
        yield planted(f"copies that differ {count}", trail(*[{**ONE, "userAgent": str(n)} for n in range(count)]), 1)
    yield planted("copies in two layouts", json.dumps([ONE], indent=3) + compact([ONE]), 1)


def foreigners() -> Iterator[Planted]:
    from .test_bad_input import FOREIGN  # noqa: PLC0415

    for name, (content, kind) in FOREIGN.items():
        yield planted(f"foreign {name}", content, status="skip", reason=kind)
    for content in (b"", b" ", b"\n\n", b"\xef\xbb\xbf", b"\0\0\0"):
        yield planted(f"foreign {content!r}", content, status="reject", reason="empty")
    for content in (
        b"42",
        b'"x"',
        b"true",
        b"{}",
        b"[]",
        b"<xml/>",
        b"\x7fELF" + b"\0" * 90,
        b"%PDF-1.7\n",
        b"\x89PNG\r\n",
    ):
        best = ("ok", None) if content == b"[]" else ("skip", "not_cloudtrail")
        yield planted(f"foreign {content!r}", content, status=best[0], reason=best[1])


def renderings() -> Iterator[Planted]:
    for number, text in enumerate(HOSTILE):
        for key in ("userAgent", "errorMessage"):
            hostile: Json = {**ONE, key: text, "requestParameters": {text[:60] or "x": text}}
            yield planted(f"rendering {number} as {key}", json.dumps({"Records": [hostile, TWO]}), 1, 2)


def tables() -> Iterator[Planted]:
    lines = csv_text([athena_row(one) for one in (ONE, TWO, THREE)]).split(b"\r\n")
    for noise in (b"x", b'"', b'"a', b"a,b,c", b",,,", b"\xff\xfe", b'""","', b"\x00"):
        content = b"\r\n".join([lines[0], lines[1], noise, *lines[2:]])
        yield Planted(f"table with {noise!r}", content, planted("", "", 1, 2, 3).ids, 1, "told")
    for end in (b"\n", b"\r", b"\r\n", b"\r\n\r\n"):
        yield planted(f"table ended by {end!r}", end.join(lines), 1, 2, 3, flags="from_csv")
    packed = parquet([athena_row(one) for one in (ONE, TWO)])
    for cut in range(5, len(packed), max(1, len(packed) // 25)):
        yield Planted(f"table of Parquet cut at {cut}", packed[:cut], frozenset(), 0, "told")
    for at in range(4, len(packed) - 8, max(1, len(packed) // 25)):
        yield Planted(
            f"table of Parquet changed at {at}",
            packed[:at] + b"\xff" * 4 + packed[at + 4 :],
            frozenset(),
            0,
            "told or ok",
        )
