"""Laws 8 and 23 for precaution: what an office keeps to itself shuts its own door, and nobody else's but by a hold."""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.model.acts import Act
from comity.model.acts.duty import Layer, LayerUsed, PrecautionCheck
from comity.model.acts.operations import Hold, OperationConsent, OperationPropose
from comity.model.history import Taken
from comity.model.protected import Protected
from comity.model.records.change import terms_to_judge_by
from comity.model.spans import MINUTE_MS
from comity.model.verdict import Refusal
from comity.model.volume import Point, Window
from comity.office.precaution import Watchman
from comity.office.register import LAYER, MemoryRegister
from laws.agreement import Draft
from laws.plays import HALF_E7, Play, admitted, designate, hold, lift, refused, volume
from laws.world import World

ORCHARD: Point = (360_000_000, 370_000_000)
BESIDE: Point = (360_000_000 + HALF_E7 + 10_000, 370_000_000)  # some hundred metres north of the orchard's air
CLAUSES = (("4", "precaution"), ("4", "precaution.check"), ("4", "precaution.layer"))


@dataclass
class Keeping:
    """South keeps a register under terms that ask for the check; north asks for an operation in the orchard."""

    play: Play
    register: MemoryRegister = field(default_factory=MemoryRegister)
    versions: int = 0

    @property
    def world(self) -> World:
        return self.play.world

    def protect(self, *points: Point, standoff_m: int = 2_000) -> Layer:
        """A new version with a place at each of these points."""
        self.versions += 1
        stated = Layer(layer=LAYER, layer_version=self.versions, commitment=f"{self.versions:064x}")
        things = [
            Protected(
                kind="hospital",
                label=f"place {number}",
                shape="point",
                points=(point,),
                standoff_m=standoff_m,
                window=Window(from_ms=0, until_ms=None),
            )
            for number, point in enumerate(points)
        ]
        self.register.keep(stated, things)
        admitted(self.world.sign("south", stated))
        return stated

    def at_the_door(self, act: Act) -> Refusal | None:
        """What the own door of south says."""
        view = self.world["south"].view
        return Watchman("south", self.register).refusal(act, view, terms_to_judge_by(view))

    def check(self, *stated: Layer) -> PrecautionCheck:
        """The statement that nothing was found in these versions."""
        used = (
            LayerUsed(layer=each.layer, layer_version=each.layer_version, commitment=each.commitment) for each in stated
        )
        return PrecautionCheck(request=self.play.request.entry.id, layers=tuple(used))

    def consent(self) -> OperationConsent:
        """What south would sign."""
        expires_ms = self.world["south"].at_ms + 60 * MINUTE_MS
        return OperationConsent(request=self.play.request.entry.id, executing="north", expires_ms=expires_ms)

    def waits(self) -> list[str]:
        """What south owes to itself."""
        view, now_ms = self.world["south"].view, self.world["south"].at_ms
        return [each.what for each in Watchman("south", self.register).owed(view, now_ms)]


def keeping() -> Keeping:
    """A fresh world in which nothing is kept yet."""
    world = World(draft=Draft(clauses=CLAUSES))
    designate(world)
    play = Play(world)
    play.propose()
    return Keeping(play)


def stopped(refusal: Refusal | None) -> None:
    """The own door refused, by the rule of precaution."""
    assert refusal is not None and refusal.rule == "precaution.check"


def test_law_08_door_stops_what_comes_near() -> None:
    """Check, consent, confirmation, start and an own request are refused at the own door; the judge knows nothing."""
    kept = keeping()
    stated = kept.protect(ORCHARD)
    asked = OperationPropose(
        operation="op-9", area="valley", group="bands", executing="south", volume=volume("orchard")
    )
    for act in (kept.check(stated), kept.consent(), asked):
        stopped(kept.at_the_door(act))
    admitted(kept.world.sign("south", kept.check(stated)))


def test_law_08_standoff_counts() -> None:
    """A place outside the volume is near if its stand-off distance reaches into it, and not if it does not."""
    kept = keeping()
    stopped(kept.at_the_door(kept.check(kept.protect(BESIDE))))
    assert kept.at_the_door(kept.check(kept.protect(BESIDE, standoff_m=50))) is None


