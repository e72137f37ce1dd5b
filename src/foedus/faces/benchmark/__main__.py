"""``python -m foedus.faces.benchmark``: the command ``foedus benchmark``."""

import sys

from foedus.faces.cli import run

sys.exit(run(["benchmark", *sys.argv[1:]]))
