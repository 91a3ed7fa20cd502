"""Acts about the agreement itself: joint changes and their votes, suspension, withdrawal (laws 9-16)."""

from __future__ import annotations

import hashlib
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from comity.model.acts.form import Act, Hash, Identifier, Nature, Note
from comity.model.codec import encode

Thing = Annotated[str, Meta(pattern=r"^[a-z]+(/[a-z0-9.-]{1,64})?\Z")]
After = Annotated[tuple[Hash, ...], Meta(max_length=8)]
TERMS_BYTES_MOST = 48 * 1024


class Proposal(Act, frozen=True, kw_only=True):
    """The content of a joint change: nothing until every required party has voted for the same bytes."""

    after: After = ()

    @property
    def thing(self) -> str:
        """The thing that the change is about."""
        raise NotImplementedError

    def content(self) -> str:
        """The hash that votes name, hex."""
        return hashlib.sha256(b"comity content v1\n" + self.name.encode() + b"\n" + encode(self)).hexdigest()

    def about(self, own: str) -> tuple[str, ...]:
        return (f"proposal/{self.content()}", f"proposals/{self.thing.partition('/')[0]}")


class Vote(Act, frozen=True, kw_only=True):
    """One party's only vote under its terms for (thing, predecessors, round); `content` null declines (law 9)."""

    name: ClassVar[str] = "change.vote"
    nature: ClassVar[Nature] = Nature.VOTE
    thing: Thing
    after: After
    round: Annotated[int, Meta(ge=0, lt=1 << 53)]
    content: Hash | None

    def about(self, own: str) -> tuple[str, ...]:
        return (f"votes/{self.thing}", f"votes/{self.thing}/{self.round}")


class TermsPropose(Proposal, frozen=True, kw_only=True):
    """New terms, whole; their hash is the hash of the text's bytes."""

    name: ClassVar[str] = "terms.propose"
    nature: ClassVar[Nature] = Nature.RECORD
    text: Annotated[str, Meta(max_length=TERMS_BYTES_MOST)]

    @property
    def thing(self) -> str:
        return "terms"

    def content(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class LiftPropose(Proposal, frozen=True, kw_only=True):
    """Lifts exactly the restraints it names, or starts of who has left, once every signatory has voted (law 16)."""

    name: ClassVar[str] = "lift.propose"
    nature: ClassVar[Nature] = Nature.RECORD
    lifts: Annotated[tuple[Hash, ...], Meta(min_length=1, max_length=16)]

    @property
    def thing(self) -> str:
        return f"lift/{self.content()}"

    def about(self, own: str) -> tuple[str, ...]:
        return (*super().about(own), *(f"lifts/{lifted}" for lifted in self.lifts))


class PreconditionPropose(Proposal, frozen=True, kw_only=True):
    """States that a precondition of entry into force is met; it is so when every signatory votes for it (J15)."""

    name: ClassVar[str] = "precondition.propose"
    nature: ClassVar[Nature] = Nature.RECORD
    precondition: Identifier
    evidence: Note

    @property
    def thing(self) -> str:
        return f"precondition/{self.precondition}"


class GroupPropose(Proposal, frozen=True, kw_only=True):
    """Changes how a group is treated, by every signatory."""

    name: ClassVar[str] = "group.propose"
    nature: ClassVar[Nature] = Nature.RECORD
    group: Identifier
    treatment: Literal["coordinated", "integrated", "independent", "inside"]

    @property
    def thing(self) -> str:
        return f"group/{self.group}"


class FloorPropose(Proposal, frozen=True, kw_only=True):
    """Ends the safety floor, or restores it; only every signature does."""

    name: ClassVar[str] = "floor.propose"
    nature: ClassVar[Nature] = Nature.RECORD
    stands: bool = False

    @property
    def thing(self) -> str:
        return "floor"


class Suspend(Act, frozen=True, kw_only=True):
    """One signatory alone stops every permission; the safety floor stands, a lift by all resumes."""

    name: ClassVar[str] = "agreement.suspend"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    note: Note = ""

    def about(self, own: str) -> tuple[str, ...]:
        return ("suspend",)


class Withdraw(Act, frozen=True, kw_only=True):
    """One signatory leaves: permissions end at once, the floor stands until every signature ends it."""

    name: ClassVar[str] = "agreement.withdraw"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    note: Note = ""

    def about(self, own: str) -> tuple[str, ...]:
        return ("suspend",)
