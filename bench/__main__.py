"""`make bench`: every figure a ratio against a bound measured in the same run; absolute times are this machine's."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.catching_up import catching_up
from bench.growth import judging_does_not_grow, restart
from bench.proving import proving
from bench.sky_fence import fence
from bench.sky_flights import declared
from bench.sky_pairs import pairs
from bench.sky_volumes import volumes
from bench.sky_watch import watch
from bench.table import Table
from bench.together import signed_to_cosigned

PARTS: dict[str, Callable[[Table, Path, int], None]] = {
    "catching-up": catching_up,
    "proving": proving,
    "judging": judging_does_not_grow,
    "restart": restart,
    "together": signed_to_cosigned,
    "sky-pairs": pairs,
    "sky-fence": fence,
    "sky-volumes": volumes,
    "sky-flights": declared,
    "sky-watch": watch,
}


def main() -> int:
    """Runs the parts asked for, or all; prints one table."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"any of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--entries", type=int, default=100_000, help="the size of the long log (default 100,000)")
    given = parser.parse_args()
    table = Table()
    for name in given.parts or PARTS:
        if name not in PARTS:
            parser.error(f"no part {name}; known are {', '.join(PARTS)}")
        with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
            PARTS[name](table, Path(folder), given.entries)
    print(table.text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
