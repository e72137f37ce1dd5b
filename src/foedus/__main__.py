"""``python -m foedus``."""

from foedus.faces.cli import main

if __name__ == "__main__":
    main()
