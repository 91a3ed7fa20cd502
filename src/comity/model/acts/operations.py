"""Acts about operations (J10), their authorisation when integrated (J14), holds and facts."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from comity.model.acts.form import Act, Hash, Identifier, Nature, Note, TimeMs
from comity.model.volume import Volume

Consents = Annotated[tuple[Hash, ...], Meta(min_length=1, max_length=16)]


class _Drafted(Act, frozen=True, kw_only=True):
    """What an operation may say: an area, a volume, a group class, one executing party. No field for more."""

    operation: Identifier
    area: Identifier
    group: Identifier
    executing: Identifier
    volume: Volume
    authorisation: Identifier | None = None


class OperationPropose(_Drafted, frozen=True, kw_only=True):
    """Asks every other signatory's prior agreement to one operation."""

    name: ClassVar[str] = "operation.propose"
    nature: ClassVar[Nature] = Nature.RECORD

    def about(self, own: str) -> tuple[str, ...]:
        return (f"operation/{own}", "operations")


class OperationCounter(_Drafted, frozen=True, kw_only=True):
    """A request of its own that takes the place of the one it names."""

    name: ClassVar[str] = "operation.counter"
    nature: ClassVar[Nature] = Nature.RECORD
    request: Hash

    def about(self, own: str) -> tuple[str, ...]:
        return (f"operation/{own}", f"operation/{self.request}", "operations")


class _OfOperation(Act, frozen=True, kw_only=True):
    """An act about the operation whose request it names by hash."""

    request: Hash

    def about(self, own: str) -> tuple[str, ...]:
        return (f"operation/{self.request}",)


class OperationQuery(_OfOperation, frozen=True, kw_only=True):
    """A question about the request, by code."""

    name: ClassVar[str] = "operation.query"
    nature: ClassVar[Nature] = Nature.RECORD
    question: Note


class OperationAnswer(_OfOperation, frozen=True, kw_only=True):
    """The answer to a query."""

    name: ClassVar[str] = "operation.answer"
    nature: ClassVar[Nature] = Nature.RECORD
    query: Hash
    answer: Note


class OperationConsent(_OfOperation, frozen=True, kw_only=True):
    """A lease: this signatory agrees that the executing party may start exactly this request until it expires."""

    name: ClassVar[str] = "operation.consent"
    nature: ClassVar[Nature] = Nature.PERMISSION
    executing: Identifier
    expires_ms: TimeMs


class OperationRefuse(_OfOperation, frozen=True, kw_only=True):
    """This signatory does not agree; a coded reason, no story."""

    name: ClassVar[str] = "operation.refuse"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    reason: Identifier


class OperationWithdraw(_OfOperation, frozen=True, kw_only=True):
    """Takes this signatory's consent back: binds every start that has seen it."""

    name: ClassVar[str] = "operation.withdraw"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    consent: Hash


class OperationRetract(_OfOperation, frozen=True, kw_only=True):
    """The proposer takes the request back."""

    name: ClassVar[str] = "operation.retract"
    nature: ClassVar[Nature] = Nature.RESTRAINT


class OperationConfirm(_OfOperation, frozen=True, kw_only=True):
    """Shortly before the start, the giver says that his consent still stands."""

    name: ClassVar[str] = "operation.confirm"
    nature: ClassVar[Nature] = Nature.PERMISSION
    consent: Hash


class OperationStart(_OfOperation, frozen=True, kw_only=True):
    """The executing party starts, citing every required consent; the request is used up (law 17)."""

    name: ClassVar[str] = "operation.start"
    nature: ClassVar[Nature] = Nature.PERMISSION
    consents: Consents


class OperationEnd(_OfOperation, frozen=True, kw_only=True):
    """The operation is over."""

    name: ClassVar[str] = "operation.end"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    how: Literal["completed", "aborted"]


class OperationReport(_OfOperation, frozen=True, kw_only=True):
    """The after-report: whether harm to civilians or protected places is known, suspected or not known."""

    name: ClassVar[str] = "operation.report"
    nature: ClassVar[Nature] = Nature.RECORD
    harm: Literal["known", "suspected", "not-known"]
    note: Note = ""


class OperationHarmAnswer(_OfOperation, frozen=True, kw_only=True):
    """What the executing party did about harm that it reported; discharges the duty once the others accept it."""

    name: ClassVar[str] = "operation.harm_answer"
    nature: ClassVar[Nature] = Nature.RECORD
    note: Note


class OperationReview(_OfOperation, frozen=True, kw_only=True):
    """Another signatory's word on the report."""

    name: ClassVar[str] = "operation.review"
    nature: ClassVar[Nature] = Nature.RECORD
    finding: Literal["accepted", "disputed", "harm-answer-accepted"]
    note: Note = ""


class Hold(Act, frozen=True, kw_only=True):
    """Stops starts: of one request, in a volume, of both if it names both, or everywhere. Gives no reason (law 23)."""

    name: ClassVar[str] = "hold.place"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    request: Hash | None = None
    volume: Volume | None = None
    until_ms: TimeMs | None = None

    def about(self, own: str) -> tuple[str, ...]:
        if self.request is not None:
            return (f"hold/{own}", "holds", f"operation/{self.request}", f"holds/{self.request}")
        return (f"hold/{own}", "holds", "holds/volume" if self.volume else "holds/everywhere")


class FactState(Act, frozen=True, kw_only=True):
    """A coded fact about a place and time: a consent given before it does not cover it (law 18)."""

    name: ClassVar[str] = "fact.state"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    fact: Identifier
    volume: Volume

    def about(self, own: str) -> tuple[str, ...]:
        return (f"fact/{own}",)


class Authorise(Act, frozen=True, kw_only=True):
    """A national authority allows integrated operations within a scope until a moment (J14)."""

    name: ClassVar[str] = "integration.authorise"
    nature: ClassVar[Nature] = Nature.PERMISSION
    authorisation: Identifier
    areas: Annotated[tuple[Identifier, ...], Meta(min_length=1, max_length=16)]
    groups: Annotated[tuple[Identifier, ...], Meta(min_length=1, max_length=16)]
    until_ms: TimeMs

    def about(self, own: str) -> tuple[str, ...]:
        return (f"authorisation/{self.authorisation}",)


class Deauthorise(Act, frozen=True, kw_only=True):
    """A national authority ends its own authorisation."""

    name: ClassVar[str] = "integration.revoke"
    nature: ClassVar[Nature] = Nature.RESTRAINT
    authorisation: Identifier

    def about(self, own: str) -> tuple[str, ...]:
        return (f"authorisation/{self.authorisation}",)
