"""Keys and signed notes: exact bytes, every mangling refused, and strangers' lines ignored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.tlog import keys, note
from comity.tlog.errors import BadNote, BadSignature
from comity.tlog.keys import Signer, parse_skey, parse_vkey
from comity.tlog.note import Note, open_note, parse_note, sign_note

PUBLISHED_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
PUBLISHED_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
TEXT = "one line\n\nand another\n"


def signer_of(name: str, algorithm: int = keys.ED25519) -> Signer:
    """A signer whose private seed comes from its name, for tests only."""
    return keys.signer(name, name.encode().ljust(32, b".")[:32], algorithm)


NORTH, SOUTH = signer_of("demo/north"), signer_of("demo/south")


def test_the_published_example_verifies() -> None:
    """The key and note of the specification are read, verified and written back byte for byte."""
    verifier = parse_vkey(PUBLISHED_KEY)
    opened = open_note(PUBLISHED_NOTE, [verifier])
    assert opened.text == "This is an example message.\n"
    assert opened.encode() == PUBLISHED_NOTE
    assert verifier.vkey == PUBLISHED_KEY


def manglings(line: str) -> list[str]:
    """Every substring cut short at either end, every character left out, doubled or moved up by one."""
    found = [line[:cut] for cut in range(len(line))] + [line[cut:] for cut in range(1, len(line) + 1)]
    for place, character in enumerate(line):
        for other in ("", character * 2, chr(ord(character) + 1), chr(ord(character) ^ 1), " ", "+", "\n"):
            found.append(line[:place] + other + line[place + 1 :])
    return [each for each in found if each != line]


@pytest.mark.parametrize("line", [PUBLISHED_KEY, NORTH.verifier.vkey, signer_of("m", keys.COSIGNATURE).verifier.vkey])
def test_every_mangled_verifier_key_is_refused(line: str) -> None:
    """No verifier key with anything cut, added or changed is read as a key."""
    assert parse_vkey(line).vkey == line
    for mangled in manglings(line):
        with pytest.raises((BadNote, BadSignature)):
            parse_vkey(mangled)


def test_every_mangled_signer_key_is_refused_and_never_repeated() -> None:
    """No signer key with anything changed is read as a key, and no error or representation shows the secret."""
    line = NORTH.skey
    secret = line.rsplit("+", 1)[1][4:30]
    assert parse_skey(line) == NORTH
    assert secret not in repr(NORTH) and repr(NORTH.seed) not in repr(NORTH)
    for mangled in manglings(line):
        with pytest.raises((BadNote, BadSignature)) as caught:
            parse_skey(mangled)
        assert secret not in str(caught.value)


def test_keys_of_other_algorithms_and_low_order_are_refused() -> None:
    """Algorithms 2, 5 and 6 and a public key of low order make no verifier."""
    for algorithm in (0, 2, 3, 5, 6, 255):
        with pytest.raises(BadSignature, match="algorithm"):
            keys.verifier("demo/north", NORTH.verifier.public_key, algorithm)
    with pytest.raises(BadSignature, match="full order"):
        keys.verifier("demo/north", bytes(32))


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\x00b", "\ud800", "x" * 256])
def test_names_that_no_key_may_have(name: str) -> None:
    """A key name is not empty or long and holds no space, plus sign, control character or half a character."""
    with pytest.raises(BadNote, match="; choose"):
        keys.check_name(name)


def test_a_note_signed_by_two_opens_under_either() -> None:
    """Each key vouches for its own line; lines of keys that one does not know are ignored."""
    data = sign_note(TEXT, NORTH, SOUTH)
    for signer in (NORTH, SOUTH):
        opened = open_note(data, [signer.verifier])
        assert opened.text == TEXT
        assert [each.name for each in opened.signatures] == [signer.verifier.name]
    assert len(open_note(data, [NORTH.verifier, SOUTH.verifier]).signatures) == 2
    assert parse_note(data).encode() == data


def test_a_note_by_strangers_is_refused() -> None:
    """A note that no known key signed is refused, also if the stranger took a known name."""
    twin = keys.signer("demo/north", b"another seed".ljust(32))
    for signer in (SOUTH, twin):
        with pytest.raises(BadSignature, match="no known key"):
            open_note(sign_note(TEXT, signer), [NORTH.verifier])


def test_a_wrong_signature_by_a_known_key_spoils_the_note() -> None:
    """A note with one good and one wrong line of known keys is refused, in any order, doubled lines too."""
    good = parse_note(sign_note(TEXT, NORTH, SOUTH)).signatures
    wrong = parse_note(sign_note("another\n", NORTH)).signatures[0]
    for lines in ((wrong, good[1]), (good[1], wrong), (good[0], wrong), (wrong, good[0])):
        with pytest.raises(BadSignature, match="does not fit"):
            open_note(Note(TEXT, lines).encode(), [NORTH.verifier, SOUTH.verifier])


@given(st.data())
def test_any_changed_byte_is_refused(data: st.DataObject) -> None:
    """A note by one key with any byte changed does not open at all."""
    original = sign_note(TEXT, NORTH)
    place = data.draw(st.integers(0, len(original) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda each: each != original[place]))
    with pytest.raises((BadNote, BadSignature)):
        open_note(original[:place] + bytes([value]) + original[place + 1 :], [NORTH.verifier])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_exactly_or_refused(data: bytes) -> None:
    """Whatever is read as a note is written back byte for byte; all else raises BadNote and nothing else."""
    try:
        read = parse_note(b"text\n\n\xe2\x80\x94 name " + data)
    except BadNote:
        return
    assert read.encode().endswith(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        PUBLISHED_NOTE[:-1],
        PUBLISHED_NOTE + b"\n",
        PUBLISHED_NOTE + b"more\n",
        PUBLISHED_NOTE.replace(b"example m", b"example\r m"),
        PUBLISHED_NOTE.replace(b"example m", b"example\xff m"),
        PUBLISHED_NOTE.replace(b"example m", b"example\xed\xa0\x80 m"),
        PUBLISHED_NOTE.replace("—".encode(), b"-"),
        PUBLISHED_NOTE.replace(b"IneyaQM=", b"IneyaQN="),
        PUBLISHED_NOTE.replace(b"IneyaQM=", b"IneyaQM"),
        PUBLISHED_NOTE.replace(b" Uw2Q", b"  Uw2Q"),
        PUBLISHED_NOTE.replace(b"foo Uw2Q", b"foo\xc2\xa0Uw2Q"),
        PUBLISHED_NOTE.replace(b"/foo ", b"/f+o "),
        b"text\n\n" + "— name AAAAAA==\n".encode(),
        b"text\n\n" + "— name AAAAAAA=\n".encode() * 101,
        b"x" * 262_145,
    ],
)
def test_malformed_notes_are_refused(data: bytes) -> None:
    """Notes that break the format, in text, lines, base64 or size, are refused before any key is asked."""
    with pytest.raises(BadNote, match="; "):
        parse_note(data)


def test_sixteen_signatures_of_any_length_are_read() -> None:
    """The specification wants at least sixteen signatures to pass, long ones of unknown algorithms too."""
    lines = tuple(note.Signature(f"stranger/{number}", b"four", bytes(5000)) for number in range(16))
    data = Note(TEXT, (*lines, *parse_note(sign_note(TEXT, NORTH)).signatures)).encode()
    assert open_note(data, [NORTH.verifier]).text == TEXT


@pytest.mark.parametrize("text", ["", "no newline", "tab\t\n", "half \ud800\n"])
def test_texts_that_no_note_may_hold(text: str) -> None:
    """A text without its last newline, or with control characters, is not signed."""
    with pytest.raises(BadNote):
        sign_note(text, NORTH)
    with pytest.raises(BadNote):
        sign_note(TEXT)
