"""A stock Go client reads our logs, proofs and notes, refuses the forged ones, and writes notes that we read."""

from pathlib import Path

import pytest

from comity.tlog import keys
from comity.tlog.checkpoint import Checkpoint, sign_checkpoint
from comity.tlog.cosignature import cosign
from comity.tlog.merkle import Tree, leaf_hash
from comity.tlog.note import open_note, sign_note
from comity.tlog.proof import Proof, encode_proof
from comity.tlog.tiles import write_log
from tlog.go_program import GoProgram, build_go_program
from tlog.test_note import NORTH, SOUTH, signer_of

LEAVES = [b"entry %d " % number + bytes(number % 90) for number in range(10_123)]
TREE = Tree(map(leaf_hash, LEAVES))
OLD_SIZE = 4321
VKEY = NORTH.verifier.vkey


def head_at(size: int, root: bytes) -> bytes:
    """North's signed checkpoint."""
    return sign_checkpoint(Checkpoint("demo/north", size, root), NORTH)


@pytest.fixture(scope="module")
def program(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> GoProgram:
    """The Go program, built once."""
    assert pytestconfig.cache
    return build_go_program(tmp_path_factory.mktemp("go"), pytestconfig.cache.mkdir("go-build"))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log of more than ten thousand entries, laid out as files."""
    folder = tmp_path_factory.mktemp("log")
    write_log(folder, LEAVES, head_at(len(LEAVES), TREE.root()))
    return folder


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """An older checkpoint of the same log."""
    path = tmp_path / "older"
    path.write_bytes(head_at(OLD_SIZE, TREE.root(OLD_SIZE)))
    return path


def refused(program: GoProgram, *words: str | Path, stdin: bytes = b"") -> str:
    """Why the program refused; it must."""
    done = program.run(*words, stdin=stdin)
    assert done.returncode == 1, done
    return done.stderr.decode()


def test_go_accepts_our_log(program: GoProgram, log: Path, older: Path) -> None:
    """Signature, root, tiles, every entry, sampled inclusion and growth since an older checkpoint all hold."""
    done = program.run("log", log, VKEY, older)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(b"10123 ")


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 513, 65_537])
def test_go_accepts_logs_of_edge_sizes(program: GoProgram, tmp_path: Path, size: int) -> None:
    """Sizes at and beside the edges of tiles of each level are laid out as Go expects them."""
    leaves = [b"%d" % number for number in range(size)]
    write_log(tmp_path, leaves, head_at(size, Tree(map(leaf_hash, leaves)).root()))
    done = program.run("log", tmp_path, VKEY)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "name", ["checkpoint", "tile/0/017", "tile/0/039.p/139", "tile/1/000.p/39", "tile/entries/020"]
)
def test_go_refuses_a_flipped_bit(program: GoProgram, log: Path, name: str) -> None:
    """One bit changed in the checkpoint, a tile or a bundle is found."""
    path, data = log / name, (log / name).read_bytes()
    path.write_bytes(data[:60] + bytes([data[60] ^ 4]) + data[61:])
    try:
        assert refused(program, "log", log, VKEY)
    finally:
        path.write_bytes(data)


def test_go_refuses_a_wrong_size_and_root(program: GoProgram, log: Path) -> None:
    """A well signed checkpoint of another size or root does not fit the tiles."""
    path, data = log / "checkpoint", (log / "checkpoint").read_bytes()
    try:
        for size, root in ((10_122, TREE.root()), (10_123, TREE.root(10_122)), (10_124, TREE.root())):
            path.write_bytes(head_at(size, root))
            assert refused(program, "log", log, VKEY)
        path.write_bytes(data.replace(b"10123", b"10122"))
        assert "invalid signature" in refused(program, "log", log, VKEY)
    finally:
        path.write_bytes(data)


def test_go_refuses_a_rewritten_history(program: GoProgram, tmp_path: Path, older: Path) -> None:
    """A log with one early entry changed, complete and signed by the same key, does not continue its older self."""
    leaves = [*LEAVES[:100], b"another", *LEAVES[101:5000]]
    write_log(tmp_path / "log", leaves, head_at(5000, Tree(map(leaf_hash, leaves)).root()))
    assert program.run("log", tmp_path / "log", VKEY).returncode == 0
    assert refused(program, "log", tmp_path / "log", VKEY, older)


def test_go_refuses_another_key(program: GoProgram, log: Path) -> None:
    """The log of north does not pass for the south's."""
    assert refused(program, "log", log, SOUTH.verifier.vkey)


@pytest.mark.parametrize("index", [0, 255, 4321, 10_122])
def test_go_accepts_our_proofs_and_no_other(program: GoProgram, index: int) -> None:
    """A proof file shows its leaf to Go, and no other leaf."""
    size = len(LEAVES)
    proof = Proof(index, tuple(TREE.inclusion(index, size)), head_at(size, TREE.root()), b"extra")
    data = encode_proof(proof)
    assert program.run("proof", VKEY, leaf_hash(LEAVES[index]).hex(), stdin=data).returncode == 0
    assert refused(program, "proof", VKEY, leaf_hash(LEAVES[index - 1]).hex(), stdin=data)


def test_notes_pass_both_ways(program: GoProgram) -> None:
    """Go opens our note, and signs a text to the very bytes that we sign."""
    text = "a text\n\nin two parts: é ü\n"
    ours = sign_note(text, NORTH)
    assert program.run("open", VKEY, stdin=ours).stdout.decode() == text
    theirs = program.run("sign", NORTH.skey, stdin=text.encode()).stdout
    assert open_note(theirs, [NORTH.verifier]).text == text
    assert theirs == ours


def test_go_accepts_our_cosignatures(program: GoProgram) -> None:
    """A checkpoint cosigned by two mirrors opens under all three keys, and a changed time under none."""
    mirrors = [signer_of(f"mirror/{name}", keys.COSIGNATURE) for name in ("south", "centre")]
    data = head_at(OLD_SIZE, TREE.root(OLD_SIZE))
    for mirror in mirrors:
        data = cosign(data, mirror, 1_456_531_200)
    vkeys = [each.verifier.vkey for each in mirrors]
    done = program.run("open", VKEY, *vkeys, stdin=data)
    assert done.stdout.decode() == Checkpoint("demo/north", OLD_SIZE, TREE.root(OLD_SIZE)).body, done.stderr
    other = cosign(head_at(OLD_SIZE - 1, TREE.root(OLD_SIZE - 1)), mirrors[0], 1_456_531_200)
    assert refused(program, "open", vkeys[0], stdin=data.split(b"\n\n")[0] + b"\n\n" + other.split(b"\n\n")[1])
