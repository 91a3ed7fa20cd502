"""The long rest: many simulated seeds, a thousand kills of real offices, a long search of every parser.

    python tools/soak.py --date 2030-01-31 [--seeds 2000] [--first 100000] [--kills 1000] [--fuzz-seconds 300]

What was seen is added to docs/track-record.md as rows, found or not, each part's when it is done; when the simulator is
stopped it adds what it had played. A count of 0 leaves a part out. A simulated seed that fails is added at once to the
seeds that are played for ever. Exit 1 if anything was found, or it was stopped.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
RECORD = ROOT / "docs" / "track-record.md"
KEPT_SEEDS = TESTS / "simulator" / "seeds.txt"
KILLS_A_SEED = 200
JOBS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the record."""

    what: str
    much: str
    found: str
    kept: str
    was_stopped: bool = False

    def text(self, day: str) -> str:
        """The row in Markdown."""
        return f"| {day} | {self.what} | {self.much} | {self.found} | {self.kept} |\n"


def main() -> int:
    """Runs the parts one after the other and writes each row when it is known: a stop loses the part that ran."""
    given = _arguments()
    seeds = range(given.first, given.first + given.seeds)
    parts: list[tuple[int, Callable[[], Row]]] = [
        (given.seeds, lambda: _simulate(seeds, given.date)),
        (given.kills, lambda: _crash(given.kills, given.first)),
        (given.fuzz_seconds, lambda: _fuzz(given.fuzz_seconds)),
    ]
    found: list[Row] = []
    for much, part in parts:
        if much and not any(row.was_stopped for row in found):
            found.append(written(part(), given.date))
    return 1 if any(row.found != "nothing" or row.was_stopped for row in found) else 0


def written(row: Row, day: str) -> Row:
    """The row, added to the record and told."""
    with RECORD.open("a", encoding="utf-8") as record:
        record.write(row.text(day))
    print(f"soak: {row.what}: {row.much}; found: {row.found}", flush=True)
    return row


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--date", required=True, type=lambda text: date.fromisoformat(text).isoformat())
    parser.add_argument("--seeds", type=int, default=2000, help="simulated seeds")
    parser.add_argument("--first", type=int, default=100_000, help="the first of them, and of the kills")
    parser.add_argument("--kills", type=int, default=1000, help="of real offices")
    parser.add_argument("--fuzz-seconds", type=int, default=300, help="for each parser")
    return parser.parse_args()


def _simulate(seeds: range, day: str) -> Row:
    begun = time.monotonic()
    totals: Counter[str] = Counter()
    failed: list[int] = []
    number = 0
    with ProcessPoolExecutor(JOBS) as pool:
        try:
            for number, (seed, counts, problem) in enumerate(pool.map(played, seeds), 1):
                totals.update(counts)
                if problem:
                    failed.append(seed)
                    _keep(seed, day)
                    print(f"soak: seed {seed}: {problem}", file=sys.stderr)
                if number % 50 == 0:
                    print(f"soak: {number} of {len(seeds)} seeds", file=sys.stderr)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
    years = totals["hours"] / 24 / 365
    much = (
        f"seeds {seeds.start} to {seeds.start + number - 1}: {totals['hours']:,} simulated hours ({years:.1f} years), "
        f"{totals['entries']:,} entries, {totals['crashes']:,} crashes, {totals['partitions']:,} partitions, "
        f"{totals['forks']:,} forks, {totals['messages']:,} messages, in {_took(begun)}"
    )
    found = f"{len(failed)} failing seeds" if failed else "nothing"
    return Row("simulator", much, found, _listed(failed), was_stopped=number < len(seeds))


def played(seed: int) -> tuple[int, dict[str, int], str]:
    """One seed in a process of the pool: its counts, and what was broken, if anything."""
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    from simulator.run import run

    try:
        outcome = run(seed)
    except Exception as error:  # whatever breaks a seed is a finding, and the rest must go on
        return seed, {}, f"{type(error).__name__}: {error}"[:300].replace("\n", " ")
    counts = {name: int(getattr(outcome, name)) for name in ("entries", "crashes", "partitions", "messages", "forks")}
    return seed, counts | {"hours": outcome.options.hours}, ""


def _keep(seed: int, day: str) -> None:
    with KEPT_SEEDS.open("a", encoding="utf-8") as kept:
        kept.write(f"{seed}  found by make soak on {day}\n")


def _crash(kills: int, first: int) -> Row:
    begun = time.monotonic()
    totals: Counter[str] = Counter()
    failed: list[int] = []
    seeds = range(first, first + -(-kills // KILLS_A_SEED))
    for number, seed in enumerate(seeds):
        asked = min(KILLS_A_SEED, kills - number * KILLS_A_SEED)
        done = _python("crash", "--kills", str(asked), "--seed", str(seed))
        print(done.stdout + done.stderr, end="", file=sys.stderr)
        for count, name in re.findall(r"(\d+) (kills|acts|heads|starts)", done.stdout):
            totals[name] += int(count)
        if done.returncode:
            failed.append(seed)
    much = (
        f"{totals['kills']:,} kills -9 of three offices in {len(seeds)} runs, {totals['acts']:,} acts acknowledged, "
        f"{totals['heads']:,} heads seen, {totals['starts']:,} starts, in {_took(begun)}"
    )
    return Row("kills of real offices", much, f"{len(failed)} failing runs" if failed else "nothing", _listed(failed))


def _fuzz(seconds: int) -> Row:
    begun = time.monotonic()
    done = _python("fuzz", "--seconds", str(seconds), "--jobs", str(JOBS), "--keep")
    print(done.stdout + done.stderr, end="", file=sys.stderr)
    summary = re.search(r"fuzz: (\d+) parsers, ([0-9,]+) inputs, (\d+) broke", done.stdout)
    if summary is None:
        return Row("search of every parser", "not run", (done.stdout or done.stderr).strip()[:160], "")
    much = f"{summary[1]} parsers for {seconds} s each: {summary[2]} inputs, in {_took(begun)}"
    broken = [line.split()[0] for line in done.stdout.splitlines() if "BROKEN" in line]
    return Row("search of every parser", much, ", ".join(broken) or "nothing", "corpus" if not broken else "see .run")


def _python(module: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *words]
    return subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False)


def _listed(seeds: list[int]) -> str:
    return ", ".join(map(str, seeds)) or "none"


def _took(begun: float) -> str:
    seconds = time.monotonic() - begun
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
