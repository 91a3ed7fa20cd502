"""Laws 17, 18 and 19: what a start rests on, what a consent covers, and what it costs its giver."""

from __future__ import annotations

from comity.model.acts.keys import Rotate
from comity.model.acts.operations import (
    OperationConsent,
    OperationCounter,
    OperationRefuse,
    OperationRetract,
)
from comity.model.entry import Second
from comity.model.spans import MINUTE_MS
from comity.views.flags import flags
from laws.agreement import Draft, Names, key_of
from laws.plays import (
    Play,
    admitted,
    authorise,
    designate,
    dissolve,
    fact,
    hold,
    lift,
    line_check,
    movement,
    refused,
    stage,
    treat,
    volume,
)
from laws.world import SIGNATURE, World

THREE = Draft(names=Names(signatories=("north", "south", "east")))


def test_law_17_uncited_consent_does_not_count() -> None:
    """A start claims consents that it does not name, so nobody can say which ones it rests on."""
    play = stage(World(THREE))
    refused(play.start(citing=(play.consents["east"],)), "operation", 17)
    admitted(play.start())


def test_law_17_consent_to_another_request_does_not_count() -> None:
    """A consent to a harmless request is cited for another one."""
    play = stage()
    other = Play(play.world, operation="op-2", place="quarry")
    other.propose()
    refused(other.start(citing=(play.consents["south"],)), "operation", 17)


def test_law_17_other_party_does_not_execute() -> None:
    """The party that consented starts the operation itself."""
    play = stage()
    refused(play.start(by="south"), "operation.executing", 17)


def test_law_17_one_start_a_request() -> None:
    """One consent is used for two operations."""
    play = stage()
    admitted(play.start())
    refused(play.start(), "operation.start", 17)
    play.end()
    refused(play.start(), "operation.start", 17)


def test_law_17_drafter_does_not_consent() -> None:
    """One officer drafts a request for the other party's operation and consents to it as well."""
    play = Play(World(), drafted_by="south")
    designate(play.world)
    play.propose()
    refused(play.consent(officer="first"), "operation.drafter", 17)
    admitted(play.consent(officer="second"))


def test_law_17_drafter_with_a_new_key_does_not_consent() -> None:
    """The drafter has his key rotated and consents with the new one."""
    play = Play(World(), drafted_by="south")
    designate(play.world)
    play.propose()
    old, new = play.world.key("south", "first"), key_of("a new key")
    rotate = Rotate(old=old, officer="first.south", seats=("duty",), key=new, proof=SIGNATURE)
    admitted(play.world.sign("south", rotate, officer="root", seat="root"))
    refused(play.consent(key=new), "operation.drafter", 17)


def test_law_17_drafter_does_not_consent_second() -> None:
    """The drafter lends his signature as the second officer of the consent."""
    play = Play(World(), drafted_by="south")
    designate(play.world)
    play.propose()
    second = Second(key=play.world.key("south", "first"), seat="duty", signature=SIGNATURE)
    refused(play.consent(officer="second", second=second), "operation.drafter", 17)


def test_law_17_consent_names_the_executing_party() -> None:
    """A consent is read as covering another executing party than the one that its giver had in mind."""
    play = stage(World(THREE))
    act = OperationConsent(
        request=play.request.entry.id, executing="east", expires_ms=play.world.at_ms + 10 * MINUTE_MS
    )
    refused(play.world.sign("south", act, officer="second"), "operation.executing")


def test_law_17_every_cited_consent_is_live() -> None:
    """A start cites a live consent in front and a withdrawn one of the same giver behind it."""
    play = stage()
    first = play.consents["south"]
    second = admitted(play.consent())
    play.confirm()
    admitted(play.withdraw())
    play.world.share()
    refused(play.start(citing=(first, second)), "operation.lease", 25)
    admitted(play.start(citing=(first,)))


def test_law_17_withdrawn_consent_does_not_count() -> None:
    """A start is signed after its executing party has seen the withdrawal."""
    play = stage()
    admitted(play.withdraw())
    play.world.share()
    refused(play.start(), "operation.lease", 25)


