"""Policies: the example of the specification, every rule about names, and quorums counted by hand."""

from itertools import combinations

import pytest

from comity.tlog import keys
from comity.tlog.checkpoint import Checkpoint, sign_checkpoint
from comity.tlog.cosignature import cosign
from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.note import Note, parse_note, sign_note
from comity.tlog.policy import Group, encode_policy, parse_policy, satisfied
from tlog.test_note import NORTH, SOUTH, signer_of

WITNESSES = {name: signer_of(f"witness/{name}", keys.COSIGNATURE) for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")}
LOG = f"log {NORTH.verifier.vkey}\n"
EXAMPLE = (
    f"# an example\n{LOG}\n"
    + "".join(f"\t witness {name}  {each.verifier.vkey} https://{name}.example/\n" for name, each in WITNESSES.items())
    + "  # groups\ngroup X-witnesses 2 X1 X2 X3\ngroup Y-witnesses any Y1 Y2 Y3 \n"
    "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n"
).encode()
NOTE = sign_checkpoint(Checkpoint("demo/north", 7, bytes(32)), NORTH)


def cosigned_by(names: tuple[str, ...]) -> bytes:
    """North's checkpoint with the lines of these witnesses."""
    note = NOTE
    for name in names:
        note = cosign(note, WITNESSES[name], 1_456_531_200)
    return note


def test_the_published_example_counts_as_it_says() -> None:
    """Every subset of the six witnesses satisfies the example just when it has two of the X and one of the Y."""
    policy = parse_policy(EXAMPLE)
    for count in range(7):
        for names in combinations(WITNESSES, count):
            enough = sum(name[0] == "X" for name in names) >= 2 and any(name[0] == "Y" for name in names)
            assert satisfied(policy, cosigned_by(names)) is enough


def test_a_policy_is_read_and_written_back() -> None:
    """Comments and spacing are dropped; names, keys, addresses and groups stay, octets beyond ASCII too."""
    policy = parse_policy(EXAMPLE)
    assert policy.groups[0] == Group("X-witnesses", 2, ("X1", "X2", "X3"))
    assert policy.witnesses[0].url == "https://X1.example/"
    assert parse_policy(encode_policy(policy)) == policy
    vkey = WITNESSES["X1"].verifier.vkey.encode()
    odd = b"witness \xff\xe2\x84\xaa " + vkey + b"\nquorum \xff\xe2\x84\xaa\n"
    assert encode_policy(parse_policy(odd)) == odd
    spaced = parse_policy(b"witness a\xc2\xa0b " + vkey + b"\nquorum a\xc2\xa0b\n")
    assert spaced.quorum == "a\u00a0b"


def test_the_log_must_have_signed() -> None:
    """Without a signature by a listed log nothing satisfies a policy, whatever the witnesses say."""
    everyone = cosigned_by(tuple(WITNESSES))
    assert satisfied(parse_policy(f"{LOG}quorum none\n".encode()), NOTE)
    assert not satisfied(parse_policy(b"quorum none\n"), everyone)
    assert not satisfied(parse_policy(f"log {SOUTH.verifier.vkey}\nquorum none\n".encode()), everyone)
    note = parse_note(everyone)
    assert not satisfied(parse_policy(EXAMPLE), Note(note.text, note.signatures[1:]).encode())


def test_a_listed_log_speaks_for_itself_only() -> None:
    """A checkpoint of one log that another listed log signed satisfies nothing."""
    policy = parse_policy(f"{LOG}log {SOUTH.verifier.vkey}\nquorum none\n".encode())
    assert satisfied(policy, NOTE)
    assert not satisfied(policy, sign_note(parse_note(NOTE).text, SOUTH))


def test_a_witness_may_be_the_quorum_itself() -> None:
    """A quorum that names one witness wants just that one."""
    policy = parse_policy(f"{LOG}witness W {WITNESSES['Y2'].verifier.vkey}\nquorum W\n".encode())
    assert satisfied(policy, cosigned_by(("Y2",)))
    assert not satisfied(policy, cosigned_by(("X1", "Y1")))


def test_a_forged_line_of_a_witness_is_refused() -> None:
    """A wrong signature under the name and id of a listed key refuses the note, even where others suffice."""
    note = parse_note(cosigned_by(("X1", "X2", "Y1", "Y2")))
    wrong = type(note.signatures[0])(note.signatures[4].name, note.signatures[4].key_id, bytes(72))
    with pytest.raises(BadSignature):
        satisfied(parse_policy(EXAMPLE), Note(note.text, (*note.signatures[:4], wrong)).encode())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no quorum line"),
        ("quorum none", "does not end"),
        ("quorum none\nquorum none\n", "keep one"),
        ("quorum X\n", "define it first"),
        ("quorum\n", "0 items"),
        ("quorum none none\n", "2 items"),
        ("log\nquorum none\n", "0 items"),
        ("logs x\n", "use log, witness"),
        ("group G all\n", "2 items"),
        ("group G all X1\n", "define it first"),
        ("[W]group G 0 X1\n", "not a share"),
        ("[W]group G 2 X1\n", "not a share"),
        ("[W]group G some X1\n", "not a share"),
        ("[W]group G -1 X1\n", "not a share"),
        ("[W]group G ² X1\n", "not a share"),
        ("[W]group G all X1 X1\n", "list it once"),
        ("[W]group G all X1\ngroup H all X1\n", "list it once"),
        ("[W]group X1 all X1\n", "is taken"),
        ("[W]group none all X1\n", "is taken"),
        ("[W]group G all G\n", "define it first"),
        ("[W]group G all none\n", "define it first"),
        ("[W][W]", "name each witness once"),
        ("[L][L]", "name each log once"),
        ("[L]\x00\n", "control character"),
        ("[L]\r\n", "control character"),
        ("[L]\x7f\n", "control character"),
        ("#" + "x" * 65_536, "shorten"),
    ],
)
def test_policies_that_break_a_rule_are_refused(text: str, message: str) -> None:
    """Each rule of the format refuses its breach with a message that names it."""
    witness = f"witness X1 {WITNESSES['X1'].verifier.vkey}\n"
    with pytest.raises(BadNote, match=message):
        parse_policy(text.replace("[W]", witness).replace("[L]", LOG).encode())


def test_keys_keep_to_their_role() -> None:
    """A log key is no witness, and a cosigning key no log."""
    for text in (f"log {WITNESSES['X1'].verifier.vkey}\n", f"witness W {NORTH.verifier.vkey}\n"):
        with pytest.raises(BadSignature, match="right key"):
            parse_policy(text.encode())


def test_a_policy_that_cannot_be_written_is_refused() -> None:
    """A name with a space would be read as two, so it is not written."""
    policy = parse_policy(EXAMPLE)
    broken = type(policy)(policy.logs, policy.witnesses, (Group("two words", 1, ("X1",)),), "none")
    with pytest.raises(BadNote):
        encode_policy(broken)
