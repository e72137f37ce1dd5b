"""``python -m foedus.benchmark``: the command ``foedus benchmark``."""

import sys

from foedus.cli import run

sys.exit(run(["benchmark", *sys.argv[1:]]))
