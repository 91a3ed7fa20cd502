"""Which tests hold each law and each invariant: every law has the attack that it stops, every invariant a test.

The directed tests of this folder say their law in their names; here stands what other rooms hold, and the invariants.
A line names a test as `file::test`, below tests.
"""

LAWS = range(1, 37)

MACHINE = "properties/test_machine.py::Offices"
ORDERS = "properties/test_orders.py::test_any_order_gives_the_same_history"
PAST = "properties/test_orders.py::test_past_is_transitive_and_ordered"
SIMULATOR = "simulator/test_simulator.py::test_promises_are_kept"

ELSEWHERE: dict[int, tuple[str, ...]] = {
    3: ("office/test_forks.py::test_fork_towards_each_neighbour",),
    5: ("office/test_laws.py::test_law_5_entries_come_under_a_checkpoint_only",),
    7: ("office/test_forks.py::test_withheld_past_blocks_its_own_log_only",),
    8: ("office/test_laws.py::test_law_8_waiting_restraint_binds_the_own_door",),
    14: (
        "office/test_software.py::test_law_14_newer_software_judges_at_its_start",
        "office/test_software.py::test_law_14_back_to_older_software",
    ),
    24: ("geometry/test_boundary.py::test_boundary_cases_hold",),
    28: (
        "office/test_laws.py::test_law_28_clock_off_stops_all_but_restraints",
        "office/test_laws.py::test_law_28_clock_is_set_back_by_two",
    ),
    30: ("office/test_laws.py::test_law_30_watch_is_signed_in_time",),
    31: (
        "office/test_laws.py::test_law_31_draft_is_thrown_back",
        "simulator/test_simulator.py::test_a_cosignature_before_taking_is_found",
    ),
    34: ("office/test_keys.py::test_salt_is_kept_for_the_root_key",),
    35: (
        "office/test_laws.py::test_law_35_unclean_start_asks_a_mirror",
        "office/test_laws.py::test_law_35_mark_above_the_store",
    ),
}
"""Laws whose subject is also, or only, the office, the log or the geometry."""

INVARIANTS: dict[str, tuple[str, ...]] = {
    "any delivery order and any replay give the same entries, verdicts and reasons": (ORDERS, MACHINE),
    "no honest entry is ever blocked by what another withholds, invents or forks": (
        ORDERS,
        "office/test_forks.py::test_withheld_past_blocks_its_own_log_only",
    ),
    "past is transitive and the people's order extends it": (PAST,),
    "an honest log is never seen forked": (MACHINE,),
    "a joint change complete in the past of any entry is complete in the whole view": (MACHINE,),
    "no thing has two successors unless a party forked": (MACHINE,),
    "an admitted start cites a live consent of every other signatory": (MACHINE,),
    "no unlifted hold or suspension in an admitted start's past": (MACHINE,),
    "no permission rests on a view with a party's fork": (MACHINE,),
    "one start a request; no two parties' starts concurrent in one volume": (MACHINE,),
    "a restraint concurrent with a start is flagged in every view that holds both; flags never vanish": (MACHINE,),
    "no admitted start concurrent with, or after and unseen by, a cleared movement in its air": (MACHINE,),
    "a receipt never accuses an honest office": (
        "laws/test_keys_and_seals.py::test_law_30_receipt_is_an_entry",
        PAST,
    ),
    "a seal opens only for its owner": (MACHINE,),
    "the door never signs what the judge refuses": (
        "laws/test_structure.py::test_law_08_door_is_never_looser",
        "office/test_laws.py::test_refusal_signs_nothing",
    ),
    "the true time lies within the interval witnessed by honest logs": (
        "properties/test_orders.py::test_true_time_is_witnessed",
    ),
    "B5.2 a verdict is the same from any view to any larger view": (MACHINE, ORDERS),
    "B5.7 no office cosigns two inconsistent heads, nor a head that it does not hold in full": (
        "office/test_forks.py::test_forked_log_is_not_cosigned_again",
        SIMULATOR,
    ),
    "B5.8 what was acknowledged survives a crash": ("office/test_faults.py::test_every_write_fails", SIMULATOR),
    "B5.9 the root from stored bytes is the signed root": ("office/test_audit.py::test_changed_leaf_stops_the_start",),
    "B5.10 the restraints in force never shrink without the needed signatures": (MACHINE,),
    "B5.11 entries of revoked keys after the revocation never count; before, always": (MACHINE,),
    "B5.12 a commitment opens to exactly one value": (
        "laws/test_keys_and_seals.py::test_law_34_seal_opens_to_one_value",
    ),
    "B5.13 an empty list of recipients means nobody": ("office/test_keys.py::test_private_fields",),
    "B5.14 a restored office signs nothing inconsistent": (
        "office/test_laws.py::test_law_35_new_machine_asks_everybody",
        "office/test_serve.py::test_restored_backup_asks_everybody",
    ),
    "B5.15 single-file verifier and product give the same verdict": ("case/test_both.py",),
    "B5.17 edge cases of signatures have one verdict": ("tlog/test_ed25519.py",),
    "renaming every name leaves every verdict unchanged": (
        "properties/test_renaming.py::test_renaming_changes_no_verdict",
    ),
}
"""LAWS.md section 3, and those of the peers' invariants that say more."""
