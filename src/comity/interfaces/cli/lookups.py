"""What commands ask of an office: one text in, plain values out; the running office and a read store answer alike.

Pure but for the view handed in. Raises Misuse with the text in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from comity.interfaces.cli.rendering import band_text, ring_text
from comity.interfaces.times import moment_text
from comity.model.acts.agreement import Proposal
from comity.model.acts.areas import AreaPropose
from comity.model.acts.duty import Layer
from comity.model.acts.keys import Depute, Enrol, Rotate
from comity.model.acts.movements import Route
from comity.model.errors import Misuse
from comity.model.history import History, Taken, View
from comity.model.known import party_of
from comity.model.parameters import PARAMETERS
from comity.model.records.change import (
    heads,
    open_round,
    proposals,
    terms_heads,
    terms_to_judge_by,
    terms_to_name,
)
from comity.model.records.layers import newest_layers
from comity.model.records.officers import is_revoked, officer
from comity.model.records.operations import operation
from comity.model.volume import Volume
from comity.views.adequacy import adequacy
from comity.views.board import TOPICS, entry_row
from comity.views.flights import narrowness
from comity.views.operations import newest_consents, standing_consents
from comity.views.proposed import named, proposed_text
from comity.views.volume_checks import DECLARED_MOST, declared

PREFIX_LEAST = 8
HASH_DIGITS = 64
ENTRIES_MOST = 10_000
_HEX = re.compile(r"[0-9a-f]+")
_PLACE = re.compile(r"([a-z0-9][a-z0-9./-]*)/(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Held:
    """What one office holds, and the moment at which it is asked."""

    participant: str
    view: View
    now_ms: int


def answer(held: Held, question: str, text: str) -> Any:
    """The answer to one question of the table."""
    if question not in LOOKUPS:
        raise Misuse(f"{question[:40]!r} is no question; both sides need the same version")
    return LOOKUPS[question](held, text)


def find(view: View, text: str) -> Taken:
    """The entry with that hash, that beginning of a hash, or that place in a log; raises Misuse.

    A proposal is found by its content too, for that is what votes name.
    """
    if found := _PLACE.fullmatch(text):
        return _at(view, found[1], int(found[2]))
    if not _HEX.fullmatch(text) or not PREFIX_LEAST <= len(text) <= HASH_DIGITS:
        raise Misuse(f"{text[:80]!r} names no entry; give {PREFIX_LEAST} digits or more of its hash, or north/12")
    whole = view.find(text)
    found_here = [whole] if whole is not None else [t for t in view.history.entries if t.entry.id.startswith(text)]
    if not found_here:
        found_here = _proposals_of(view, text)
    if not found_here:
        raise Misuse(f"no entry here begins with {text}; look it up with comity show OFFICE log")
    if len(found_here) > 1:
        raise Misuse(f"{len(found_here)} entries begin with {text}; give more digits")
    return found_here[0]


def _proposals_of(view: View, digits: str) -> list[Taken]:
    """The first proposal of each content that begins so: who proposes the same again proposes nothing else."""
    found: dict[str, Taken] = {}
    for taken in view.history.entries:
        act = taken.entry.act
        if taken.refusal is None and isinstance(act, Proposal) and act.content().startswith(digits):
            found.setdefault(act.content(), taken)
    return list(found.values())


def log_named(history: History, text: str) -> str:
    """The held log that a text names: whole, such as pact/north, or by its keeper if he keeps one; raises Misuse."""
    held = history.origins()
    if text in held:
        return text
    kept = [origin for origin in held if party_of(origin) == text]
    if len(kept) == 1:
        return kept[0]
    if kept:
        raise Misuse(f"{text} keeps {len(kept)} logs; name one of {', '.join(kept)}")
    known = ", ".join(f"{party_of(origin)} ({origin})" for origin in held) or "none yet"
    raise Misuse(f"no log {text[:80]!r} is held here; held are {known}")


def _at(view: View, log: str, seq: int) -> Taken:
    origin = log_named(view.history, log)
    branch = view.history.branches_of(origin)[0]
    if seq >= branch.size:
        raise Misuse(
            f"no entry {seq} of {origin} is held here, it has {branch.size}; comity show OFFICE log lists them"
        )
    return view.history.at(branch.id, seq)


def _board(held: Held, topic: str) -> list[dict[str, Any]]:
    if topic not in TOPICS:
        raise Misuse(f"there is nothing to show of {topic[:40]!r}; known are {', '.join(TOPICS)}")
    return TOPICS[topic](held.view, held.now_ms)


def _entry(held: Held, text: str) -> str:
    """The leaf, hex: who gets it computes its hash himself."""
    return find(held.view, text).entry.leaf.hex()


def _standing_of_entry(held: Held, text: str) -> dict[str, Any]:
    """Its row of the log: verdict and flags."""
    return entry_row(held.view, find(held.view, text))


def _heads(held: Held, thing: str) -> list[str]:
    return [change.id for change in heads(held.view, thing)]


def _round(held: Held, text: str) -> int:
    """The first round of a proposal's change that is not dead (law 9)."""
    proposal = find(held.view, text).entry.act
    if not isinstance(proposal, Proposal):
        raise Misuse(f"{text} is no proposal; vote for or against a proposal")
    return open_round(held.view, proposal.thing, proposal.after, terms_to_name(held.view))


