"""A program that appends to two logs of a store together until it is stopped, and says each time how far it got.

python store_writer.py <file>
"""

import sys
from pathlib import Path

from comity.tlog.sqlite import SqliteStore
from comity.tlog.store import Row


def row_at(seq: int) -> Row:
    """The row that stands at this place, the same on every run."""
    return Row(b"leaf %d " % seq + bytes([seq % 256]) * (seq % 3000), b"mark %d" % seq)


def note_at(size: int) -> bytes:
    """What stands for the signed checkpoint at this size."""
    return b"note %d" % size


def main(path: Path) -> None:
    """Append rows in batches of one to seven, for ever."""
    store = SqliteStore(path)
    north, south = store.open_branch("demo/north"), store.open_branch("demo/south")
    size = store.size(north)
    while True:
        stop = size + 1 + size % 7
        with store.together():
            for branch in (north, south):
                store.append(branch, size, [row_at(seq) for seq in range(size, stop)], note_at(stop))
        size = stop
        print(size, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
