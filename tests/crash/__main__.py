"""Mistreats three real offices: python -m crash --kills 200 --seed 1 (tests on the path); says what came of it.

Exit 0 if every promise was kept, 1 with the first that was not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from crash.offices import Trial


def main() -> int:
    """One seed; the moments still depend on the machine, so a seed does not replay exactly."""
    parser = argparse.ArgumentParser(prog="crash", description=__doc__)
    parser.add_argument("--kills", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-crash-") as place:
        begun = time.monotonic()
        trial = Trial(Path(place), given.seed)
        try:
            trial.run(given.kills)
            trial.check()
        except AssertionError as error:
            print(f"crash: seed {given.seed}: {error}", file=sys.stderr)
            return 1
        finally:
            trial.close()
    seen = trial.seen
    print(
        f"crash: seed {given.seed}, {trial.blows} kills in {time.monotonic() - begun:.0f} s, "
        f"{sum(map(len, seen.acknowledged.values()))} acts acknowledged, {len(seen.heads)} heads seen, "
        f"{seen.starts.total()} starts again, nothing lost"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