def test_law_17_closed_request_is_not_started() -> None:
    """A request that was refused, taken back or countered is started with a consent given before."""
    for by, kind in (("south", "refuse"), ("north", "retract"), ("south", "counter")):
        play = stage()
        request = play.request.entry.id
        acts = {
            "refuse": OperationRefuse(request=request, reason="unsafe"),
            "retract": OperationRetract(request=request),
            "counter": OperationCounter(
                request=request,
                operation="op-2",
                area="valley",
                group="bands",
                executing="north",
                volume=volume("orchard"),
            ),
        }
        admitted(play.world.sign(by, acts[kind], officer="second"))
        play.world.share()
        refused(play.start(), "operation")


def test_law_17_later_withdrawal_keeps_the_start() -> None:
    """A party withdraws after the fact so that the start looks unlawful to those who hear of both at once."""
    play = stage()
    start = admitted(play.start())
    play.world.share()
    admitted(play.withdraw())
    play.world.share()
    for name in play.world.offices:
        assert play.world.verdict(name, start) is None


def test_law_17_outside_the_area() -> None:
    """An operation is wholly inside an area in force, to the last ten-millionth of a degree."""
    world = World()
    designate(world, place="orchard")
    play = Play(world)
    admitted(play.propose())
    refused(Play(world, operation="op-2", place="quarry").propose(), "operation.area")


def test_law_18_consent_does_not_cover_a_later_fact() -> None:
    """A shelter is reported after the consent; the executing party knows and starts all the same."""
    play = stage()
    fact(play.world, "monitor")
    play.world.share()
    refused(play.start(), "operation.drift", 18)


def test_law_18_consent_given_anew_covers_it() -> None:
    """A fact that the giver has weighed must not bar for ever."""
    play = stage()
    fact(play.world, "monitor")
    play.world.share()
    admitted(play.consent())
    admitted(play.confirm())
    play.world.share()
    admitted(play.start())


def test_law_18_each_cited_consent_covers_it() -> None:
    """One of two givers knew of the fact, the other did not."""
    play = stage(World(THREE))
    fact(play.world, "monitor")
    play.world.share()
    play.consent("south")
    play.confirm("south")
    play.world.share()
    refused(play.start(), "operation.drift", 18)


def test_law_18_fact_elsewhere_changes_nothing() -> None:
    """A fact about another valley, or another time, stops every operation."""
    play = stage()
    fact(play.world, "monitor", "quarry")
    play.world.share()
    admitted(play.start())


def test_law_18_concurrent_fact_flags() -> None:
    """A fact that the executing party had not seen voids its start afterwards, or is forgotten."""
    play = stage()
    start = admitted(play.start())
    fact(play.world, "monitor")
    play.world.share()
    for name in play.world.offices:
        held = play.world.local(name, start)
        assert held.refusal is None and "concurrent" in flags(play.world[name].view, held)


def test_law_18_changed_area_is_a_fact() -> None:
    """The area is redrawn after the consent, which covered another one."""
    play = stage()
    designate(play.world, "wide")
    refused(play.start(), "operation.drift", 18)


def test_law_18_dissolved_area_permits_nothing() -> None:
    """The area is dissolved after the consent, and the operation starts all the same."""
    play = stage()
    dissolve(play.world)
    refused(play.start(), "operation.area", 11)


def test_law_18_changed_treatment_is_a_fact() -> None:
    """The group is treated otherwise after the consent."""
    play = stage()
    treat(play.world, "bands", "coordinated")
    refused(play.start(), "operation.drift", 18)


def test_law_18_group_taken_in_is_not_started_against() -> None:
    """A group joins the cessation; a consent given anew to the old request must not reach it."""
    play = stage()
    treat(play.world, "bands", "inside")
    refused(play.consent(), "operation.area")
    refused(play.start(), "operation.area")


def test_law_18_hold_lifted_is_still_a_fact() -> None:
    """A consent given before a hold comes back to life when the hold is lifted."""
    play = stage()
    held = hold(play.world, "centre", volume=volume("orchard"))
    play.world.share()
    lift(play.world, held)
    refused(play.start(), "operation.drift", 18)


