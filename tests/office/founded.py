"""A founded agreement with every key from a seed: what office tests and the simulator begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

import drafts
from comity.model.terms import Pins
from comity.office.founding import complete_founding, new_certificate, pins_of
from comity.office.keyring import Keyring, KeySigner, new_keyring, new_signer

START_MS = 1_600_000_000_000
SEATS = ("duty", "senior")
NAMES = ("north", "south", "east", "centre")

HEAD = drafts.head("demo", "A pact for tests", ["integration.authorise"])

REST = """
[[seat]]
id = "duty"
name = "Duty officer"
at = ["north", "south", "east", "centre"]
may = ["*"]

[[seat]]
id = "senior"
name = "Senior officer"
at = ["north", "south", "east", "centre"]
may = ["*"]

[[tier]]
id = "open"
name = "Open"
groups = ["bands"]
executing = ["north", "south", "east"]

[[group]]
id = "bands"
name = "Bands"
treatment = "coordinated"

[[group]]
id = "guards"
name = "Guards"
treatment = "independent"

[[category]]
id = "rescue"
name = "Rescue"
kinds = ["flight", "convoy"]

[[reason]]
id = "unsafe"
text = "not safe"

[[clause]]
id = "1"
title = "The pact"
text = "The parties keep what they sign."
status = "enforced"
governs = ["agreement", "agreement.adoption", "agreement.amendment", "keys", "office", "office.skew", "office.receipt"]
answered_by = ["duty"]
[clause.parameters]
watch_every_min = {watch_every_min}
skew_max_s = 120

[[clause]]
id = "2"
title = "Areas and operations"
text = "Operations are agreed in advance."
status = "enforced"
governs = ["area", "operation", "operation.line", "operation.lease", "movement", "notice", "threat", "activity", "duty"]
answered_by = ["duty"]
[clause.parameters]
lease_max_min = 240
line_check_within_min = 60
giver_seen_within_min = 60

[floor]
clause = "1"
keeps = ["movement", "duty"]
"""


@dataclass(frozen=True)
class Founded:
    """The founding file and every key of every participant."""

    founding: bytes
    rings: dict[str, Keyring]
    roots: dict[str, KeySigner]
    officers: dict[tuple[str, str], KeySigner]
    tls: dict[str, tuple[str, bytes]] = field(default_factory=dict)


@lru_cache(maxsize=8)
def found(names: tuple[str, ...] = NAMES, watch_every_min: int = 5, seed: str = "founded") -> Founded:
    """An agreement between those participants; `centre` is the centre, the others are signatories."""
    random = drafts.SeededRandomness(seed)
    rings, roots, pins, tls = {}, {}, {}, {}
    officers = {}
    for name in names:
        rings[name] = new_keyring(f"demo/{name}", random)
        roots[name] = new_signer(random)
        certificate = new_certificate(f"demo/{name}", datetime(2020, 1, 1, tzinfo=UTC), random)
        tls[name] = (certificate.certificate, certificate.private_key)
        pins[name] = pins_of(rings[name], roots[name].key, certificate.certificate)
        for seat in SEATS:
            officers[name, seat] = new_signer(random)
    return Founded(complete_founding(draft(names, watch_every_min), pins), rings, roots, officers, tls)


def draft(names: tuple[str, ...] = NAMES, watch_every_min: int = 5) -> bytes:
    """The agreement before anybody's keys are in it."""
    tables = map(drafts.participant, names)
    rest = REST.replace("{watch_every_min}", str(watch_every_min))
    for absent in set(NAMES) - set(names):
        rest = rest.replace(f', "{absent}"', "")
    return (HEAD + "".join(tables) + rest).encode()


def pins_for(name: str, seed: str) -> Pins:
    """Pins of an office that nobody else knows."""
    random = drafts.SeededRandomness(seed)
    certificate = new_certificate(f"demo/{name}", datetime(2020, 1, 1, tzinfo=UTC), random)
    return pins_of(new_keyring(f"demo/{name}", random), new_signer(random).key, certificate.certificate)
