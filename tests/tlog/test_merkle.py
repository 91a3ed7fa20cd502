"""Merkle trees against a slow reading of RFC 6962, against published vectors, and against every flipped bit."""

import json
from base64 import b64decode
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.tlog import merkle
from comity.tlog.errors import BadProof
from comity.tlog.merkle import Frontier, Tree, leaf_hash, node_hash, verify_consistency, verify_inclusion
from thorough import deep
from tlog.shared_data import shared_folder

HASHES = [leaf_hash(b"entry %d" % number) for number in range(300)]
SIZES = st.integers(1, len(HASHES))


def slow_root(hashes: Sequence[bytes]) -> bytes:
    """MTH as RFC 6962 section 2.1 words it."""
    if not hashes:
        return merkle.EMPTY_ROOT
    if len(hashes) == 1:
        return hashes[0]
    split = _split(len(hashes))
    return node_hash(slow_root(hashes[:split]), slow_root(hashes[split:]))


def slow_path(index: int, hashes: Sequence[bytes]) -> list[bytes]:
    """PATH as RFC 6962 section 2.1.1 words it."""
    if len(hashes) == 1:
        return []
    split = _split(len(hashes))
    if index < split:
        return [*slow_path(index, hashes[:split]), slow_root(hashes[split:])]
    return [*slow_path(index - split, hashes[split:]), slow_root(hashes[:split])]


def slow_proof(old: int, hashes: Sequence[bytes], *, whole: bool = True) -> list[bytes]:
    """PROOF and SUBPROOF as RFC 6962 section 2.1.2 words them."""
    if old == len(hashes):
        return [] if whole else [slow_root(hashes)]
    split = _split(len(hashes))
    if old <= split:
        return [*slow_proof(old, hashes[:split], whole=whole), slow_root(hashes[split:])]
    return [*slow_proof(old - split, hashes[split:], whole=False), slow_root(hashes[:split])]


def _split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def flipped(proof: Sequence[bytes], position: int) -> list[bytes]:
    """The proof with one bit of one hash turned over; which bit depends on the position."""
    wrong = bytearray(proof[position])
    wrong[(position * 7) % 32] ^= 1 << (position % 8)
    return [*proof[:position], bytes(wrong), *proof[position + 1 :]]


def refused(check: Callable[..., None], *arguments: object) -> bool:
    """Whether a check raises BadProof."""
    try:
        check(*arguments)
    except BadProof:
        return True
    return False


def test_every_leaf_of_every_tree_to_100_is_proven_and_no_flipped_bit_passes() -> None:
    """After each of 100 leaves, each leaf is proven, and a proof with one bit changed anywhere is refused."""
    tree = Tree()
    for each in HASHES[:100]:
        tree.append(each)
        size, root = tree.size, tree.root()
        for index in range(size):
            proof = tree.inclusion(index, size)
            verify_inclusion(proof, index, size, HASHES[index], root)
            for position in range(len(proof)):
                assert refused(verify_inclusion, flipped(proof, position), index, size, HASHES[index], root)
            assert refused(verify_inclusion, [*proof, root], index, size, HASHES[index], root)


def test_every_pair_of_sizes_to_100_is_proven_and_no_flipped_bit_passes() -> None:
    """Each tree up to 100 leaves is proven to begin with each smaller one; changed or longer proofs are refused."""
    tree = Tree(HASHES[:100])
    for new in range(1, 101):
        for old in range(1, new + 1):
            old_root, new_root, proof = tree.root(old), tree.root(new), tree.consistency(old, new)
            verify_consistency(proof, old, new, old_root, new_root)
            for position in range(len(proof)):
                assert refused(verify_consistency, flipped(proof, position), old, new, old_root, new_root)
            assert refused(verify_consistency, [*proof, new_root], old, new, old_root, new_root)


