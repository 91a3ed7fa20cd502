"""What the lines between the offices are owed: to be tried, every so often and at the hours of the terms."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from comity.model.history import View
from comity.model.records.change import heads
from comity.model.spans import DAY_MS, HOUR_MS, MINUTE_MS
from comity.model.terms import LineCheckTime
from comity.views.duty import last_signs, own_line_checks
from comity.views.owing import Ledger, Obligation


def lines_owed(ledger: Ledger) -> Iterator[Obligation]:
    """Each two signatories check their line, each its own end, from when the terms are in force; every office gives a
    sign of life."""
    checked = own_line_checks(ledger.view)
    in_force_ms = _in_force_since_ms(ledger.view)
    within_ms = ledger.terms.span_ms("line_check_within_min")
    clause = ledger.clause("line_check_within_min")
    for debtor, creditor in permutations(sorted(ledger.terms.signatories), 2):
        last = checked.get((debtor, creditor))
        since_ms = last.entry.at_ms if last is not None else in_force_ms
        if since_ms is not None:
            what = f"check the line with {creditor}"
            yield Obligation(debtor, creditor, what, "line", clause, since_ms + within_ms)
    watch_ms = ledger.terms.span_ms("unstaffed_after_min")
    for party, last_ms in sorted(last_signs(ledger.view).items()):
        if ledger.now_ms - last_ms > watch_ms:
            clause = ledger.clause("unstaffed_after_min")
            yield Obligation(party, "all", "give a sign of life", "watch", clause, last_ms + watch_ms)


def daily_lines_owed(ledger: Ledger) -> Iterator[Obligation]:
    """At the hours of the terms each two signatories check their line, each its own end: the first since its last."""
    hours = ledger.terms.line_check
    if not hours:
        return
    checked, in_force_ms = own_line_checks(ledger.view), _in_force_since_ms(ledger.view)
    for debtor, creditor in permutations(sorted(ledger.terms.signatories), 2):
        last = checked.get((debtor, creditor))
        since_ms = last.entry.at_ms if last is not None else in_force_ms
        if since_ms is not None:
            due_ms, hour = min((_next_ms(each, since_ms), each.at_utc) for each in hours)
            clause = next(f"clause {each.clause}" for each in hours if each.at_utc == hour)
            what = f"check the line with {creditor}, as every day at {hour}Z"
            yield Obligation(debtor, creditor, what, "line", clause, due_ms)


def _next_ms(hour: LineCheckTime, since_ms: int) -> int:
    """The first such hour after a moment."""
    of_day_ms = int(hour.at_utc[:2]) * HOUR_MS + int(hour.at_utc[3:]) * MINUTE_MS
    found = since_ms - since_ms % DAY_MS + of_day_ms
    return found if found > since_ms else found + DAY_MS


def _in_force_since_ms(view: View) -> int | None:
    """When the last vote for the terms in force was given, milliseconds; None before that."""
    completed = [max(vote.entry.at_ms for vote in change.votes) for change in heads(view, "terms")]
    return min(completed, default=None)
