"""Wrong rules of what later acts rest on, and the tests that must find them."""

from __future__ import annotations

from comity.model.history import Taken, View
from comity.model.records import authorisations, operations
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import replaced


def authorised_by_the_clocks_alone(
    view: View, authorisation: str, party: str, area: str, group: str, relying: str, at_ms: int
) -> bool:
    """An authorisation is live until the moment that it names."""
    granted = authorisations.granted_by(view, authorisation, party)
    if granted is None:
        return False
    last_ms: int = granted.entry.act.until_ms  # type: ignore[union-attr]
    return max(at_ms, operations.newest_at(view, party)) <= last_ms


def never_drawn_anew(view: View, granted: Taken, area: str) -> bool:
    """An area is its name."""
    return False


RELIED_ON: tuple[Tooth, ...] = (
    tooth(
        "authorisations end by the clocks alone",
        replaced(authorisations.is_authorised, authorised_by_the_clocks_alone),
        "28_step_of_the_giver_revives_no_authorisation",
        "28_step_of_the_user_revives_no_authorisation",
        "33_compromised_ends_authorisations_seen",
        "12_authorisation_dies_with_its_terms",
    ),
    tooth(
        "an authorisation follows the name of the area",
        replaced(authorisations._drawn_anew, never_drawn_anew),
        "18_authorisation_covers_the_area_that_its_giver_knew",
    ),
)