@given(SIZES, st.data())
def test_roots_and_proofs_equal_the_slow_reading_of_the_rfc(size: int, data: st.DataObject) -> None:
    """Roots, inclusion and consistency proofs are the ones that the text of RFC 6962 gives."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    tree = Tree(HASHES)
    assert tree.root(size) == slow_root(HASHES[:size]) == merkle.root_of(HASHES[:size])
    assert tree.inclusion(index, size) == slow_path(index, HASHES[:size])
    assert tree.inclusion(index, size) == merkle.inclusion_proof(HASHES, index, size)
    assert tree.consistency(old, size) == slow_proof(old, HASHES[:size])
    assert tree.consistency(old, size) == merkle.consistency_proof(HASHES, old, size)


@settings(max_examples=deep(300, 100))
@given(SIZES, st.data())
def test_a_proof_of_one_claim_proves_no_other(size: int, data: st.DataObject) -> None:
    """A valid proof is refused for another leaf, another place, another old tree or a shorter proof."""
    tree = Tree(HASHES)
    index, other = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    proof, root = tree.inclusion(index, size), tree.root(size)
    if other != index:
        assert refused(verify_inclusion, proof, index, size, HASHES[other], root)
        assert refused(verify_inclusion, proof, other, size, HASHES[index], root)
    old, wrong = (data.draw(st.integers(1, size)) for _ in range(2))
    proof = tree.consistency(old, size)
    if wrong != old:
        assert refused(verify_consistency, proof, old, size, tree.root(wrong), root)
        assert refused(verify_consistency, proof, wrong, size, tree.root(old), root)
    if proof:
        assert refused(verify_consistency, proof[:-1], old, size, tree.root(old), root)


@given(st.integers(0, len(HASHES)), st.integers(0, 50))
def test_a_copy_goes_its_own_way(size: int, more: int) -> None:
    """A copy at an earlier size grows to the root that a fresh tree has, and leaves its model as it was."""
    tree, other = Tree(HASHES), [leaf_hash(b"other %d" % number) for number in range(more)]
    before, twin, frontier = tree.root(), tree.copy(size), Frontier()
    for each in HASHES[:size]:
        frontier.append(each)
    branch, edge = frontier.copy(), tree.frontier(size)
    assert (edge.size, edge.root()) == (size, frontier.root())
    for each in other:
        twin.append(each)
        branch.append(each)
    assert twin.root() == branch.root() == slow_root(HASHES[:size] + other)
    assert (twin.size, branch.size, frontier.size) == (size + more, size + more, size)
    assert tree.root() == before and frontier.root() == slow_root(HASHES[:size])


def test_the_known_root_of_no_leaves() -> None:
    """The root of nothing is the SHA-256 of nothing."""
    expected = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Tree().root().hex() == Frontier().root().hex() == merkle.EMPTY_ROOT.hex() == expected


def test_what_is_not_in_a_tree_is_refused_with_a_remedy() -> None:
    """Asking a tree for leaves, sizes or nodes that it lacks raises BadProof and changes nothing."""
    tree = Tree(HASHES[:5])
    questions: list[Callable[[], object]] = [
        lambda: tree.root(6),
        lambda: tree.root(-1),
        lambda: tree.inclusion(5, 5),
        lambda: tree.inclusion(-1, 5),
        lambda: tree.inclusion(0, 6),
        lambda: tree.consistency(4, 3),
        lambda: tree.consistency(1, 6),
        lambda: tree.node(0, 5),
        lambda: tree.node(2, 1),
        lambda: tree.node(-1, 0),
        lambda: tree.append(b"short"),
        lambda: verify_inclusion([b"short"], 0, 2, HASHES[0], HASHES[1]),
        lambda: verify_inclusion([HASHES[0]] * 200, 0, 2, HASHES[0], HASHES[1]),
    ]
    for question in questions:
        with pytest.raises(BadProof, match="; "):
            question()
    assert tree.root() == slow_root(HASHES[:5])


def test_a_proof_from_size_0_is_empty_to_make_and_refused_to_check() -> None:
    """From an empty log there is nothing to prove, so the maker gives nothing and the check takes nothing."""
    tree = Tree(HASHES[:3])
    assert tree.consistency(0, 3) == []
    assert refused(verify_consistency, [], 0, 3, merkle.EMPTY_ROOT, tree.root())


def _cases(kind: str) -> list[Path]:
    return sorted((shared_folder("merkle") / kind).rglob("*.json"))


def test_published_inclusion_vectors() -> None:
    """Every published inclusion case is taken or refused as it says."""
    cases = _cases("inclusion")
    assert len(cases) > 70
    for path in cases:
        case = json.loads(path.read_text())
        proof, leaf, root = _decoded(case["proof"]), b64decode(case["leafHash"] or ""), b64decode(case["root"] or "")
        took = not refused(verify_inclusion, proof, case["leafIdx"], case["treeSize"], leaf, root)
        assert took is not case["wantErr"], path


def test_published_consistency_vectors() -> None:
    """Every published consistency case is taken or refused as it says, those with an old size of 0 too.

    A reading of the RFC that takes an empty proof from size 0 differs in three cases; we refuse it as they do.
    """
    cases = _cases("consistency")
    assert len(cases) > 70
    for path in cases:
        case = json.loads(path.read_text())
        proof, roots = _decoded(case["proof"]), (b64decode(case["root1"] or ""), b64decode(case["root2"] or ""))
        took = not refused(verify_consistency, proof, case["size1"], case["size2"], *roots)
        assert took is not case["wantErr"], path


def _decoded(proof: list[str] | None) -> list[bytes]:
    return [b64decode(each) for each in proof or []]
