"""C2SP tlog-policy: which logs are known, which witnesses, and how many of those must have cosigned a checkpoint.

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none

Invariants: each witness counts in one way only, since a name is a member of at most one group and a key of one
witness; names refer backwards, so no group can contain itself. Trusted: whoever wrote the policy.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from comity.tlog.checkpoint import parse_body
from comity.tlog.cosignature import cosignature_of
from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.keys import COSIGNATURE, ED25519, Verifier, parse_vkey
from comity.tlog.note import parse_note

MAX_POLICY_BYTES = 65_536
NONE = "none"


@dataclass(frozen=True, slots=True)
class Log:
    """A log whose checkpoints are accepted; its key's name is its origin."""

    verifier: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """A cosigner, under the name that the policy gives it."""

    name: str
    verifier: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses or earlier groups of which at least `threshold` must have cosigned."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Any one of the logs, and the quorum: the name of a witness or group, or NONE. Made by `parse_policy`."""

    logs: tuple[Log, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE


def satisfied(policy: Policy, note: bytes) -> bool:
    """Whether one of the logs signed the checkpoint and the quorum cosigned it.

    BadNote if the note is no checkpoint; BadSignature if it holds a wrong signature under the name and id of a key
    of the policy. A policy without logs is satisfied by nothing: add the log that is meant.
    """
    parsed = parse_note(note)
    origin = parse_body(parsed.text).origin
    logs = [each.verifier for each in policy.logs if each.verifier.name == origin]
    signed = [each for each in logs if parsed.signed_by(each)]
    reached = {each.name for each in policy.witnesses if cosignature_of(note, each.verifier)}
    for group in policy.groups:
        if len(reached.intersection(group.members)) >= group.threshold:
            reached.add(group.name)
    return bool(signed) and (policy.quorum == NONE or policy.quorum in reached)


def parse_policy(data: bytes) -> Policy:
    """Read a policy strictly; BadNote or BadSignature if it breaks the format or a rule about names and keys."""
    if len(data) > MAX_POLICY_BYTES:
        raise BadNote(f"a policy of {len(data)} bytes, allowed are {MAX_POLICY_BYTES}; shorten its comments")
    if any((each < 0x20 and each not in b"\t\n") or each == 0x7F for each in data):
        raise BadNote("the policy holds a control character; keep to text, tabs and newlines")
    if data and not data.endswith(b"\n"):
        raise BadNote("the last line of the policy does not end; end it with a newline")
    draft = _Draft()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]  # no other space separates
        if words and not words[0].startswith("#"):
            draft.add(number, words)
    return draft.finished()


def encode_policy(policy: Policy) -> bytes:
    """The policy as a file without comments; parse_policy gives the same policy back."""
    lines = [["log", each.verifier.vkey, each.url] for each in policy.logs]
    lines += [["witness", each.name, each.verifier.vkey, each.url] for each in policy.witnesses]
    lines += [["group", each.name, str(each.threshold), *each.members] for each in policy.groups]
    lines.append(["quorum", policy.quorum])
    text = "".join(" ".join(filter(None, line)) + "\n" for line in lines)
    data = text.encode("utf-8", "surrogateescape")
    if parse_policy(data) != policy:
        raise BadNote("the policy cannot be written as it is; take names and urls without spaces, in order of use")
    return data


@dataclass(slots=True)
class _Draft:
    """A policy while its lines are read."""

    logs: list[Log] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str | None = None
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)

    def add(self, number: int, words: list[str]) -> None:
        kinds: dict[str, tuple[Callable[[list[str]], str | None], int, int]] = {
            "log": (self._add_log, 1, 2),
            "witness": (self._add_witness, 2, 3),
            "group": (self._add_group, 3, MAX_POLICY_BYTES),
            "quorum": (self._add_quorum, 1, 1),
        }
        if words[0] not in kinds:
            raise BadNote(f"policy line {number} begins with {words[0]!r}; use log, witness, group or quorum")
        add, least, most = kinds[words[0]]
        if not least <= len(words) - 1 <= most:
            raise BadNote(f"policy line {number} has {len(words) - 1} items after {words[0]}; see its format")
        problem = add(words[1:])
        if problem:
            raise BadNote(f"policy line {number}: {problem}")

    def finished(self) -> Policy:
        if self.quorum is None:
            raise BadNote("the policy has no quorum line; add one, or quorum none")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def _add_log(self, words: list[str]) -> str | None:
        verifier = _key(words[0], ED25519)
        if any(each.verifier.public_key == verifier.public_key for each in self.logs):
            return "this key is already a log's; name each log once"
        self.logs.append(Log(verifier, *words[1:]))
        return None

    def _add_witness(self, words: list[str]) -> str | None:
        verifier = _key(words[1], COSIGNATURE)
        if any(each.verifier.public_key == verifier.public_key for each in self.witnesses):
            return "this key is already a witness's; name each witness once"
        self.witnesses.append(Witness(words[0], verifier, *words[2:]))
        return self._define(words[0])

    def _add_group(self, words: list[str]) -> str | None:
        name, share, *members = words
        for each in members:
            if each not in self.names:
                return f"{each!r} is not defined above; define it first"
            if each in self.members:
                return f"{each!r} is already a member of a group; list it once"
            self.members.add(each)
        threshold = {"all": len(members), "any": 1}.get(share)
        if threshold is None:
            threshold = int(share) if share.isascii() and share.isdigit() and len(share) < 6 else 0
        if not 1 <= threshold <= len(members):
            return f"{share!r} is not a share of {len(members)} members; give all, any or a number within it"
        self.groups.append(Group(name, threshold, tuple(members)))
        return self._define(name)

    def _add_quorum(self, words: list[str]) -> str | None:
        if self.quorum is not None:
            return "there is a quorum already; keep one"
        if words[0] != NONE and words[0] not in self.names:
            return f"{words[0]!r} is not defined above; define it first"
        self.quorum = words[0]
        return None

    def _define(self, name: str) -> str | None:
        if name == NONE or name in self.names:
            return f"the name {name!r} is taken; choose another"
        self.names.add(name)
        return None


def _key(vkey: str, algorithm: int) -> Verifier:
    verifier = parse_vkey(vkey)
    if verifier.algorithm != algorithm:
        raise BadSignature(
            f"key {verifier.name} has algorithm {verifier.algorithm}, not {algorithm}; give the right key"
        )
    return verifier
