"""A month of a company in which nothing happens: ten accounts, a million events, and whatever rules may stumble over.

The calls of `company.py`, and among them the near misses and legitimate uses of every rule, at their fixed rates.
`python -m benchmarks.noise FOLDER [EVENTS]` writes it as `AWSLogs/`; `python -m benchmarks.noise --rates [EVENTS]`
reads it with the product and writes docs/noise.md.
"""

import random
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.company import REGIONS, START, Json
from benchmarks.corpus import DAYS, Corpus, put
from benchmarks.staff import ACCOUNTS, Site
from tests.detections.ordinary.callers import Caller, Identity
from tests.detections.ordinary.every import EVERY
from tests.detections.ordinary.life import Ground, Template

SEED = 20250301
MILLION = 1_000_000
RHYTHM = (4, 4, 4, 4, 4, 5, 6, 8, 10, 12, 12, 12, 11, 12, 12, 12, 10, 8, 7, 6, 5, 5, 4, 4)
"""How much is called in each hour of a weekday (UTC); at weekends it is the night all day."""
LONGEST = 12.0
"""Among fewer events sessions last longer, this many times at most, so that their share of the calls stays alike."""
HOMES = 3
"""Accounts in which the same thing happens again and again."""
Moment = tuple[datetime, int, str, Template | None]
"""When, a number that orders what is at once, in which account, and the template; None for a call of the company."""


def noise(events: int, seed: int = SEED) -> Iterator[tuple[datetime, Json]]:
    """Records hour by hour, about so many; the same seed gives the same."""
    longer = max(1.0, min(LONGEST, MILLION / events))
    corpus, site = Corpus(seed, ACCOUNTS, longer=longer), Site(random.Random(seed + 1), longer)
    pick = random.Random(seed + 4)
    for time, _, account, template in _moments(events, seed):
        if template is None:
            region = pick.choices(REGIONS, (60, 25, 10, 5))[0]
            yield time, corpus.record(account, region, time)
        else:
            site.move(account, time)
            records = template(site)
            begun, site.begun = site.begun, []
            yield from ((time, _whole(record)) for record in (*begun, *records))


def write(folder: Path, events: int, per_file: int = 2_000, seed: int = SEED) -> Iterator[Path]:
    """Write gz files of one account, Region and day, with `per_file` events at most."""
    yield from write_records(folder, noise(events, seed), per_file, seed)


def write_records(
    folder: Path, records: Iterable[tuple[datetime, Json]], per_file: int = 2_000, seed: int = SEED
) -> Iterator[Path]:
    """Write records that come in time order as such files."""
    pick, held, day = random.Random(seed + 3), dict[tuple[str, str], list[Json]](), START.date()
    for time, record in records:
        if time.date() != day:
            yield from _put_all(folder, held, pick)
            day = time.date()
        place = (str(record["recipientAccountId"]), str(record["awsRegion"]))
        held.setdefault(place, []).append(record)
        if len(held[place]) >= per_file:
            yield from _put_all(folder, {place: held.pop(place)}, pick)
    yield from _put_all(folder, held, pick)


def _put_all(folder: Path, held: dict[tuple[str, str], list[Json]], pick: random.Random) -> Iterator[Path]:
    for (account, region), records in held.items():
        begin = datetime.fromisoformat(records[0]["eventTime"])
        yield put(folder, account, region, (begin, records), pick)
    held.clear()


def _moments(events: int, seed: int) -> Iterator[Moment]:
    """What happens, in time order, an hour at a time."""
    pick = random.Random(seed + 2)
    occasions = sorted(_occasions(events, seed), key=lambda moment: moment[:2], reverse=True)
    left = events - sum(_size(template) for *_, template in occasions if template)
    weights = [_weight(START + timedelta(hours=hour)) for hour in range(DAYS * 24)]
    done, whole = 0.0, sum(weights)
    for hour, weight in enumerate(weights):
        begin = START + timedelta(hours=hour)
        number = int(left * (done + weight) / whole) - int(left * done / whole)
        done += weight
        there: list[Moment] = [
            (begin + timedelta(seconds=pick.randrange(3600)), one, pick.choice(ACCOUNTS), None) for one in range(number)
        ]
        while occasions and occasions[-1][0] < begin + timedelta(hours=1):
            there.append(occasions.pop())
        yield from sorted(there, key=lambda moment: moment[:2])


def _weight(hour: datetime) -> int:
    return RHYTHM[hour.hour] if hour.weekday() < 5 else min(RHYTHM)


def _occasions(events: int, seed: int) -> Iterator[Moment]:
    """Every occasion of every template; a rate that gives no whole number is rounded by chance.

    Each rule's are drawn apart, so that a new rule leaves those of the others as they were.
    """
    number = 0
    for name in sorted(EVERY):
        pick = random.Random(f"{seed} {name}")
        for habit in (*EVERY[name].near, *EVERY[name].uses):
            for template in habit.templates:
                where = pick.sample(ACCOUNTS, HOMES)
                wanted = habit.rate * events / MILLION
                for _ in range(int(wanted) + (pick.random() < wanted % 1)):
                    number -= 1
                    yield _time(_caller(template), pick), number, pick.choice(where), template


def _time(who: Caller, pick: random.Random) -> datetime:
    """A moment in the working hours of the caller."""
    working = [day for day in range(DAYS) if who.weekends or (START + timedelta(days=day)).weekday() < 5]
    first, last = who.hours
    return START + timedelta(days=pick.choice(working), seconds=pick.randrange(3600 * first, 3600 * last))


class _Rehearsal(Ground):
    """A ground that remembers who called first."""

    first: Caller | None = None

    def identity(self, who: Caller) -> Identity:
        self.first = self.first or who
        return super().identity(who)


def _rehearsed(template: Template) -> tuple[Caller, int]:
    ground = _Rehearsal(random.Random(1), ACCOUNTS)
    records = template(ground)
    assert ground.first is not None
    return ground.first, len(records)


_KNOWN: dict[Template, tuple[Caller, int]] = {}


def _caller(template: Template) -> Caller:
    return _KNOWN.setdefault(template, _KNOWN.get(template) or _rehearsed(template))[0]


def _size(template: Template) -> int:
    return _KNOWN[template][1]


def _whole(record: Json) -> Json:
    """The record with what every record has, so that it is about as long as those of the company."""
    source, region = str(record["eventSource"]), str(record["awsRegion"])
    is_object = source == "s3.amazonaws.com" and "key" in (record["requestParameters"] or {})
    return record | {
        "managementEvent": not is_object, "eventCategory": "Data" if is_object else "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{source.partition('.')[0]}.{region}.amazonaws.com",
        },
    }  # fmt: skip


def written(folder: Path, events: int) -> int:
    """Write the noise; how many files."""
    return sum(1 for _ in write(folder, events))


def main(arguments: list[str]) -> None:
    if arguments[0] == "--rates":
        from benchmarks.rates import tell  # noqa: PLC0415

        tell(int((arguments[1:] or ["100000"])[0]))
    else:
        written(Path(arguments[0]), int((arguments[1:] or [str(MILLION)])[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
