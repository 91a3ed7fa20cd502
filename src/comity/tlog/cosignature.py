"""C2SP tlog-cosignature v1 with Ed25519: a witness or mirror adds its signature, with a time, to a checkpoint.

Invariant: the signature covers the time and the whole text of the checkpoint. It does not cover the cosigner's name,
so one key serves one cosigner only. The caller decides what cosigning promises: only ever growth, and for a
mirror that every entry is stored.
"""

from comity.tlog.checkpoint import parse_body, read_checkpoint
from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.keys import COSIGNATURE, Signer, Verifier, cosigned_time_s
from comity.tlog.note import MAX_SIGNATURES, Note, Signature, parse_note, sign_text


def cosign(data: bytes, signer: Signer, time_s: int) -> bytes:
    """The checkpoint note with this cosigner's line at the end, in place of an older one of its own.

    The time is in POSIX seconds. The caller has verified the log's signature and the growth of the log.
    """
    checkpoint, _ = read_checkpoint(data)
    if signer.verifier.algorithm != COSIGNATURE:
        raise BadSignature(f"key {signer.verifier.name} is no cosigning key; make one with algorithm 4")
    return add_signatures(data, [sign_text(checkpoint.body, signer, time_s)])


def cosignature_of(data: bytes, verifier: Verifier) -> tuple[Signature, int] | None:
    """The newest good cosignature by this key and its time in POSIX seconds, or None if the note has none.

    BadSignature if the note holds a wrong one under this key's name and id.
    """
    note = parse_note(data)
    parse_body(note.text)
    if verifier.algorithm != COSIGNATURE:
        raise BadSignature(f"key {verifier.name} is no cosigning key; pin one with algorithm 4")
    found = [(each, cosigned_time_s(each.signature)) for each in note.signed_by(verifier)]
    return max(found, key=lambda pair: pair[1], default=None)


def add_signatures(data: bytes, signatures: list[Signature]) -> bytes:
    """The note with these lines at the end, each in place of an older one by the same key; verifies nothing."""
    note = parse_note(data)
    replaced = {(each.name, each.key_id) for each in signatures}
    kept = tuple(each for each in note.signatures if (each.name, each.key_id) not in replaced)
    if len(kept) + len(signatures) > MAX_SIGNATURES:
        raise BadNote(f"the note would have more than {MAX_SIGNATURES} signatures; drop unknown ones first")
    return Note(note.text, (*kept, *signatures)).encode()