def test_law_08_unreadable_register_stops() -> None:
    """What cannot be looked up may be there: the door stays shut until a version that can be read is stated."""
    kept = keeping()
    stated = kept.protect()
    assert kept.at_the_door(kept.consent()) is None
    kept.register.erase(stated)
    stopped(kept.at_the_door(kept.consent()))
    kept.protect()
    assert kept.at_the_door(kept.consent()) is None


def test_law_16_lifted_hold_mends_no_register() -> None:
    """All lift the hold; what was found is still there, is owed again, and the door stays shut until it is mended."""
    kept = keeping()
    kept.protect(ORCHARD)
    assert any("hold not yet signed" in what for what in kept.waits())
    placed = admitted(hold(kept.world, "south", request=kept.play.request.entry.id))
    assert kept.waits() == []
    kept.world.share()
    lift(kept.world, placed)
    assert any("hold not yet signed" in what for what in kept.waits())
    stopped(kept.at_the_door(kept.consent()))
    kept.protect()
    assert kept.at_the_door(kept.consent()) is None


def test_law_16_short_and_foreign_holds_settle_no_finding() -> None:
    """What another holds for a while, or south itself for less than the window, leaves the finding owed; a hold of its
    own that outlasts the window settles it."""
    kept = keeping()
    kept.protect(ORCHARD)
    request, world = kept.play.request.entry, kept.world
    assert isinstance(request.act, OperationPropose) and request.act.volume.window.until_ms is not None
    window_ends_ms = request.act.volume.window.until_ms
    soon_ms = world["south"].at_ms + MINUTE_MS
    for party, until_ms in (("north", soon_ms), ("north", None), ("south", soon_ms), ("south", window_ends_ms - 1)):
        admitted(world.sign(party, Hold(request=None, until_ms=until_ms)))
        world.share()
        assert any("hold not yet signed" in what for what in kept.waits()), (party, until_ms)
    admitted(hold(world, "south", request=request.id, until_ms=window_ends_ms))
    assert kept.waits() == []


def test_law_23_new_version_ends_no_consent() -> None:
    """What south newly protects is its own to look at: north's start stands until south signs a hold."""
    kept = keeping()
    ready(kept, kept.protect())
    kept.protect(ORCHARD)
    kept.world.share()
    admitted(kept.play.start())


def test_law_23_hold_stops_for_what_is_kept_back() -> None:
    """The same, and the officer signs the hold: the start is refused, and no reason is given to anybody."""
    kept = keeping()
    ready(kept, kept.protect())
    kept.protect(ORCHARD)
    admitted(hold(kept.world, "south", request=kept.play.request.entry.id))
    kept.world.share()
    refused(kept.play.start(), "operation.hold")


def test_law_23_check_ends_with_its_version() -> None:
    """A consent needs the own check on the newest version of the own layers; a later version takes it away."""
    kept = keeping()
    stated = kept.protect()
    admitted(kept.world.sign("south", kept.check(stated)))
    newer = kept.protect()
    refused(kept.play.consent(), "precaution.layer")
    refused(kept.world.sign("south", kept.check(stated)), "precaution.layer")
    admitted(kept.world.sign("south", kept.check(newer)))
    admitted(kept.play.consent())


def test_law_23_check_is_not_old() -> None:
    """Neither a check nor a layer counts for longer than the terms say: a day."""
    kept = keeping()
    stated = kept.protect()
    refused(kept.play.consent(), "precaution.check")
    kept.world.tick(24 * 60 + 1)
    refused(kept.world.sign("south", kept.check(stated)), "precaution.layer")
    newer = kept.protect()
    admitted(kept.world.sign("south", kept.check(newer)))


def ready(kept: Keeping, stated: Layer) -> list[Taken]:
    """Both have checked, south has consented and confirmed, and everybody holds it."""
    signed = [kept.world.sign("south", kept.check(stated)), kept.world.sign("north", kept.check())]
    signed += [kept.play.consent(), kept.play.confirm()]
    kept.world.share()
    return [admitted(each) for each in signed]