def test_law_18_movement_is_a_fact() -> None:
    """A consent given before a movement was asked for covers it."""
    play = stage()
    movement(play.world, "centre")
    play.world.share()
    refused(play.start(), "operation.drift", 18)


def crossing(place: str = "orchard") -> tuple[Play, Play]:
    """North has consented to south's operation, south to north's, in volumes that meet."""
    ours = stage()
    theirs = Play(ours.world, executing="south", drafted_by="south", operation="op-2", place=place)
    theirs.propose()
    admitted(theirs.consent("north"))
    admitted(theirs.confirm("north"))
    return ours, theirs


def test_law_19_own_consent_bars() -> None:
    """Both parties consent to each other's operation in one volume and start at the same moment."""
    ours, theirs = crossing()
    refused(ours.start(), "operation.start", 19)
    ours.world.deliver("north", "south")
    refused(theirs.start(), "operation.start", 19)


def test_law_19_own_consent_elsewhere_bars_nothing() -> None:
    """A consent over one valley bars its giver everywhere."""
    ours, _ = crossing("quarry")
    admitted(ours.start())


def test_law_19_own_consent_bars_until_the_withdrawal_is_seen() -> None:
    """The giver withdraws and starts at once, while the other starts without having seen the withdrawal."""
    ours, theirs = crossing()
    admitted(theirs.withdraw("north"))
    refused(ours.start(), "operation.start", 19)
    ours.world.share()
    hold(ours.world, "south", volume=volume("quarry"))
    ours.world.share()
    admitted(ours.start())


def test_law_19_own_consent_bars_until_the_lease_is_over_for_both() -> None:
    """The giver's clock says that the lease is over; the executing party, not heard of since, may have started."""
    world = World()
    designate(world)
    ours = Play(world).ready()
    theirs = Play(world, executing="south", drafted_by="south", operation="op-2")
    theirs.propose()
    admitted(theirs.consent("north", lease_min=20))
    world["north"].at_ms += 21 * MINUTE_MS
    refused(ours.start(), "operation.start", 19)
    world["south"].at_ms += 21 * MINUTE_MS
    line_check(world, "south", "north")
    world.deliver("south", "north")
    admitted(ours.start())


def started_by_the_other() -> tuple[Play, Play]:
    """South's operation, consented to by north, is under way; south then consents to north's in the same volume."""
    world = World()
    designate(world)
    theirs = Play(world, executing="south", drafted_by="south", operation="op-2").ready()
    admitted(theirs.start())
    world.share()
    ours = Play(world, operation="op-3").ready()
    return ours, theirs


def test_law_19_operation_under_way_bars() -> None:
    """A party starts into the other's operation because the lease on which that rests is over."""
    ours, theirs = started_by_the_other()
    refused(ours.start(), "operation.start", 19)
    world = ours.world
    world.tick(121)
    world.check_lines()
    ours.consent()
    ours.confirm()
    world.share()
    refused(ours.start(), "operation.start", 19)
    theirs.end()
    world.share()
    admitted(ours.start())


def test_law_17_integration_ends_at_the_first_clock() -> None:
    """An integrated operation starts after the authority that allowed it has passed the end that it gave."""
    world = World()
    designate(world)
    authorise(world, "north", "south")
    play = Play(world, authorisation="joint")
    admitted(play.propose())
    admitted(play.consent())
    play.confirm()
    world["south"].at_ms += 61 * MINUTE_MS
    line_check(world, "south", "north")
    world.share()
    refused(play.start(), "integration")


def test_law_17_integration_needs_every_authority() -> None:
    """One national authority allows what needs both."""
    world = World()
    designate(world)
    authorise(world, "north")
    refused(Play(world, authorisation="joint").propose(), "integration")


def test_law_17_integrated_names_its_authorisation() -> None:
    """An operation that the agreement makes integrated goes round the authorities by naming none."""
    play = stage()
    treat(play.world, "bands", "integrated")
    refused(play.start(), "integration")
    refused(Play(play.world, operation="op-2").propose(), "integration")
    authorise(play.world, "north", "south")
    admitted(Play(play.world, operation="op-3", authorisation="joint").propose())
