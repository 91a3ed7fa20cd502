"""What each key of an agreement file means, in one sentence; shown in the published schema."""

from __future__ import annotations

_ID = "how acts and other tables name it; for ever"
_NAME = "how people call it"

MEANINGS: dict[str, dict[str, str]] = {
    "Terms": {
        "comity": "version of this file format: 1",
        "id": "id of the agreement; the same in all its editions",
        "title": "title of the agreement as people call it",
        "edition": "counts the editions upwards; an amendment carries the next one",
        "rules": "version of the engine's rules under which acts are judged",
        "source": "where the content comes from, and what in it is only a default",
        "participant": "who has an office and a log: signatories, a centre, host states, observers",
        "operator": "third parties that sign nothing and that a signatory answers for",
        "seat": "who may sign what, and at whose office",
        "group": "classes of armed groups and how the agreement treats them",
        "tier": "classes of designated areas",
        "category": "reasons for which a movement is exempt",
        "unit": "formations that must have been told before an exempt movement is cleared",
        "reason": "codes for a refusal or a denial",
        "precondition": "what every signatory must declare met before some chapters admit anything",
        "floor": "what stands through suspension and withdrawal",
        "frequency": "on what aircraft and offices hear each other",
        "line_check": "times of every day at which the lines are tried",
        "distance": "how far flights of some classes keep from a line",
        "airfield": "airfields around which terminal areas lie",
        "clause": "the numbered clauses, in rising order",
        "two_officers": "acts that need the signatures of two different officers; restraints never wait for a second",
    },
    "Participant": {
        "id": _ID,
        "name": _NAME,
        "role": "signatories vote and consent; the centre, hosts and observers do not",
        "pins": "the keys of its office; written by comity init, never by hand",
    },
    "Pins": {
        "origin": "name of its log",
        "root_key": "key that enrols and revokes its officers",
        "office_key": "key of the office itself, which signs watch entries only",
        "head_key": "key that signs the heads of its log",
        "cosign_key": "key that cosigns the others' heads",
        "certificate": "PEM of the certificate by which its office is known on the network",
    },
    "Operator": {"id": _ID, "name": _NAME, "answerable": "the signatory that answers for it"},
    "Seat": {
        "id": _ID,
        "name": _NAME,
        "at": "the participants at whose offices it exists",
        "may": "the acts that it may sign: a name, all of a chapter as movement.*, or * for all",
    },
    "Group": {
        "id": _ID,
        "name": _NAME,
        "treatment": "coordinated: only operations agreed in advance; integrated: only such as every "
        "national authority has authorised besides; independent: declared activities; "
        "inside: protected by the cessation",
    },
    "Tier": {
        "id": _ID,
        "name": _NAME,
        "groups": "the groups against which operations may be agreed here; none: no operations",
        "executing": "the signatories that may execute here",
        "from_utc": "from when operations may be agreed here; absent: from the beginning",
        "until_utc": "until when operations may be agreed here; absent: without an end",
    },
    "Category": {"id": _ID, "name": _NAME, "kinds": "the kinds of movement that it covers"},
    "Unit": {"id": _ID, "name": _NAME, "participant": "whose formation it is, and who tells it"},
    "Reason": {"id": _ID, "text": "what the code says"},
    "Frequency": {"id": _ID, "name": _NAME, "channel": "such as 121.500 MHz", "clause": "the clause that names it"},
    "LineCheckTime": {"at_utc": "when, every day", "clause": "the clause that asks for it"},
    "Distance": {
        "id": _ID,
        "name": _NAME,
        "clause": "the clause that lays it down",
        "classes": "the classes of aircraft that keep it",
        "line": "which line, or part of one, it is measured from",
        "distance_m": "how far, on either side of the line",
        "exempt": "categories of flights that may be nearer if they are declared in time",
        "ring": "all that is nearer to the line; drawn by comity agreement rings, never by hand",
    },
    "Airfield": {
        "id": _ID,
        "name": _NAME,
        "clause": "the clause that lays down the minima of terminal areas",
        "place": "the middle of its terminal area: latitude and longitude in 1e-7 degree",
        "elevation_ft": "how high it lies; its terminal area reaches so much higher",
    },
    "Precondition": {
        "id": _ID,
        "clause": "the clause that asks for it",
        "text": "what is to be met, in words",
        "gates": "the chapters that admit nothing until then",
    },
    "Floor": {"clause": "the clause that lays it down", "keeps": "the chapters that stand"},
    "Clause": {
        "id": "its number, which refusals cite",
        "title": "a heading",
        "text": "what it says, in plain words",
        "status": "enforced: the engine refuses under it; declaratory: words only; later: a coming chapter enforces it",
        "provision": "mark of the provision of the source that it carries",
        "governs": "the engine's rules that refuse under it; a chapter covers all its rules not governed elsewhere",
        "answered_by": "the seats that owe what it demands",
        "reason": "why it is not enforced",
        "parameters": "its numbers; a number left out has its default",
    },
}
