"""An officer's desk: what the words of one act mean in the office where it is signed.

p1              the hash of the act that has this label        planner-1   the key of one of its own officers
content(p1)     the content that a vote for p1 names           ru/duty-1   the key of another party's officer
head(area/a-1)  the change in force as this office sees it     nothing     a hash of which there is no entry
seal(m1)        the commitment of the matter m1; seal(m1,ru) as if it stood in the log of ru
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from comity.interfaces import words
from comity.interfaces.play.cast import officer_signer, origin_of
from comity.interfaces.play.labels import Labels
from comity.interfaces.play.station import Station
from comity.interfaces.play.world import World
from comity.model.acts.agreement import Proposal, TermsPropose
from comity.model.acts.alone import ThreatOpen
from comity.model.acts.duty import Layer, LayerUsed
from comity.model.entry import Entry
from comity.model.errors import Misuse
from comity.model.known import party_of
from comity.model.records.change import heads, terms_heads
from comity.model.records.layers import newest_layers
from comity.model.volume import Ring, Volume, Window

NOTHING = hashlib.sha256(b"comity play: no entry").hexdigest()
_HEX = re.compile(r"[0-9a-f]{64}")
_CALL = re.compile(r"([a-z]+)\((.*)\)")


@dataclass(frozen=True, slots=True)
class Matter:
    """What a seal commits to: a volume and a note, under a salt made from the matter's name."""

    name: str
    volume: Volume
    note: str

    @property
    def salt(self) -> str:
        """The salt, hex: no secret in a play."""
        return hashlib.sha256(f"comity play salt\n{self.name}".encode()).hexdigest()

    def commitment(self, origin: str, window: Window) -> str:
        """What a seal of this matter in that log over that window carries."""
        opening = ThreatOpen(seal=NOTHING, salt=self.salt, volume=self.volume, note=self.note)
        return opening.commitment(origin, window)


@dataclass(slots=True)
class Properties:
    """What the play has named so far."""

    labels: Labels = field(default_factory=Labels)
    places: dict[str, Ring] = field(default_factory=dict)
    matters: dict[str, Matter] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)

    def entry(self, label: str) -> Entry:
        """The act that has the label; raises Misuse."""
        if label not in self.labels.by_label:
            known = ", ".join(self.labels.by_label) or "none"
            raise Misuse(f"no act has the label {label}; labels so far: {known}; a refused act has none")
        return self.entries[self.labels.by_label[label]]


@dataclass(slots=True)
class Desk:
    """Satisfies `bodies.Reader` for one act of one office."""

    world: World
    office: Station
    properties: Properties
    window: Window | None = None

    @property
    def now_ms(self) -> int:
        return self.office.clock.now_ms()

    def hash_of(self, text: str) -> str:
        """A label, an expression or plain digits, as 64 hex digits."""
        if _HEX.fullmatch(text):
            return text
        if text == "nothing":
            return NOTHING
        if found := _CALL.fullmatch(text):
            return self._called(found[1], found[2])
        if text == "founding":
            return self.office.history.known.founding_hash
        return self.properties.entry(text).id

    def key_of(self, text: str) -> str:
        """The key of `name` of this party, or of `party/name`."""
        if _HEX.fullmatch(text):
            return text
        party, slash, name = text.rpartition("/")
        return officer_signer(self.identifier(party) if slash else self.office.party, name).key

    def identifier(self, text: str) -> str:
        """The id as the agreement file spells it."""
        return self.properties.renamed.get(text, text)

    def ring(self, text: str) -> Ring:
        """The ring that the text draws, or that has the name."""
        return words.ring(text, self.properties.places)

    def volume(self, label: str) -> Volume:
        """The volume of a labelled act, or of a matter."""
        if label.startswith("matter/"):
            return self.matter(label.removeprefix("matter/")).volume
        volume = getattr(self.properties.entry(label).act, "volume", None)
        if not isinstance(volume, Volume):
            raise Misuse(f"{label} has no volume; draw one with volume.ring, volume.band and volume.window")
        return volume

    def layers(self, text: str) -> tuple[LayerUsed, ...]:
        """`current`: the newest version of each own layer; or labels of layers joined by commas."""
        if text in ("", "none"):
            return ()
        if text == "current":
            found = newest_layers(self.office.view, party_of(origin_of(self.office.party)))
            return tuple(_used(layer) for layer, _ in found.values())
        layers = [self.properties.entry(label).act for label in text.split(",")]
        return tuple(_used(layer) for layer in layers if isinstance(layer, Layer))

    def text(self, text: str) -> str:
        """A text; `edited(lease_max_min=60)` is the file of the terms in force with that number, one edition on."""
        found = _CALL.fullmatch(text)
        return self._edited(found[2]) if found and found[1] == "edited" else text

    def matter(self, name: str) -> Matter:
        """What a `matter` step wrote down; raises Misuse."""
        if name not in self.properties.matters:
            raise Misuse(f"there is no matter {name}; write it down with `matter {name} = volume.ring=... note=...`")
        return self.properties.matters[name]

    def _called(self, name: str, inside: str) -> str:
        parts = [part.strip() for part in inside.split(",")]
        if name == "content":
            act = self.properties.entry(parts[0]).act
            if not isinstance(act, Proposal):
                raise Misuse(f"{parts[0]} is no proposal; only a proposal has a content")
            return act.content()
        if name == "head":
            thing = "/".join(self.identifier(part) for part in parts[0].split("/"))
            found = heads(self.office.view, thing)
            if not found:
                raise Misuse(f"nothing is in force about {parts[0]} for {self.office.name}")
            return found[min(int(parts[1]) if len(parts) > 1 else 0, len(found) - 1)].id
        if name == "seal":
            party = self.identifier(parts[1]) if len(parts) > 1 else self.office.party
            if self.window is None:
                raise Misuse("a seal needs its window; give window=10:00..11:00")
            return self.matter(parts[0]).commitment(origin_of(party), self.window)
        raise Misuse(f"{name}(...) is no word; known are content, head and seal")

    def _edited(self, inside: str) -> str:
        text = self._terms_text()
        changes = dict(part.strip().split("=", 1) for part in inside.split(",") if part)
        edition = re.search(r"^edition = (\d+)$", text, re.MULTILINE)
        assert edition is not None, "every agreement file has an edition"
        changes.setdefault("edition", str(int(edition[1]) + 1))
        for name, value in changes.items():
            text, count = re.subn(
                rf"(^|[ {{]){name} = [^,\n}}]+?(?=$|[ ,}}])",
                rf"\g<1>{name} = {value}",
                text,
                count=1,
                flags=re.MULTILINE,
            )
            if count != 1:
                raise Misuse(f"the agreement file has no number {name}; edited(...) changes numbers that are there")
        return text

    def _terms_text(self) -> str:
        view = self.office.view
        in_force = terms_heads(view)
        for taken in view.about("proposals/terms"):
            act = taken.entry.act
            if isinstance(act, TermsPropose) and act.content() in in_force:
                return act.text
        return self.world.founding.decode()


def _used(layer: Layer) -> LayerUsed:
    return LayerUsed(layer=layer.layer, layer_version=layer.layer_version, commitment=layer.commitment)
