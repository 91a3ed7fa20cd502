"""What every test run shares: the skip table and the Hypothesis profiles.

Invariant: the default profile is the same on every run, so that a red `make check` can be repeated;
`--hypothesis-profile wild` searches anew each time.
"""

from hypothesis import settings

pytest_plugins = ["skip_table"]

settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("wild", deadline=None, print_blob=True)
settings.load_profile("steady")
