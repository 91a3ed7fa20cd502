"""Which tests hold each law and each invariant: every law has the attack that it stops, every invariant a test.

A name is that of a test in tests/laws, found by its law; a path names tests that other rooms keep.
`AWAITED` lists what is not written yet: an entry goes as soon as its file is there, and the table's test says so.
"""

LAWS = range(1, 37)

ELSEWHERE: dict[int, tuple[str, ...]] = {
    5: ("tests/tlog/test_checkpoint.py", "tests/tlog/test_merkle.py"),
    7: ("tests/office/test_together.py",),
    8: ("tests/office/test_together.py",),
    24: ("tests/geometry/test_boundary.py",),
    28: ("tests/office/test_clock_door.py",),
    30: ("tests/office/test_watch.py",),
    31: ("tests/office/test_taking.py",),
    35: ("tests/office/test_restart.py",),
}
"""Laws whose subject is also, or only, the office or the log."""

INVARIANTS: dict[str, tuple[str, ...]] = {
    "any delivery order and any replay give the same entries, verdicts and reasons": (
        "tests/properties/test_orders.py",
        "tests/properties/test_machine.py",
    ),
    "no honest entry is ever blocked by what another withholds, invents or forks": (
        "tests/properties/test_machine.py",
    ),
    "past is transitive and the people's order extends it": ("tests/properties/test_orders.py",),
    "an honest log is never seen forked": ("tests/properties/test_machine.py",),
    "a joint change complete in the past of any entry is complete in the whole view": (
        "tests/properties/test_machine.py",
    ),
    "no thing has two successors unless a party forked": ("tests/properties/test_machine.py",),
    "an admitted start cites a live consent of every other signatory": ("tests/properties/test_machine.py",),
    "no unlifted hold or suspension in an admitted start's past": ("tests/properties/test_machine.py",),
    "no permission rests on a view with a party's fork": ("tests/properties/test_machine.py",),
    "one start a request; no two parties' starts concurrent in one volume": ("tests/properties/test_machine.py",),
    "a restraint concurrent with a start is flagged in every view that holds both; flags never vanish": (
        "tests/properties/test_machine.py",
    ),
    "no admitted start concurrent with, or after and unseen by, a cleared movement in its air": (
        "tests/properties/test_machine.py",
    ),
    "a receipt never accuses an honest office": ("tests/office/test_watch.py",),
    "a seal opens only for its owner": ("tests/laws/test_keys_and_seals.py", "tests/properties/test_machine.py"),
    "the door never signs what the judge refuses": ("tests/laws/test_structure.py", "tests/office/test_together.py"),
    "the true time lies within the interval witnessed by honest logs": ("tests/properties/test_machine.py",),
    "B5.2 a verdict is the same from any view to any larger view": ("tests/properties/test_machine.py",),
    "B5.7 no office cosigns two inconsistent heads, nor a head that it does not hold in full": (
        "tests/office/test_taking.py",
    ),
    "B5.8 what was acknowledged survives a crash": ("tests/tlog/test_store.py", "tests/tlog/test_sqlite.py"),
    "B5.9 the root from stored bytes is the signed root": ("tests/office/test_taking.py",),
    "B5.10 the restraints in force never shrink without the needed signatures": ("tests/properties/test_machine.py",),
    "B5.11 entries of revoked keys after the revocation never count; before, always": (
        "tests/laws/test_keys_and_seals.py",
        "tests/properties/test_machine.py",
    ),
    "B5.12 a commitment opens to exactly one value": ("tests/laws/test_keys_and_seals.py",),
    "B5.13 an empty list of recipients means nobody": ("tests/office/test_private.py",),
    "B5.14 a restored office signs nothing inconsistent": ("tests/office/test_restart.py",),
    "B5.15 single-file verifier and product give the same verdict": ("tests/case",),
    "B5.17 edge cases of signatures have one verdict": ("tests/tlog/test_ed25519.py",),
    "renaming every name leaves every verdict unchanged": ("tests/properties/test_renaming.py",),
}
"""LAWS.md section 3, and those of the peers' invariants that say more."""

AWAITED = {
    "tests/properties/test_machine.py",
    "tests/properties/test_orders.py",
    "tests/properties/test_renaming.py",
    "tests/office/test_clock_door.py",
    "tests/office/test_watch.py",
    "tests/office/test_taking.py",
    "tests/office/test_restart.py",
    "tests/office/test_private.py",
}
"""Promised by the tests of the office and not there yet."""
