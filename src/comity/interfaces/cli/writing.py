"""An act as an officer writes it: its name, then key=value; what the office knows may be left out.

A vote's `for=3f2a90c1` says thing, predecessors, round and content; a proposal's `after` is what is in force;
a consent's `executing` is its request's; a start cites a consent of each; a withdrawal names all own ones that stand;
a check's `layers` are the newest; a seal is made from what it hides.
The thing that an act is about may stand without its key: `operation.consent 3f2a90c1 expires=+2h`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from comity.interfaces import words
from comity.interfaces.bodies import act_class, build, has_field
from comity.interfaces.cli.files import read_text_bytes
from comity.interfaces.cli.meaning import Meaning
from comity.interfaces.complaints import json_problem
from comity.interfaces.forms import SUBJECTS, fields_of, key_of
from comity.interfaces.plain import hidden_sign, plain
from comity.interfaces.times import moment_text
from comity.model.acts import Act
from comity.model.acts.agreement import Proposal, Vote
from comity.model.acts.alone import ThreatSeal
from comity.model.acts.duty import PrecautionCheck
from comity.model.acts.operations import (
    OperationConfirm,
    OperationConsent,
    OperationCounter,
    OperationPropose,
    OperationStart,
    OperationWithdraw,
)
from comity.model.codec import LEAF_BYTES_MOST, decode_profile
from comity.model.entry import Entry
from comity.model.errors import Malformed, Misuse

_ENDS = ("expires", "until")


def write_act(name: str, listed: Sequence[str], meaning: Meaning) -> Act:
    """The act that the words write; raises Misuse."""
    kind = act_class(name)
    given = _with_ends(split(kind, listed), meaning.now_ms)
    act = build(kind, completed(kind, given, meaning), meaning)
    check_texts(act)
    return act


def write_acts(name: str, listed: Sequence[str], meaning: Meaning) -> list[Act]:
    """The acts that the words write: one, or for a withdrawal that names no consent one for each own that stands."""
    given, act = split(act_class(name), listed), write_act(name, listed, meaning)
    if not isinstance(act, OperationWithdraw) or "consent" in given:
        return [act]
    standing = meaning.ask("standing", act.request)
    if not standing:
        raise Misuse(
            f"{meaning.party} has no consent to {given['request']} that stands; name one with consent= to withdraw it "
            f"all the same"
        )
    return [write_act(name, [*listed, f"consent={each['entry']}"], meaning) for each in standing]


def act_from_file(name: str, path: str) -> Act:
    """The act whose body is the JSON in a file; raises Misuse."""
    kind = act_class(name)
    try:
        value = decode_profile(read_text_bytes(path, LEAF_BYTES_MOST))
    except Malformed as error:
        raise Misuse(f"{path} is no body of {name}: {error}") from None
    try:
        act = msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise Misuse(f"{path} is no body of {json_problem(name, kind, value, error)}") from None
    check_texts(act)
    return act


def check_texts(act: Act) -> None:
    """Misuse for a text with a sign that no screen shows: what is signed must be what was read."""
    for each in msgspec.structs.fields(act):
        text = getattr(act, each.name)
        odd = hidden_sign(text) if isinstance(text, str) else None
        if odd is not None:
            raise Misuse(f"{act.name}: {key_of(each.name)} holds {plain(odd)}, which no screen shows; write plain text")


def split(kind: type[Act], listed: Sequence[str]) -> dict[str, str]:
    """The words by key; raises Misuse for a word without one, and for a key given twice."""
    given: dict[str, str] = {}
    for word in listed:
        key, equals, value = word.partition("=")
        if not equals:
            key, value = next((name for name in SUBJECTS if has_field(kind, name)), ""), word
            if not key:
                raise Misuse(_without_key(kind, word[:80]))
        if not has_field(kind, key) and has_field(kind, f"{key}_count"):
            key = f"{key}_count"
        if key in given and not equals and has_field(kind, word):
            raise Misuse(f"{kind.name}: {word} has no value; write {word}=...")
        if key in given:
            raise Misuse(f"{kind.name} is given {key} twice; give it once")
        given[key] = value
    return given


def completed(kind: type[Act], given: dict[str, str], meaning: Meaning) -> dict[str, str]:
    """The words with what the office knows."""
    if issubclass(kind, Vote):
        return _vote(given, meaning)
    if issubclass(kind, Proposal) and "after" not in given:
        draft = build(kind, given, meaning)
        assert isinstance(draft, Proposal), "a proposal's class makes proposals"
        return given | {"after": ",".join(meaning.ask("heads", draft.thing))}
    if issubclass(kind, OperationConsent) and "request" in given and "executing" not in given:
        request = meaning.entry(given["request"])
        return given | {"request": request.id, "executing": _asked_for(request, given["request"]).executing}
    if issubclass(kind, OperationWithdraw | OperationConfirm):
        return _own_consent(kind, given, meaning)
    if issubclass(kind, OperationStart) and "request" in given and "consents" not in given:
        return given | {"consents": _consents(given["request"], meaning)}
    if issubclass(kind, PrecautionCheck):
        return {"layers": "current"} | given
    if issubclass(kind, ThreatSeal) and "commitment" not in given:
        raise Misuse("a seal is made from what it hides; give volume and note, and --opening FILE to keep them in")
    return given


def _without_key(kind: type[Act], word: str) -> str:
    if issubclass(kind, Vote):
        return f"{word!r} does not say which way you vote; write for={word} to vote for it, against={word} to decline"
    keys = ", ".join(each.key for each in fields_of(kind))
    return f"{word!r} has no key; write key=value, with one of {keys}; comity act {kind.name} --help says what each is"


def _with_ends(given: dict[str, str], now_ms: int) -> dict[str, str]:
    """The words with every end as a whole time: a bare time of day that is past means tomorrow."""
    ends = {key: text for key, text in given.items() if key_of(key) in _ENDS and words.is_time_of_day(text)}
    return given | {key: moment_text(words.end_ms(text, now_ms)) for key, text in ends.items()}


def _asked_for(entry: Entry, text: str) -> OperationPropose | OperationCounter:
    if isinstance(entry.act, OperationPropose | OperationCounter):
        return entry.act
    raise Misuse(f"{text} is a {entry.header.act}, not a request; comity show OFFICE operations lists requests")


def _consents(text: str, meaning: Meaning) -> str:
    """Every consent held of the others to a request; Misuse if there is none at all."""
    operation = _asked_for(meaning.entry(text), text).operation
    consents: dict[str, str] = meaning.ask("consents", text)
    found = [entry for by, entry in consents.items() if by != meaning.party]
    if not found:
        others = [by for by in meaning.ask("signatories", "") if by != meaning.party]
        have, them = ("have", "them") if len(others) > 1 else ("has", "it")
        raise Misuse(f"{' and '.join(others)} {have} not consented to {operation}; ask {them}")
    return ",".join(found)


def _own_consent(kind: type[Act], given: dict[str, str], meaning: Meaning) -> dict[str, str]:
    """Who names the request means his own consent to it that a start would cite; who names a consent its request."""
    if "request" in given and "consent" not in given:
        own = meaning.ask("consents", given["request"]).get(meaning.party)
        if own is None:
            raise Misuse(f"{meaning.party} has given no consent to {given['request']}; {kind.name} names a consent")
        return given | {"consent": own}
    if "consent" in given and "request" not in given:
        consent = meaning.entry(given["consent"]).act
        if not isinstance(consent, OperationConsent):
            raise Misuse(f"{given['consent']} is no consent; {kind.name} names a consent, or the request")
        return given | {"request": consent.request}
    return given


def _vote(given: dict[str, str], meaning: Meaning) -> dict[str, str]:
    word = next((each for each in ("for", "against") if each in given), None)
    if word is None:
        return given
    entry = meaning.entry(given[word])
    proposal = entry.act
    if not isinstance(proposal, Proposal):
        raise Misuse(f"{given[word]} is no proposal; vote for or against a proposal")
    content = proposal.content() if word == "for" else "none"
    number = str(meaning.ask("round", entry.id))
    drafted = {"thing": proposal.thing, "after": ",".join(proposal.after), "round": number, "content": content}
    return drafted | {name: value for name, value in given.items() if name != word}
