"""Which alerts are shown when there are more than fit: the gravest, of each group of sources in turn, the newest first.

So whoever makes alerts by the thousand crowds out its own, and nobody's of whom other feeds tell. Pure.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from comity.views.sky.alerts import SEVERITY, Alert
from comity.views.sky.report import GRAVITY


def shown(alerts: Sequence[Alert], sources: Mapping[str, str], most: int) -> list[int]:
    """The numbers in the sequence of up to so many, in its order; `sources` tells each identity's source."""
    if len(alerts) <= most:
        return list(range(len(alerts)))
    return sorted(islice(_in_turns(alerts, sources), most))


def _in_turns(alerts: Sequence[Alert], sources: Mapping[str, str]) -> Iterator[int]:
    groups: dict[int, dict[frozenset[str], deque[int]]] = {gravity: {} for gravity in sorted(GRAVITY.values())}
    newest = sorted(range(len(alerts)), key=lambda number: (alerts[number].since_ms, number), reverse=True)
    for number in newest:
        finding = alerts[number].finding
        group = frozenset(sources.get(name, name) for name in finding.identities)
        groups[GRAVITY[SEVERITY[finding.kind]]].setdefault(group, deque()).append(number)
    for each in groups.values():
        yield from _round_robin(each.values())


def _round_robin(groups: Iterable[deque[int]]) -> Iterator[int]:
    waiting = list(groups)
    while waiting:
        for group in waiting:
            yield group.popleft()
        waiting = [group for group in waiting if group]
