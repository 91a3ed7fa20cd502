"""`python -m comity` is `comity`."""

import sys

from comity.interfaces.cli import main

if __name__ == "__main__":
    sys.exit(main())
