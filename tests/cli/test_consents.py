"""Consents that were given more than once: what a withdrawal takes back, what still stands, what a start cites."""

from __future__ import annotations

from typing import Any, cast

import pytest

from cli.test_signing import ANN, YES, FakeDoor, draft
from comity.interfaces.cli.lookups import Held, answer
from comity.interfaces.cli.meaning import Meaning
from comity.interfaces.cli.reach import Door, Submitted
from comity.interfaces.cli.signing import Manner, sign_and_hand_in
from comity.interfaces.cli.writing import write_act, write_acts
from comity.model.acts.operations import OperationStart, OperationWithdraw
from comity.model.errors import Misuse
from comity.views.operations import operations
from laws.plays import Play, admitted, stage
from laws.world import World

DONE = Submitted("ab", "pact/south", 0, ())


def meaning(world: World, who: str) -> Meaning:
    """What words mean at an office, with all that it holds."""
    held = Held(who, world[who].view, world[who].at_ms)
    return Meaning(who, world.founding_hash, held.now_ms, lambda question, text: answer(held, question, text))


def consented_twice(second_min: int = 30) -> tuple[Play, str, str]:
    """South has consented, and consented again for a shorter or a longer time."""
    play = stage()
    one = play.consents["south"].entry.id
    two = admitted(play.consent("south", lease_min=second_min)).entry.id
    admitted(play.confirm("south"))
    play.world.share()
    return play, one, two


def taken_back(play: Play, *fields: str) -> list[str]:
    """The consents that south's withdrawal names, signed one by one."""
    acts = write_acts("operation.withdraw", [play.request.entry.id, *fields], meaning(play.world, "south"))
    named = []
    for act in acts:
        assert isinstance(act, OperationWithdraw)
        admitted(play.world.sign("south", act))
        named.append(act.consent)
    play.world.share()
    return named


def test_a_withdrawal_takes_back_every_consent_that_stands() -> None:
    """Who renewed a lease withdraws one consent, twice, and the operation is started on the other."""
    play, one, two = consented_twice()
    assert taken_back(play) == [one, two]
    assert play.start(citing=(play.world.local("north", play.consents["south"]),)).refusal is not None
    assert operations(play.world["south"].view, play.world.at_ms)[0].status == "withdrawn"
    with pytest.raises(Misuse, match=r"south has no consent to .* that stands; name one with consent="):
        taken_back(play)
    assert taken_back(play, f"consent={two}") == [two]


def test_a_withdrawal_of_one_names_that_one() -> None:
    """An officer who names one consent takes back another."""
    play, one, two = consented_twice()
    assert taken_back(play, f"consent={one}") == [one]
    assert taken_back(play) == [two]


def test_a_lapsed_consent_needs_no_withdrawal() -> None:
    """An officer signs away what is over, and believes that it was the one that stands."""
    play, one, _ = consented_twice()
    play.world.tick(31)
    assert taken_back(play) == [one]


@pytest.mark.parametrize("second_min", [30, 180])
def test_a_start_cites_what_stands(second_min: int) -> None:
    """The board says ready, and the start that the command line writes cites the consent that was withdrawn."""
    play, one, _ = consented_twice(second_min)
    admitted(play.withdraw())  # the newer one
    play.world.share()
    (standing,) = operations(play.world["north"].view, play.world["north"].at_ms)
    start = write_act("operation.start", [play.request.entry.id], meaning(play.world, "north"))
    assert isinstance(start, OperationStart) and start.consents == (one,)
    assert play.world.sign("north", start).refusal is None and standing.conditions == ()


def test_a_start_cites_what_has_not_lapsed() -> None:
    """A newer consent with a shorter lease has lapsed, and hides the older one that is live."""
    play, one, _ = consented_twice()
    admitted(play.consent("south", lease_min=30))
    play.world.share()
    play.world.tick(40)
    (standing,) = operations(play.world["north"].view, play.world["north"].at_ms)
    assert standing.consents["south"].entry.id == one
    start = write_act("operation.start", [play.request.entry.id], meaning(play.world, "north"))
    assert isinstance(start, OperationStart) and start.consents == (one,)


class Asked(FakeDoor):
    """South's office in a world, with drafts and answers as given."""

    world: World

    def ask(self, question: str, text: str) -> Any:
        """What that office answers; nobody's seat is in doubt."""
        if question == "seats":
            return super().ask(question, text)
        return meaning(self.world, "south").ask(question, text)


def test_what_still_stands_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """A withdrawal says by when it binds everyone, and the operation may be started on another consent after that."""
    play, one, two = consented_twice()
    act = OperationWithdraw(request=play.request.entry.id, consent=two)
    door = Asked([draft(act)], [DONE])
    door.world = play.world
    assert sign_and_hand_in(cast(Door, door), act, ANN, None, YES) == 0
    told = capsys.readouterr()
    assert f"your consent {one[:8]} to the same request still stands" in told.err
    assert "in force no later than 2016-07-30 14:00:00Z" in told.out
    door = Asked([draft(act)], [DONE])
    door.world = play.world
    sign_and_hand_in(cast(Door, door), act, ANN, None, Manner(yes=True, as_json=True))
    assert f'"still_standing": [\n    "{one}"\n  ]' in capsys.readouterr().out
