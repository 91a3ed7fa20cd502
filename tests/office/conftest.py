"""Offices whose logs are begun: made once a run, copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from comity.office.folder import OfficeFolder
from comity.office.marks import FileMarks
from office.founded import Founded, found
from office.served import NAMES, begin


@pytest.fixture(scope="session")
def begun_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of three founded offices, their logs begun; nobody writes there."""
    path = tmp_path_factory.mktemp("begun")
    begin(path)
    return path


@pytest.fixture
def founded(tmp_path: Path, begun_once: Path) -> Founded:
    """Three founded offices in folders of their own, their logs begun."""
    shutil.copytree(begun_once, tmp_path, dirs_exist_ok=True)
    for folder in (OfficeFolder(tmp_path / name) for name in NAMES):
        FileMarks(folder.marks, folder.store).set_stopped_cleanly(True)  # a copy alone is no clean stop
    return found(NAMES)
