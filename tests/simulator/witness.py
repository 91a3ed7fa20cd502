"""Who watches the network and the disks, and says at the end whether every promise was kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.office.audit import audit
from comity.office.messages import Heads, Response
from comity.office.office import Office
from comity.tlog.checkpoint import read_checkpoint


@dataclass
class Witness:
    """What was acknowledged, and every head that anybody showed."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    heads: dict[tuple[str, int], set[bytes]] = field(default_factory=dict)
    _seen: set[bytes] = field(default_factory=set)

    def saw(self, office: Office, answer: Response) -> None:
        """Checks what an honest office says of itself on the wire: it cosigned only what it has taken."""
        if not isinstance(answer, Heads):
            return
        for head in answer.heads:
            if head.note in self._seen:
                continue
            self._seen.add(head.note)
            checkpoint, _ = read_checkpoint(head.note)
            self.heads.setdefault((checkpoint.origin, checkpoint.size), set()).add(checkpoint.root)
            if head.held == checkpoint.size and office.notary.has_cosigned(head.note):
                held = office.logs.holding(checkpoint.origin, checkpoint.size, checkpoint.root)
                assert held is not None, f"{office.origin} cosigned {checkpoint.origin} {checkpoint.size} unheld"

    def check(self, honest: list[Office], liars: frozenset[str]) -> None:
        """Every promise, once all is healed; AssertionError names the first that was broken."""
        first = honest[0]
        entries = _entries(first)
        for office in honest[1:]:
            assert _entries(office) == entries, f"{office.origin} and {first.origin} hold other entries or verdicts"
        for entry_id, origin in self.acknowledged.items():
            assert first.history.find(entry_id) is not None, f"an acknowledged entry of {origin} is lost"
        for office in honest:
            assert not office.forked() - liars, f"{office.origin} sees honest logs as forked: {office.forked()}"
            assert office.fault() is None, f"{office.origin}: {office.fault()}"
            self._check_roots(office, first, liars)
            report = audit(office.logs, office.notary)
            assert not report.problems, f"{office.origin}: {report.problems[0]}"
        self._check_heads(first, liars)

    def _check_roots(self, office: Office, first: Office, liars: frozenset[str]) -> None:
        for origin in office.history.origins():
            if origin in liars:
                continue
            mine, other = office.logs.first(origin), first.logs.first(origin)
            assert mine is not None and other is not None
            assert (mine.size, mine.tree.root()) == (other.size, other.tree.root()), f"roots of {origin} differ"
            assert mine.noted is not None and mine.noted.size == mine.size, f"{origin} stands under no checkpoint"

    def _check_heads(self, office: Office, liars: frozenset[str]) -> None:
        for (origin, size), roots in self.heads.items():
            if origin in liars:
                continue
            branch = office.logs.first(origin)
            assert branch is not None
            assert roots == {branch.tree.root(size)}, f"two heads of {origin} at {size} conflict"


def _entries(office: Office) -> list[tuple[str, bool]]:
    taken = sorted(office.history.entries, key=lambda each: each.order)
    return [(each.entry.id, each.refusal is None) for each in taken]
