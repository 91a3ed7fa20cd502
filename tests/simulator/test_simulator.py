"""Seeds of the simulated world: every promise is kept, a seed replays exactly, and planted faults are found."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import pytest

from comity.model.spans import HOUR_MS
from comity.office.desk import Desk
from comity.office.intake import Intake
from comity.office.restart import Restart
from simulator.disk import Disk
from simulator.options import options_of
from simulator.run import run
from thorough import deep

BATCHES = deep(8, 1)
SEEDS, ENTRIES, CRASHES, PARTITIONS = deep((25, 6_250, 250, 250), (6, 500, 20, 20))  # at least, in each batch
REPLAYED = deep((5, 8, 10), (10,))
KEPT = Path(__file__).parent / "seeds.txt"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_promises_are_kept(batch: int) -> None:
    """Through crashes, cuts, lost messages, wrong clocks, old backups and a forking party, every promise is kept."""
    seed = batch * 1_000
    seeds = entries = crashes = partitions = 0
    while seeds < SEEDS or entries < ENTRIES or crashes < CRASHES or partitions < PARTITIONS:
        outcome = played(seed)
        entries, crashes, partitions = (
            entries + outcome[0],
            crashes + outcome[1],
            partitions + outcome[2],
        )
        seed, seeds = seed + 1, seeds + 1
    print(f"batch {batch}: {seeds} seeds, {entries} entries, {crashes} crashes, {partitions} partitions")


@pytest.mark.parametrize("seed", [int(line.split()[0]) for line in KEPT.read_text().splitlines() if line[:1].isdigit()])
def test_seeds_that_once_failed(seed: int) -> None:
    """A seed that once found a fault is played for ever."""
    played(seed)


@pytest.mark.parametrize("seed", REPLAYED)
def test_a_seed_replays_exactly(seed: int) -> None:
    """One seed gives the same entries in the same order at the same moments, every time."""
    first, again = run(seed), run(seed)
    assert first == again
    assert first.trace == again.trace


def played(seed: int) -> tuple[int, int, int]:
    """Entries, crashes and partitions of a seed; a failure names the seed and all its options."""
    try:
        outcome = run(seed)
    except AssertionError as error:
        raise AssertionError(f"seed {seed}: {error}\n{options_of(seed)}") from error
    return outcome.entries, outcome.crashes, outcome.partitions


def found(seeds: Iterable[int], **changes: object) -> bool:
    """Whether some seed finds what was planted; those that found it last stand first."""
    for seed in seeds:
        options = dataclasses.replace(options_of(seed), **changes)  # type: ignore[arg-type]
        try:
            run(seed, options)
        except AssertionError:
            return True
    return False


def test_an_acknowledgement_before_the_disk_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that says done and forgets what only it held loses acknowledged entries: the simulator sees it."""
    monkeypatch.setattr("simulator.run.Play._replicated", lambda self, machine: 4)
    assert found(range(0, 6), lost_tails=True, old_backups=False)


def test_an_office_that_asks_no_mirror_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that trusts its disk after a rollback forks its own log."""
    monkeypatch.setattr(Restart, "fault", lambda self, peers: None)
    harsh = {"cut_every_ms": HOUR_MS, "cut_longest_ms": 8 * HOUR_MS, "crash_every_ms": 2 * HOUR_MS}
    assert found((10, 8, 6, 12, *range(6)), lost_tails=True, old_backups=True, liar=None, **harsh)


def test_a_cosignature_before_taking_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cosignature over what was not taken whole is seen on the wire or in the audit."""

    def eager(self: Intake, page: object, branch: object, is_longer: object) -> None:
        note = page.cover.note  # type: ignore[attr-defined]
        if branch is not None:
            branch.note, branch.noted = note, page.checkpoint  # type: ignore[attr-defined]

    monkeypatch.setattr(Intake, "_vouch", eager)
    assert found(range(0, 6))


def test_a_refusal_of_the_door_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    """An office that keeps another verdict than the judge's is found by the audit."""
    true_add = Desk.submit

    def careless(self: Desk, *arguments: object) -> object:
        self._refused = lambda *ignored: None  # type: ignore[method-assign]
        return true_add(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Desk, "prepare", _prepare_unjudged)
    monkeypatch.setattr(Desk, "submit", careless)
    assert found(range(0, 4))


def _prepare_unjudged(self: Desk, act: object, seat: str, key: str, *_: object) -> object:
    json = self._json(act, seat, key, self._logs.history.now())  # type: ignore[arg-type]
    return self._draft(json, {})


def test_disk_forgets_nothing_else() -> None:
    """The disk of the simulator does again exactly what was done."""
    disk = Disk()
    store = disk.open()
    branch = store.open_branch("demo/north")
    store.put("key", b"value")
    assert disk.open().branches() == store.branches()
    assert disk.open().size(branch) == 0
