"""Judging the past of a case anew: what only the product does, since it needs every rule and not just the bytes.

Invariant: an entry is judged against its own past and nothing else, exactly as every office judged it.
"""

from __future__ import annotations

from comity.interfaces.case.claims import Admitted, Refused
from comity.interfaces.case.evidence import Evidence
from comity.interfaces.case.report import NotEnough, Refuted
from comity.model.errors import Malformed
from comity.model.history import History, Missing, Taken
from comity.rules.judge import judge


def judge_all(evidence: Evidence) -> History:
    """A history of everything shown from the first entry of its log on, each entry judged; Refuted if the terms fail.

    A log ends where an entry is malformed or its past is not here.
    """
    try:
        history = History(evidence.contents.founding)
    except Malformed as error:
        raise Refuted(str(error)) from None
    waiting = {origin: 0 for origin, tree in evidence.trees.items() if tree.whole_until}
    moved = True
    while moved:
        moved = False
        for origin in sorted(waiting):
            taken = _take_from(evidence, history, origin, waiting[origin])
            moved = moved or taken > waiting[origin]
            waiting[origin] = taken
    return history


def check_verdict(history: History, claim: Admitted | Refused) -> str:
    """The verdict on the claimed entry, in words, if it is as claimed."""
    taken = history.find(claim.entry)
    if taken is None:
        raise NotEnough(f"the past of entry {claim.entry[:8]} is not all here, or breaks the laws of structure")
    return _compare(taken, claim)


def _compare(taken: Taken, claim: Admitted | Refused) -> str:
    refusal = taken.refusal
    if refusal is not None and refusal.is_unjudged:
        raise NotEnough(f"entry {claim.entry[:8]} is {refusal}")
    if isinstance(claim, Admitted):
        if refusal is not None:
            raise Refuted(f"judged anew, entry {claim.entry[:8]} is {refusal}")
        return f"judged anew, entry {claim.entry[:8]} is admitted"
    if refusal is None:
        raise Refuted(f"judged anew, entry {claim.entry[:8]} is admitted")
    if claim.clause and refusal.clause != claim.clause:
        raise Refuted(f"judged anew, entry {claim.entry[:8]} is {refusal}, not by {claim.clause}")
    return f"judged anew, entry {claim.entry[:8]} is {refusal}"


def _take_from(evidence: Evidence, history: History, origin: str, seq: int) -> int:
    """Takes what can be taken of one log from a position on; gives the next position."""
    tree = evidence.trees[origin]
    while seq < tree.whole_until:
        leaf, root = tree.leaf(seq), tree.root(seq + 1)
        assert leaf is not None and root is not None, "whole from the first leaf on"
        entry = evidence.entry_of(leaf)
        try:
            placement = history.place(entry)
        except Malformed:
            return tree.size
        if isinstance(placement, Missing):
            return seq
        refusal = judge(entry, history.view(placement.clock))
        history.take(entry, placement, root, refusal)
        seq += 1
    return seq
