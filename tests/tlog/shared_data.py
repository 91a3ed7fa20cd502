"""Finds the published test data that lies in a folder beside the checkout."""

import os
from pathlib import Path

import pytest


def shared_folder(name: str) -> Path:
    """The folder `name` of the shared data (COMITY_SHARED says where), or a skip that says it is absent."""
    beside = Path(__file__).resolve().parents[3] / "shared"
    folder = Path(os.environ.get("COMITY_SHARED", beside)) / "data" / name
    if not folder.is_dir():
        pytest.skip("shared data absent")
    return folder
