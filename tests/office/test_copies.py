"""A folder that is copied whole and put back later: its marks say a clean stop that was another file's (law 35)."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

from comity.model.acts.duty import LineCheck
from comity.model.history import Taken
from comity.model.verdict import Refusal
from comity.office.desk import Stale
from comity.office.folder import OfficeFolder
from comity.office.office import Office
from office.founded import Founded
from office.served import running, until

CHECK = LineCheck(with_participant="south", result="working")


def checked(office: Office, founded: Founded) -> Taken | Refusal | Stale:
    """What comes of a line check."""
    office.confirm_clock()
    return office.act(CHECK, "duty", founded.officers["north", "duty"])


def test_a_copied_folder_put_back_forks_no_log(tmp_path: Path, founded: Founded) -> None:
    """Copied when stopped, put back after one more entry: it signs nothing alone, and a mirror gives it back."""
    folder, copy = OfficeFolder(tmp_path / "north"), tmp_path / "copy"

    async def once_more() -> None:
        async with running(tmp_path) as servers:
            north = servers["north"].office
            await until(lambda: all(len(each.office.history.entries) == 5 for each in servers.values()))
            signed = checked(north, founded)
            assert isinstance(signed, Taken)
            wanted.append(signed.entry.id)
            await until(lambda: all(each.office.history.find(wanted[0]) for each in servers.values()))

    async def again() -> None:
        async with running(tmp_path) as servers:
            await until(lambda: servers["north"].office.fault() is None)
            assert servers["north"].office.history.find(wanted[0]) is not None
            second = checked(servers["north"].office, founded)
            assert isinstance(second, Taken)
            await until(lambda: servers["south"].office.history.find(second.entry.id) is not None)
            assert not any(each.office.forked() for each in servers.values())

    wanted: list[str] = []
    subprocess.run(["cp", "-a", folder.path, copy], check=True)
    asyncio.run(once_more())
    folder.path.rename(tmp_path / "dead")
    subprocess.run(["cp", "-a", copy, folder.path], check=True)
    office = folder.open()
    assert "no mirror has answered; reach one first" in str(office.fault())
    refused = checked(office, founded)
    assert isinstance(refused, Refusal) and "mirror" in refused.problem
    office.close()
    asyncio.run(again())


def test_a_clean_stop_of_the_same_files_works_alone(tmp_path: Path, founded: Founded) -> None:
    """Stopped cleanly and started where it is, or moved with its files, an office needs nobody."""
    folder = OfficeFolder(tmp_path / "north")
    for place in (folder.path, tmp_path / "moved"):
        folder.path.rename(place)
        folder = OfficeFolder(place)
        office = folder.open()
        assert office.fault() is None
        office.close()
