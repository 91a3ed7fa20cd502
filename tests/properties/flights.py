"""What the slow reference says of declared flights: where they may be, what is settled, what a consent has not seen."""

from __future__ import annotations

from collections.abc import Sequence

from comity.model.acts.flights import SEPARATIONS, ConflictAnswer, FlightChange, FlightClose, FlightDeclare
from comity.model.acts.movements import MovementClear, MovementRequest
from comity.model.acts.operations import OperationPropose
from comity.model.spans import HOUR_MS
from comity.model.volume import Volume, Window
from properties.joint import Known
from properties.judgement import Judgement, _meet, _rings_meet, _volume


def version(case: Judgement, declared: Known) -> Known:
    """The newest word on what the flight is."""
    changes = [each for each in case.all(FlightChange) if each.act.declaration == declared.id]  # type: ignore[attr-defined]
    return max(changes, key=lambda each: each.order, default=declared)


def is_closed(case: Judgement, declaration: str) -> bool:
    """Whether anybody who may has closed it, or all have lifted it."""
    return case.is_lifted(declaration) or any(each.act.declaration == declaration for each in case.all(FlightClose))  # type: ignore[attr-defined]


def is_overdue(case: Judgement, declared: Known, at_ms: int) -> bool:
    """By the last clock: that of who asks, or the owner's own; one word stands no longer than the terms say."""
    said = version(case, declared)
    window = _volume(said).window
    due_ms = max(window.from_ms, said.at_ms) + case.numbers["flight_word_stands_h"] * HOUR_MS
    if window.until_ms is not None:
        due_ms = min(due_ms, window.until_ms)
    return not is_closed(case, declared.id) and max(at_ms, case.newest_ms(declared.party)) >= due_ms


def room(case: Judgement, declared: Known, at_ms: int) -> Volume:
    """As declared, and without an end once it is overdue."""
    volume = _volume(version(case, declared))
    if not is_overdue(case, declared, at_ms):
        return volume
    return Volume(volume.ring, volume.band, Window(volume.window.from_ms, None))


def present(case: Judgement, volume: Volume, at_ms: int, besides: str) -> list[Known]:
    """The flights of others in a volume."""
    return [
        each
        for each in case.all(FlightDeclare)
        if each.party != besides and not is_closed(case, each.id) and _meet(room(case, each, at_ms), volume)
    ]


def all_settled(case: Judgement, thing: Known, said: Known, party: str, volume: Volume) -> bool:
    """Whether both have named the same separation for every flight of another in the volume of a thing."""
    return all(
        _settled(case, each, thing.id, (each, version(case, each), said), party)
        for each in present(case, volume, case.at_ms, party)
    )


def protected(case: Judgement, asked: Known) -> Volume:
    """A movement's air: without an end once it is cleared."""
    volume = case.asked(asked).volume
    if not case.of(MovementClear, asked.id):
        return volume
    return Volume(volume.ring, volume.band, Window(volume.window.from_ms, None))


def owner(thing: Known) -> str:
    """Whose a thing is: an operation is who executes it."""
    return thing.act.executing if isinstance(thing.act, OperationPropose) else thing.party


def in_one_air(case: Judgement, declared: Known, other: Known) -> bool:
    """Whether a flight and another thing that takes room share a place."""
    if isinstance(other.act, FlightDeclare):
        volume = _volume(version(case, other))
    elif isinstance(other.act, MovementRequest):
        volume = case.asked(other).volume
    elif isinstance(other.act, OperationPropose):
        volume = other.act.volume
    else:
        return False
    return _rings_meet(_volume(version(case, declared)).ring, volume.ring)


def consent_knew(case: Judgement, given: Known, volume: Volume, executing: str) -> bool:
    """Whether the consent had seen every flight as it is now."""
    then = Judgement(case.drafts, case.founding_hash, given.entry, given.past)
    knew = {_as_it_is(then, each, given.at_ms) for each in present(then, volume, given.at_ms, "")}
    return all(_as_it_is(case, each, case.at_ms) in knew for each in present(case, volume, case.at_ms, executing))


def _as_it_is(case: Judgement, declared: Known, at_ms: int) -> tuple[str, bool]:
    return version(case, declared).id, is_overdue(case, declared, at_ms)


def _settled(case: Judgement, declared: Known, other: str, said: Sequence[Known], party: str) -> bool:
    words = []
    for side in {declared.party, party} & set(case.draft.names.all):
        own = [each for each in case.all(ConflictAnswer) if each.party == side and _names(each, declared.id, other)]
        own = [each for each in own if _counts(case, each, declared, said)]
        if not own:
            return False
        words.append(max(own, key=lambda each: each.order).act.answer)  # type: ignore[attr-defined]
    return not words or (len(set(words)) == 1 and words[0] in SEPARATIONS)


def _names(known: Known, one: str, other: str) -> bool:
    act = known.act
    assert isinstance(act, ConflictAnswer)
    return {act.declaration, act.other} == {one, other}


def _counts(case: Judgement, known: Known, declared: Known, said: Sequence[Known]) -> bool:
    if case.is_stolen(known) or not all(each in known.past for each in said):
        return False
    then = Judgement(case.drafts, case.founding_hash, known.entry, known.past)
    return is_overdue(then, declared, known.at_ms) or not is_overdue(case, declared, case.at_ms)
