"""The single values that an agreement file is made of, each with its form; the descriptions appear in messages.

Patterns end in \\Z because $ would let a line break pass; the published schema says $ for it.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Identifier = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9.-]{0,39}\Z",
        description="an id: lower case letters, digits, dots and hyphens, 40 at most",
    ),
]
ClauseNumber = Annotated[
    str, Meta(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){0,3}\Z", description="a clause number such as 10.4")
]
Text = Annotated[str, Meta(min_length=1, max_length=2000)]
Name = Annotated[str, Meta(min_length=1, max_length=120)]
Moment = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z",
        description="a time in UTC such as 2016-07-31T00:00:00Z",
    ),
]
TimeOfDay = Annotated[
    str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", description="a time of day in UTC such as 06:15")
]
Metres = Annotated[int, Meta(ge=1, le=500_000, description="metres, 500000 at most")]
Feet = Annotated[int, Meta(ge=-1500, le=20_000, description="feet above the sea, -1500 to 20000")]
ActPattern = Annotated[
    str,
    Meta(
        pattern=r"^([a-z]+\.([a-z_]+|\*)|\*)\Z",
        description="the name of an act such as movement.agree, all acts of a chapter such as movement.*, or * for all",
    ),
]
ActName = Annotated[
    str, Meta(pattern=r"^[a-z]+\.[a-z_]+\Z", description="the name of an act such as integration.authorise")
]
MovementKind = Annotated[str, Meta(pattern=r"^(flight|vessel|convoy)\Z", description="flight, vessel or convoy")]
PublicKey = Annotated[
    str, Meta(pattern=r"^[0-9a-f]{64}\Z", description="an Ed25519 public key: 64 hexadecimal digits in lower case")
]
VerifierKey = Annotated[
    str,
    Meta(
        max_length=200,
        pattern=r"^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}\Z",
        description="a C2SP verifier key: name+hash+key",
    ),
]
Origin = Annotated[
    str, Meta(pattern=r"^[^\s+]{1,80}\Z", description="the name of a log: no space, no plus sign, at most 80 long")
]
Pem = Annotated[str, Meta(min_length=1, max_length=4000)]
Provision = Annotated[
    str, Meta(pattern=r"^[A-Z]{1,3}[0-9]{1,3}\Z", description="the mark of a provision of the source such as J10")
]
FormatVersion = Annotated[int, Meta(ge=1, le=1)]
Edition = Annotated[int, Meta(ge=1, lt=1 << 53)]
