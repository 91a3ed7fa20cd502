"""Alerts: what the watch says, how grave it is, and the memory that keeps it from flickering.

A finding is what holds at one moment. It becomes an alert once it has held for as many new reports as its kind asks,
and stays one until it has not held for a while. Nothing here is a breach: that is an officer's word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from comity.model.acts.tracks import AlertKind

Kind = AlertKind
Severity = Literal["alarm", "warning", "notice"]

SEVERITY: dict[Kind, Severity] = {
    "loss": "alarm",
    "possible-loss": "notice",
    "predicted-loss": "warning",
    "area": "alarm",
    "possible-area": "warning",
    "near-area": "notice",
    "undeclared": "warning",
    "deviation": "alarm",
    "back": "notice",
    "landing": "notice",
    "lost": "warning",
    "overdue": "warning",
    "implausible": "notice",
    "identity": "warning",
}


LESSER: dict[Kind, tuple[Kind, ...]] = {"loss": ("possible-loss", "predicted-loss")}
GRAVER: dict[Kind, tuple[Kind, ...]] = {less: (kind,) for kind, each in LESSER.items() for less in each}
"""What is said of a pair no more while the graver stands of it: it would be a second alert of one thing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What holds of some tracks now. `thing` is the area, flight or movement concerned; None is not known.

    `reported_ms` is the time of the newest report that it rests on, or the moment itself if it rests on silence.
    It `needs` to hold for so many new reports before it is an alert. `rows` are those of the moment's air that it is
    about, which may be claims; silence has none. `near` are others that a silent track may be near.
    """

    kind: Kind
    identities: tuple[str, ...]
    reported_ms: int
    words: str | Callable[[], str]
    clause: str
    thing: str = ""
    horizontal_m: float | None = None
    vertical_m: float | None = None
    in_s: float | None = None
    age_s: float = 0.0
    doubts: tuple[str, ...] = ()
    strength: str = ""
    needs: int = 1
    rows: tuple[int, ...] = ()
    near: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """The words, made when they are read: most findings are those of an alert that stands, which nobody reads."""
        return self.words if isinstance(self.words, str) else self.words()

    @property
    def key(self) -> tuple[str, ...]:
        return (self.kind, self.thing, *self.identities)


@dataclass(frozen=True, slots=True)
class Alert:
    """A finding that stands: since when, and the words of its newest moment."""

    finding: Finding
    since_ms: int
    at_ms: int

    @property
    def severity(self) -> Severity:
        return SEVERITY[self.finding.kind]


@dataclass(slots=True)
class _Held:
    last_ms: int
    reported_ms: int = -1
    reports: int = 0
    alert: Alert | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one moment: alerts that began, that stand (those that began among them), and that ended."""

    began: tuple[Alert, ...]
    standing: tuple[Alert, ...]
    ended: tuple[Alert, ...]


@dataclass(slots=True)
class Memory:
    """What was found before, of one watch; bounded by what is found now and was found within `calm_s`."""

    calm_s: float = 30.0
    _held: dict[tuple[str, ...], _Held] = field(default_factory=dict)

    def hear(self, findings: Iterable[Finding], now_ms: int) -> Heard:
        """Takes the findings of a moment and says which alerts they make; moments come in order."""
        due = []
        for finding in findings:
            held = self._held.get(finding.key)
            if held is None:
                held = self._held[finding.key] = _Held(now_ms)
            if finding.reported_ms > held.reported_ms:
                held.reports, held.reported_ms = held.reports + 1, finding.reported_ms
            held.last_ms = now_ms
            if held.alert is not None:
                held.alert = replace(held.alert, finding=finding, at_ms=now_ms)
            elif held.reports >= finding.needs:
                due.append(finding)
        forgotten = self._forget(now_ms)
        began = tuple(self._begin(due, now_ms))
        ended = (*forgotten, *self._silenced(began))
        standing = tuple(held.alert for held in self._held.values() if held.alert is not None)
        return Heard(began, standing, ended)

    def go_on(self, alerts: Iterable[Alert], now_ms: int) -> None:
        """Takes up the alerts that an earlier watch left standing: each stands until it has not held for `calm_s`."""
        for alert in alerts:
            self._held[alert.finding.key] = _Held(now_ms, alert=alert)

    def stands(self, key: tuple[str, ...]) -> bool:
        """Whether an alert of that key stands."""
        held = self._held.get(key)
        return held is not None and held.alert is not None

    def shift(self, by_ms: int) -> None:
        """The clock stepped by so much: what was heard was heard as long ago as before."""
        for held in self._held.values():
            held.last_ms, held.reported_ms = held.last_ms + by_ms, held.reported_ms + by_ms
            if held.alert is not None:
                finding = replace(held.alert.finding, reported_ms=held.alert.finding.reported_ms + by_ms)
                held.alert = Alert(finding, held.alert.since_ms + by_ms, held.alert.at_ms + by_ms)

    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The keys of the alerts that stand."""
        return tuple(key for key, held in self._held.items() if held.alert is not None)

    def _begin(self, due: Iterable[Finding], now_ms: int) -> Iterator[Alert]:
        """What is due becomes an alert, the graver first, unless something graver stands of the same."""
        for finding in sorted(due, key=lambda each: each.kind in GRAVER):
            held = self._held[finding.key]
            covered = any(self.stands((kind, *finding.key[1:])) for kind in GRAVER.get(finding.kind, ()))
            if held.alert is None and not covered:
                held.alert = Alert(finding, now_ms, now_ms)
                yield held.alert

    def _silenced(self, began: Iterable[Alert]) -> Iterator[Alert]:
        """What stood of the same and is less than what has begun, and stands no more."""
        for alert in began:
            for kind in LESSER.get(alert.finding.kind, ()):
                held = self._held.get((kind, *alert.finding.key[1:]))
                if held is not None and held.alert is not None:
                    yield held.alert
                    held.alert = None

    def _forget(self, now_ms: int) -> tuple[Alert, ...]:
        ended = []
        for key, held in list(self._held.items()):
            quiet_s = (now_ms - held.last_ms) / 1000
            if quiet_s > (self.calm_s if held.alert is not None else 0):
                del self._held[key]
                if held.alert is not None:
                    ended.append(held.alert)
        return tuple(ended)
