"""The few ways in which a proven log says no, named by what is wrong.

Every message is lower case, names the thing and then the remedy.
"""


class BadProof(Exception):
    """A Merkle proof, or the request for one, does not fit the tree that it speaks of."""


class BadNote(Exception):
    """A text (note, checkpoint, key, proof file or policy) breaks its format."""


class BadSignature(Exception):
    """A key may not be used, or a signature does not verify under a key that we know."""


class BadTile(Exception):
    """A tile path or the bytes of a tile or entry bundle break their format."""


class StoreError(Exception):
    """The disk, or the caller's picture of it, is not what it must be; nothing was written."""
