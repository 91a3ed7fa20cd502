"""Scenario files: written for people who keep agreements, played over offices in memory.

`play` plays files and compares each result; `comity play` and the tests call it.
"""

from comity.interfaces.play.player import Difference, Options, Played, play, play_file, read_script

__all__ = ["Difference", "Options", "Played", "play", "play_file", "read_script"]
