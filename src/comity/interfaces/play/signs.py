"""An act as a scenario writes it: `[forced:] office.seat[/officer] [label =] act [thing] key=value ...`.

What can be left out: a proposal's `after` is what is in force, a vote's `for=a1` says thing, predecessors and content,
a consent's `executing` is its request's, a check's `layers` are the newest, an enrolment's key and proof are made.
A flight may be declared by its ICAO plan, `plan=(FPL-...)`, whose places are coordinates or in field 18.
The thing that an act is about may stand without its key: `operation.consent p1 expires=+2h`.
A dishonest signer (`forced:`) may also write `signed-at=`, `under=` (terms), `seat-says=` into the header.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from comity.interfaces import words
from comity.interfaces.bodies import act_class, build, has_field
from comity.interfaces.flight_plan import read_plan
from comity.interfaces.forms import SUBJECTS
from comity.interfaces.plan_words import said, unless_given
from comity.interfaces.play.cast import Officer, officer_signer, origin_of, root_signer
from comity.interfaces.play.desk import Desk, Properties
from comity.interfaces.play.station import Signing, Station
from comity.interfaces.play.world import World
from comity.model.acts import Act
from comity.model.acts.agreement import Proposal, Vote
from comity.model.acts.alone import ThreatOpen, ThreatSeal
from comity.model.acts.duty import Layer, PrecautionCheck
from comity.model.acts.flights import FlightChange, FlightDeclare
from comity.model.acts.keys import Enrol, Rotate
from comity.model.acts.operations import OperationConsent, OperationCounter, OperationPropose
from comity.model.errors import Misuse
from comity.model.records.change import heads, terms_to_judge_by
from comity.model.terms import Role
from comity.office.keyring import KeySigner
from comity.office.signatures import possession_message

ACT = re.compile(
    r"(?P<forced>forced: )?(?P<office>[a-z0-9-]+)\.(?P<seat>[a-z0-9-]+)(?:/(?P<officer>[!a-z0-9-]+))?"
    r" (?:(?P<label>[a-zA-Z0-9-]+) = )?(?P<act>[a-z]+\.[a-z_]+)(?: (?P<words>.*))?"
)
HEADER_WORDS = ("signed-at", "under", "seat-says")


@dataclass(frozen=True, slots=True)
class Written:
    """An act read from a step, ready to be signed."""

    office: Station
    label: str | None
    act: Act
    signing: Signing

    @property
    def said(self) -> str:
        """How a result names the act among others."""
        return self.label or f"{self.office.name} {self.act.name}"


def read_act(text: str, world: World, properties: Properties) -> Written | None:
    """The act that a step writes; None if the step is no act; raises Misuse."""
    found = ACT.fullmatch(text)
    if found is None:
        return None
    office = world.station(properties.renamed.get(found["office"], found["office"]))
    desk = Desk(world, office, properties)
    kind = act_class(found["act"])
    given = _given(kind, words.cut(found["words"] or ""))
    header = {key: given.pop(key) for key in HEADER_WORDS if key in given}
    second = given.pop("second", None)
    signing = Signing(
        _signer(desk, found["seat"], found["officer"]),
        desk.identifier(found["seat"]),
        _second(desk, second) if second else None,
        _header(desk, header),
        bool(found["forced"]),
    )
    act = build(kind, _completed(kind, given, desk), desk)
    if isinstance(act, Enrol | Rotate):
        act = _with_proof(desk, act, given)
    return Written(office, found["label"], act, signing)


def _given(kind: type[Act], listed: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for word in listed:
        key, equals, value = word.partition("=")
        if not equals:
            key, value = next((name for name in SUBJECTS if has_field(kind, name)), ""), word
            if not key:
                raise Misuse(f"{word!r} has no key; write key=value")
        if not has_field(kind, key) and has_field(kind, f"{key}_count"):
            key = f"{key}_count"
        if key in given:
            raise Misuse(f"{kind.name} is given {key} twice; give it once")
        given[key] = value
    return given


def _signer(desk: Desk, seat: str, name: str | None) -> KeySigner:
    if seat == "root":
        return root_signer(desk.office.party)
    if seat == "office":
        return desk.office.key
    if name is not None and name.startswith("!"):
        return desk.world.cast.stranger(desk.office.party, name[1:])
    participant = desk.office.history.known.founding.participant_by_id(desk.office.party)
    at_centre = participant is not None and participant.role is Role.CENTRE
    return desk.world.cast.find(desk.office.party, desk.identifier(seat), name, at_centre).signer


def _second(desk: Desk, text: str) -> tuple[KeySigner, str]:
    seat, _, name = text.partition("/")
    return _signer(desk, seat, name or None), desk.identifier(seat)


def _header(desk: Desk, given: dict[str, str]) -> dict[str, Any]:
    header: dict[str, Any] = {}
    if "signed-at" in given:
        header["at"] = words.moment_ms(given["signed-at"], desk.now_ms)
    if "under" in given:
        header["terms"] = desk.hash_of(given["under"])
    if "seat-says" in given:
        header["seat"] = desk.identifier(given["seat-says"])
    return header


def _completed(kind: type[Act], given: dict[str, str], desk: Desk) -> dict[str, str]:
    if issubclass(kind, Vote):
        return _vote(given, desk)
    if issubclass(kind, Proposal):
        return _proposal(kind, given, desk)
    if issubclass(kind, OperationConsent) and "request" in given:
        request = desk.properties.entries.get(desk.hash_of(given["request"]))
        if request is not None and isinstance(request.act, OperationPropose | OperationCounter):
            return {"executing": request.act.executing} | given
    if issubclass(kind, PrecautionCheck):
        return {"layers": "current"} | given
    if issubclass(kind, Layer):
        said = f"{given.get('layer')} {given.get('layer_version')}"
        return {"commitment": hashlib.sha256(said.encode()).hexdigest()} | given
    if issubclass(kind, FlightDeclare | FlightChange) and "plan" in given:
        return _planned(_without(given, "plan"), given["plan"], desk)
    if issubclass(kind, Enrol | Rotate):
        return {"key": given.get("officer", ""), "proof": "00" * 64} | given
    if issubclass(kind, ThreatSeal) and "window" in given:
        desk.window = words.window(given["window"], desk.now_ms)
        if "matter" in given:
            return {"commitment": f"seal({given['matter']})"} | _without(given, "matter")
    if issubclass(kind, ThreatOpen) and "matter" in given:
        return _opening(_without(given, "matter"), given["matter"], desk)
    return given


def _vote(given: dict[str, str], desk: Desk) -> dict[str, str]:
    for word in ("for", "against"):
        if word in given:
            entry = desk.properties.entry(given[word])
            if not isinstance(entry.act, Proposal):
                raise Misuse(f"{given[word]} is no proposal; vote on a proposal")
            content = entry.act.content() if word == "for" else "none"
            drafted = {"thing": entry.act.thing, "after": ",".join(entry.act.after), "round": "0", "content": content}
            return drafted | _without(given, word)
    return given


def _proposal(kind: type[Proposal], given: dict[str, str], desk: Desk) -> dict[str, str]:
    if "after" in given:
        return given
    draft = build(kind, given, desk)
    assert isinstance(draft, Proposal)
    return given | {"after": ",".join(change.id for change in heads(desk.office.view, draft.thing))}


def _opening(given: dict[str, str], name: str, desk: Desk) -> dict[str, str]:
    matter = desk.matter(name)
    return {"salt": matter.salt, "note": matter.note, "volume": f"matter/{name}"} | given


def _planned(given: dict[str, str], text: str, desk: Desk) -> dict[str, str]:
    """What an ICAO flight plan says, with the buffers of the terms in force; its places are coordinates."""
    terms = terms_to_judge_by(desk.office.view)
    plan = read_plan(text, lambda name: None, desk.now_ms)
    return unless_given(said(plan, terms.number("buffer_lateral_m"), terms.number("buffer_vertical_ft")), given)


def _with_proof(desk: Desk, act: Enrol | Rotate, given: dict[str, str]) -> Act:
    name = given.get("key", act.officer)
    signer = officer_signer(desk.office.party, name)
    desk.world.cast.add(Officer(desk.office.party, name, act.seats, signer))
    if given.get("proof") is not None or act.key != signer.key:
        return act
    origin = origin_of(desk.office.party)
    proof = signer.sign(possession_message(origin, act.officer, act.seats, act.key)).hex()
    fields = {name: getattr(act, name) for name in type(act).__struct_fields__} | {"proof": proof}
    return type(act)(**fields)


def _without(given: dict[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in given.items() if name != key}
