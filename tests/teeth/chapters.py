"""Wrong rules of movements, operations and acting alone, and the tests that must find them."""

from __future__ import annotations

import dataclasses

from comity.model.acts.form import Nature
from comity.model.acts.movements import MovementArrive, MovementCancel
from comity.rules import movements as movement_rules
from comity.views.life import LIVES
from teeth.list_of_teeth import Tooth, tooth
from teeth.planting import altered, dropped, entered, together

CHAPTERS: tuple[Tooth, ...] = (
    tooth(
        "the end of a protection is a restraint",
        together(
            altered(MovementArrive, "nature", Nature.RESTRAINT),
            altered(MovementCancel, "nature", Nature.RESTRAINT),
        ),
        "15_end_of_a_protection_is_no_restraint",
        "15_end_of_a_protection_needs_the_passkey",
    ),
    tooth(
        "anyone at the centre ends its movements",
        dropped(movement_rules.by_who_asked),
        "22_movement_of_the_centre_is_ended_by_who_asked",
    ),
    tooth(
        "a denial outlasts the end",
        entered(LIVES, "movement", dataclasses.replace(LIVES["movement"], deeds=frozenset())),
        "16_movement_that_is_over_shows_as_over",
    ),
)
