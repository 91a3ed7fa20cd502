"""Values with something odd in them, for both verifiers, and the small story that they are made of."""

from __future__ import annotations

import os
from functools import cache
from random import Random

import msgspec

from case.world import Story, small_story

MUTATIONS = int(os.environ.get("COMITY_CASE_MUTATIONS", "150"))


@cache
def story() -> Story:
    """The small story, told once."""
    return small_story()


def edits(value: object, random: Random) -> object:
    """A JSON value with something in it changed, taken away or added."""
    if isinstance(value, dict) and value and random.random() < 0.85:
        name = random.choice(sorted(value))
        if random.random() < 0.15:
            return {key: each for key, each in value.items() if key != name}
        if random.random() < 0.1:
            return value | {random.choice(["extra", "second", "assertion", "z"]): random.choice([None, 1, "x", {}])}
        return value | {name: edits(value[name], random)}
    if isinstance(value, list) and value and random.random() < 0.85:
        place = random.randrange(len(value))
        return [*value[:place], edits(value[place], random), *value[place + 1 :]]
    if isinstance(value, str) and value and random.random() < 0.6:
        place = random.randrange(len(value))
        return value[:place] + random.choice(["", "0", "A", "\n", "é", "\x7f", '"', " "]) + value[place + 1 :]
    return random.choice([None, True, 0, -1, 1, 2, 2**53, 2**53 - 1, 10**30, 1.5, "", "x", [], {}, [1], "0" * 64])


def rewritten(value: object, random: Random) -> bytes:
    """The JSON of a value, at times in another spelling than the profile's."""
    text = msgspec.json.Encoder(order="sorted").encode(value)
    return random.choice([text] * 8 + [text.replace(b":", b": ", 1), text.replace(b"0", b"0.0", 1), b"\n" + text])