def _volume(held: Held, text: str) -> Any:
    volume = held.view.history.volume_of(find(held.view, text))
    if not isinstance(volume, Volume):
        raise Misuse(f"{text} has no volume; draw one with volume.ring, volume.band and volume.window")
    return msgspec.to_builtins(volume)


def _officers(held: Held, party: str) -> list[dict[str, Any]]:
    """Who was enrolled by a participant (empty: this one), the newest last."""
    party = party or held.participant
    rows = []
    for taken in held.view.about("keys"):
        act = taken.entry.act
        if isinstance(act, Enrol | Rotate) and party_of(taken.entry.origin) == party:
            status = "ended" if is_revoked(held.view, act.key, party) else "good"
            row = {"officer": act.officer, "seats": list(act.seats), "status": status, "key": act.key}
            rows.append(row | {"passkey": act.passkey or "", "deputed": _deputed(held, act.key, party)})
    return rows


def _deputed(held: Held, key: str, party: str) -> list[dict[str, Any]]:
    """In which more seats a key sits, and until when; what is past is left out."""
    acts = ((taken.entry.act, party_of(taken.entry.origin)) for taken in held.view.about(f"key/{key}"))
    return [
        {"seat": act.seat, "until_ms": act.until_ms}
        for act, by in acts
        if isinstance(act, Depute) and by == party and held.now_ms <= act.until_ms
    ]


def _seats(held: Held, key: str) -> dict[str, Any]:
    """The seats that the terms give this office, those in which the key sits, and whether a passkey goes with it."""
    terms = terms_to_judge_by(held.view)
    keeper = terms.participant_by_id(held.participant)
    sits = officer(held.view, keeper, key, held.now_ms) if keeper is not None else None
    here = [seat.id for seat in terms.seat if held.participant in seat.at]
    if sits is None:
        return {"here": here, "own": [], "passkey": False}
    return {"here": here, "own": sorted(sits.seats), "passkey": sits.passkey is not None}


def _layers(held: Held, text: str) -> list[dict[str, Any]]:
    """`current`: the newest version of each own layer; or entries joined by commas."""
    if text == "current":
        found = {name: act for name, (act, _) in newest_layers(held.view, held.participant).items()}
    else:
        named = [find(held.view, label) for label in text.split(",") if label and label != "none"]
        found = {each.entry.act.layer: each.entry.act for each in named if isinstance(each.entry.act, Layer)}
    return [
        {"layer": each.layer, "layer_version": each.layer_version, "commitment": each.commitment}
        for each in found.values()
    ]


def _register(held: Held, layer: str) -> list[dict[str, Any]]:
    """Every version of an own layer that was stated, the oldest first."""
    own = [each for each in held.view.about("layers") if party_of(each.entry.origin) == held.participant]
    return [
        {"act": msgspec.to_builtins(each.entry.act), "at_ms": each.entry.at_ms, "entry": each.entry.id}
        for each in own
        if isinstance(each.entry.act, Layer) and each.entry.act.layer == layer
    ]


def _number(held: Held, text: str) -> int:
    """A number of the terms by its name."""
    if text not in PARAMETERS:
        raise Misuse(f"{text[:64]!r} is no number of an agreement; docs/agreement-files.md lists them")
    return terms_to_judge_by(held.view).number(text)


def _seals(held: Held, text: str) -> list[str]:
    """The leaves of this office's own seals, hex."""
    own = (each.entry for each in held.view.about("threats") if party_of(each.entry.origin) == held.participant)
    return [entry.leaf.hex() for entry in own][-ENTRIES_MOST:]


