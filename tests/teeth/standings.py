"""Wrong words of views, and the tests that must find them."""

from __future__ import annotations

from comity.model.acts.duty import LineCheck
from comity.model.history import Taken, View
from comity.views import crossing, sight
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import entered, replaced


def earliest_sight(view: View, party: str, taken: Taken) -> list[Taken]:
    """Whoever saw it in time on one branch of his log saw it in time."""
    first = min(_party_sights(view, party, taken), key=lambda each: each.entry.at_ms, default=None)
    return [] if first is None else [first]


_party_sights = sight.party_sights

STANDINGS: tuple[Tooth, ...] = (
    tooth(
        "one branch excuses the other",
        replaced(sight.party_sights, earliest_sight),
        "32_late_on_one_branch_is_late_for_ever",
    ),
    tooth(
        "a line found dead beside a start is nobody's business",
        entered(crossing.CROSSES, LineCheck, "takes no earlier check back"),
        "18_whatever_stops_a_start_flags_it_when_they_cross",
    ),
)
