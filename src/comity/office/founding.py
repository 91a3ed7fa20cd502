"""How a log begins: pins in the terms, their fingerprint, the first entry, certificates, proofs of possession.

Trusted: the fingerprint, compared by people over paper or voice; everything else follows from it (law 13).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from comity.model.acts.agreement import Vote
from comity.model.acts.keys import Enrol, Join, Passkey, Rotate
from comity.model.errors import Misuse
from comity.model.terms import Participant, Pins, Role, Terms
from comity.model.terms_file import parse_terms
from comity.model.terms_problem import Problem
from comity.model.toml_lines import lines_of
from comity.office.keyring import Keyring
from comity.office.ports import ActSigner, Randomness
from comity.office.signatures import possession_message
from comity.rules.versions import VERSIONS

CERTIFICATE_LIFE = timedelta(days=3652)
_GROUP = 4
_PINS = re.compile(rb"\n\[participant\.pins\]\n(?:[a-z_]+ = \"[^\n]*\"\n)+")  # as _pins_table writes them


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed certificate of an office, and its private key, both PEM."""

    certificate: str
    private_key: bytes = field(repr=False)


def new_certificate(origin: str, now: datetime, random: Randomness) -> Certificate:
    """A certificate for the TLS of one office: pinned by its bytes, so its names carry no trust; for 10 years."""
    private = Ed25519PrivateKey.from_private_bytes(random.bytes(32))
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, origin[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(int.from_bytes(random.bytes(16), "big") >> 1 | 1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + CERTIFICATE_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(private, None)
    )
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Certificate(certificate.public_bytes(Encoding.PEM).decode(), pem)


def certificate_fingerprint(pem: str) -> bytes:
    """The SHA-256 of a certificate's DER bytes: what a connection is compared with; Misuse if it is none."""
    try:
        certificate = x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise Misuse("the pinned certificate is not PEM; complete the founding file again with comity init") from None
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()


def certificate_fault(owner: str, pem: str, now: datetime, ahead: timedelta = timedelta(0)) -> str | None:
    """Why TLS will not take that pinned certificate at that time, or some time ahead; None if it will."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < begins:
        return f"by this machine's clock the certificate of {owner} begins on {begins:%Y-%m-%d}; set the clock right"
    if now + ahead > ends:
        remedy = "agree on terms with a new one; a stick carries logs meanwhile"
        return f"the certificate of {owner} {'ends' if now <= ends else 'ended'} on {ends:%Y-%m-%d}; {remedy}"
    return None


def pins_of(keyring: Keyring, root_key: str, certificate: str) -> Pins:
    """What one office hands in for the founding file."""
    return Pins(
        origin=keyring.origin,
        root_key=root_key,
        office_key=keyring.office.key,
        head_key=keyring.head.verifier.vkey,
        cosign_key=keyring.cosign.verifier.vkey,
        certificate=certificate,
    )


def complete_founding(draft: bytes, pins: Mapping[str, Pins]) -> bytes:
    """The draft with every participant's pins, every other byte kept; Misuse if either does not fit."""
    _check_rules(draft, parse_founding(draft, first=True))
    return _with_pins(draft, pins)


def _with_pins(draft: bytes, pins: Mapping[str, Pins]) -> bytes:
    terms = parse_founding(draft)
    if any(each.pins is not None for each in terms.participant):
        raise Misuse("the agreement file already holds pins; begin with a draft that has none")
    named = {each.id for each in terms.participant}
    if named != pins.keys():
        odd = ", ".join(sorted(named ^ pins.keys()))
        raise Misuse(f"pins and participants differ in {odd}; give the pins of each participant once")
    lines = draft.decode().splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    ends = _ends_of_participants(lines)
    for end, participant in sorted(zip(ends, terms.participant, strict=True), key=lambda pair: -pair[0]):
        lines[end:end] = _pins_table(pins[participant.id])
    founding = "".join(lines).encode()
    parse_founding(founding)
    return founding


def complete_amendment(changed: bytes, before: Terms, handed: Mapping[str, Pins]) -> bytes:
    """The changed text with pins: who stays keeps its log by the terms before, who comes hands its own in; Misuse.

    Pins that the text still holds from an earlier edition do not count.
    """
    draft = _PINS.sub(b"", changed)
    terms = parse_founding(draft)
    wanted = f"{before.id} edition {before.edition + 1}"
    if (found := f"{terms.id} edition {terms.edition}") != wanted:
        raise Misuse(f"the changed text is {found}, and what may follow the terms in force is {wanted}; write that")
    _check_rules(changed, terms)
    stay = {each.id: each.pins for each in before.participant if each.pins is not None}
    for name, pins in handed.items():
        if name in stay and stay[name] != pins and stay[name].origin == pins.origin:
            raise Misuse(
                f"the pins of {name} are not those in force for {pins.origin}; keys change with a new log only"
            )
    names = {each.id for each in terms.participant}
    if lacking := sorted(names - stay.keys() - handed.keys()):
        raise Misuse(f"{lacking[0]} comes, and its pins are not given; add the file that comity init keys wrote there")
    return _with_pins(draft, {name: pins for name, pins in stay.items() if name in names} | dict(handed))


def parse_founding(data: bytes, first: bool = False) -> Terms:
    """The terms of an agreement file; Misuse with its first problem if it is none, or none to begin with."""
    parsed = parse_terms(data, founding=first)
    if isinstance(parsed, Terms):
        return parsed
    raise Misuse(f"the agreement file is not sound: {parsed[0]}; run comity agreement check on it")


def rules_problem(data: bytes, terms: Terms) -> Problem | None:
    """That the terms of a file adopt rules under which this software can judge nothing; to be asked before anybody
    signs, never of terms that an office holds (law 14)."""
    if terms.rules in VERSIONS:
        return None
    known = ", ".join(map(str, sorted(VERSIONS)))
    problem = f"this software knows no rules version {terms.rules}, so no act under it could be judged here"
    remedy = f"write one that it knows ({known}), or update the software of every office first"
    return Problem(lines_of(data.decode()).get(("rules",)), "rules", None, problem, remedy)


def _check_rules(data: bytes, terms: Terms) -> None:
    if (problem := rules_problem(data, terms)) is not None:
        raise Misuse(f"the agreement file is not sound: {problem}")


def fingerprint(founding: bytes) -> str:
    """The SHA-256 of the founding file in groups of four, to be read aloud and compared on paper."""
    return grouped(hashlib.sha256(founding).hexdigest())


def grouped(digest: str) -> str:
    """A hash (hex) in groups of four."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))


def genesis_act(participant: Participant, founding: bytes) -> Vote | Join:
    """The act of entry 0, signed by the root key in seat `root`: a signatory votes, another joins (law 13)."""
    digest = hashlib.sha256(founding).hexdigest()
    if participant.role is Role.SIGNATORY:
        return Vote(thing="terms", after=(), round=0, content=digest)
    return Join(terms=digest)


def enrol_act(
    origin: str, officer: str, seats: tuple[str, ...], signer: ActSigner, passkey: Passkey | None = None
) -> Enrol:
    """The enrolment of a key in that log, with the key's own proof over origin, officer and seats (law 33)."""
    proof = signer.sign(possession_message(origin, officer, seats, signer.key)).hex()
    return Enrol(officer=officer, seats=seats, key=signer.key, proof=proof, passkey=passkey)


def rotate_act(
    origin: str, old: str, officer: str, seats: tuple[str, ...], signer: ActSigner, passkey: Passkey | None = None
) -> Rotate:
    """The replacement of an officer's old key by a new one, with the new key's proof."""
    proof = signer.sign(possession_message(origin, officer, seats, signer.key)).hex()
    return Rotate(old=old, officer=officer, seats=seats, key=signer.key, proof=proof, passkey=passkey)


def _ends_of_participants(lines: list[str]) -> list[int]:
    """For each participant's table, the line after its last non-empty one."""
    heads = [number for number, line in enumerate(lines) if line.lstrip().startswith("[")]
    ends = []
    for number, following in zip(heads, [*heads[1:], len(lines)], strict=True):
        if lines[number].split("#")[0].replace(" ", "").strip() != "[[participant]]":
            continue
        end = following
        while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
            end -= 1
        ends.append(end)
    return ends


def _pins_table(pins: Pins) -> list[str]:
    certificate = pins.certificate.replace("\n", "\\n")
    values = {
        "origin": pins.origin,
        "root_key": pins.root_key,
        "office_key": pins.office_key,
        "head_key": pins.head_key,
        "cosign_key": pins.cosign_key,
        "certificate": certificate,
    }
    return ["\n", "[participant.pins]\n", *(f'{key} = "{value}"\n' for key, value in values.items())]