def _consents(held: Held, request: str) -> dict[str, str]:
    """The consent of each giver to a request that a start would cite, by who gave it."""
    record = operation(held.view, find(held.view, request).entry.id)
    found = newest_consents(held.view, record, held.now_ms) if record is not None else {}
    return {party: taken.entry.id for party, taken in found.items()}


def _standing(held: Held, request: str) -> list[dict[str, Any]]:
    """This office's own consents to a request that stand, the oldest first, and when each ends."""
    record = operation(held.view, find(held.view, request).entry.id)
    if record is None:
        return []
    found = standing_consents(held.view, record, held.participant, held.now_ms)
    return [{"entry": taken.entry.id, "expires_ms": getattr(taken.entry.act, "expires_ms", 0)} for taken in found]


def _notice(held: Held, text: str) -> str | None:
    """What a notice of a volume (JSON), signed here now, leaves the flight that is worst off, if that is too little."""
    volume = msgspec.json.decode(text, type=Volume)
    found = adequacy(held.view, terms_to_judge_by(held.view), volume, held.participant, held.now_ms)
    return found.text if found is not None and not found.enough else None


def _buffers(held: Held, text: str) -> list[str]:
    """In what a flight's volume and route (JSON) are narrower than the terms that judge here ask, in words."""
    volume, route = msgspec.json.decode(text, type=tuple[Volume, Route | None])
    return list(narrowness(terms_to_judge_by(held.view), volume, route))


def _volumes(held: Held, text: str) -> dict[str, Any]:
    """What is known in a volume (JSON), as much as is told at once, and how much more there is."""
    found = list(declared(held.view, msgspec.json.decode(text, type=Volume), held.now_ms))
    things = [msgspec.to_builtins(each) for each in found[:DECLARED_MOST]]
    return {"things": things, "left_out": max(0, len(found) - DECLARED_MOST)}


def _signatories(held: Held, text: str) -> list[str]:
    """Who must consent, by the terms that judge here now."""
    return list(terms_to_judge_by(held.view).signatories)


def _participants(held: Held, text: str) -> list[str]:
    """Who takes part by the terms that judge here now, and after them who has left."""
    now = [each.id for each in terms_to_judge_by(held.view).participant]
    return now + sorted({party_of(origin) for origin in held.view.history.origins()} - set(now))


def _pinning(held: Held, origin: str) -> dict[str, Any] | None:
    """The terms in force that pin a log, and what they pin for it."""
    for digest in terms_heads(held.view):
        terms = held.view.terms(digest)
        for each in terms.participant if terms is not None else ():
            if each.pins is not None and each.pins.origin == origin:
                return {"terms": digest, "pins": msgspec.to_builtins(each.pins)}
    return None


def _describe(held: Held, digits: str) -> str:
    """What a hash stands for: an entry by act, log and place; an agreement by id and edition; else nothing."""
    taken = held.view.find(digits)
    if taken is not None:
        thing = named(taken.entry.act)
        return (
            f"{taken.entry.header.act}{thing} of {party_of(taken.entry.origin)}, {taken.entry.origin} {taken.entry.seq}"
        )
    terms = held.view.history.known.terms(digits)
    if terms is not None:
        return f"{terms.id}, edition {terms.edition}"
    for act, taken in proposals(held.view, digits):
        where = f"{taken.entry.origin} {taken.entry.seq}"
        return f"the content of {act.name}{named(act)}, {where}: {_proposed(held.view, act)}"
    return ""


def _proposed(view: View, act: Proposal) -> str:
    """What a vote for it changes: of an area also where it lies, and from when it is in force."""
    text = proposed_text(view, act)
    if not isinstance(act, AreaPropose):
        return text
    since = f", from {moment_text(act.from_ms)}" if act.from_ms else ""
    return f"area {act.area}, tier {act.tier}, {ring_text(act.ring)}, {band_text(act.band)}{since}"


LOOKUPS: dict[str, Callable[[Held, str], Any]] = {
    "board": _board,
    "entry": _entry,
    "entry_row": _standing_of_entry,
    "heads": _heads,
    "round": _round,
    "volume": _volume,
    "officers": _officers,
    "seats": _seats,
    "layers": _layers,
    "number": _number,
    "register": _register,
    "seals": _seals,
    "consents": _consents,
    "standing": _standing,
    "notice": _notice,
    "buffers": _buffers,
    "volumes": _volumes,
    "signatories": _signatories,
    "participants": _participants,
    "pinning": _pinning,
    "describe": _describe,
}
