"""A small agreement for the tests of the laws, as the text of a founding file.

Every name in it comes from `Names`, so that a test can rename everything and ask for the same verdicts.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

SEATS = {
    "duty": (
        "operation.*",
        "movement.*",
        "duty.*",
        "hold.*",
        "fact.*",
        "precaution.*",
        "notice.*",
        "flight.*",
        "track.tie",
        "alert.acknowledge",
        "conflict.*",
        "activity.*",
        "threat.*",
        "area.*",
        "terms.*",
        "lift.*",
        "group.*",
        "floor.*",
        "precondition.*",
        "change.*",
        "integration.*",
    ),
    "all": ("*",),
    "junior": ("duty.line_check",),
}
CLAUSES = {
    "1": ("agreement", "agreement.adoption", "agreement.amendment", "keys", "office"),
    "2": ("area", "area.width", "area.tier"),
    "3": ("movement", "movement.clearance", "movement.permit"),
    "4": ("operation", "operation.confirmation", "operation.lease", "operation.hold", "operation.line"),
    "5": ("threat", "activity", "integration", "duty", "notice", "flight"),
}
NUMBERS = {
    "width_min_m": ("2", 2000),
    "permit_max_h": ("3", 24),
    "lease_max_min": ("4", 240),
    "confirm_within_min": ("4", 30),
    "line_check_within_min": ("4", 60),
    "giver_seen_within_min": ("4", 60),
    "hold_max_min": ("4", 30),
    "flight_word_stands_h": ("5", 72),
}


def plain(name: str) -> str:
    """The name itself."""
    return name


@dataclass(frozen=True)
class Names:
    """Who takes part, and how every name of the agreement is written."""

    signatories: tuple[str, ...] = ("north", "south")
    others: tuple[tuple[str, str], ...] = (("centre", "centre"), ("monitor", "observer"))
    write: Callable[[str], str] = plain

    @property
    def all(self) -> tuple[str, ...]:
        """Every participant, signatories first."""
        return (*self.signatories, *(name for name, _ in self.others))


@dataclass(frozen=True)
class Draft:
    """The text of an agreement, with what a test wants to be different."""

    names: Names = field(default_factory=Names)
    edition: int = 1
    rules: int = 1
    numbers: tuple[tuple[str, int], ...] = ()
    origins: tuple[tuple[str, str], ...] = ()
    roots: tuple[tuple[str, str], ...] = ()
    two_officers: tuple[str, ...] = ()
    gates: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ("movement", "duty")
    clauses: tuple[tuple[str, str], ...] = ()
    without: tuple[str, ...] = ()

    def text(self) -> str:
        """The founding file."""
        return "\n".join(
            [
                f'comity = 1\nid = "pact"\ntitle = "A pact"\nedition = {self.edition}\nrules = {self.rules}',
                'source = "made for tests"',
                f"two_officers = {_listed(self.two_officers)}",
                *self._participants(),
                *self._seats(),
                *self._lists(),
                *self._clauses(),
                f'[floor]\nclause = "1"\nkeeps = {_listed(self.keeps)}',
            ]
        )

    def origin(self, name: str) -> str:
        """The log of a participant."""
        return dict(self.origins).get(name, f"pact/{self.names.write(name)}")

    def _participants(self) -> list[str]:
        roles = [(name, "signatory") for name in self.names.signatories] + list(self.names.others)
        return [self._participant(name, role) for name, role in roles]

    def _participant(self, name: str, role: str) -> str:
        written, origin = self.names.write(name), self.origin(name)
        root = dict(self.roots).get(name, key_of(f"{origin} root"))
        return "\n".join(
            [
                f'[[participant]]\nid = "{written}"\nname = "{written}"\nrole = "{role}"\n[participant.pins]',
                f'origin = "{origin}"\nroot_key = "{root}"\noffice_key = "{key_of(f"{origin} office")}"',
                f'head_key = "{origin}+00000000+{key_of(f"{origin} head")}"',
                f'cosign_key = "{origin}+00000000+{key_of(f"{origin} cosign")}"',
                f'certificate = "{origin} certificate"',
            ]
        )

    def _seats(self) -> list[str]:
        write = self.names.write
        at = _listed(tuple(write(name) for name in self.names.all))
        return [
            f'[[seat]]\nid = "{write(seat)}"\nname = "{seat}"\nat = {at}\nmay = {_listed(may)}'
            for seat, may in SEATS.items()
        ]

    def _lists(self) -> list[str]:
        write = self.names.write
        executing = _listed(tuple(write(name) for name in self.names.signatories))
        kinds = _listed(("flight", "convoy", "vessel"))
        found = [
            f'[[tier]]\nid = "{write("open")}"\nname = "open"\ngroups = {_listed((write("bands"), write("militia")))}',
            f"executing = {executing}",
            f'[[category]]\nid = "{write("rescue")}"\nname = "rescue"\nkinds = {kinds}',
            f'[[operator]]\nid = "{write("allies")}"\nname = "allies"',
            f'answerable = "{write(self.names.signatories[0])}"',
            '[[reason]]\nid = "unsafe"\ntext = "not safe"',
        ]
        for group, treatment in (("bands", "coordinated"), ("militia", "coordinated"), ("guards", "independent")):
            found.append(f'[[group]]\nid = "{write(group)}"\nname = "{group}"\ntreatment = "{treatment}"')
        if self.gates:
            gates = _listed(self.gates)
            found.append(f'[[precondition]]\nid = "quiet"\nclause = "1"\ntext = "a quiet week"\ngates = {gates}')
        return found

    def _clauses(self) -> list[str]:
        numbers = {name: value for name, (_, value) in NUMBERS.items()} | dict(self.numbers)
        found = []
        for clause, governs in CLAUSES.items():
            if clause in self.without:
                continue
            governed = (*governs, *(rule for number, rule in self.clauses if number == clause))
            own = [f"{name} = {numbers[name]}" for name, (number, _) in NUMBERS.items() if number == clause]
            found.append(
                f'[[clause]]\nid = "{clause}"\ntitle = "clause {clause}"\ntext = "made for tests"\n'
                f'status = "enforced"\ngoverns = {_listed(governed)}\n'
                + ("[clause.parameters]\n" + "\n".join(own) if own else "")
            )
        return found


def key_of(name: str) -> str:
    """A well-formed key that nobody holds, hex."""
    return hashlib.sha256(f"key of {name}".encode()).hexdigest()


def _listed(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
