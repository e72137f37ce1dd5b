"""The command ``foedus``, also as ``python -m foedus``: Ctrl-C is heeded before all imports.

Most of a short command is its imports, and a quarter of those was Python's search for unreachable
objects among what they make. It searches less often here, and not once more at the end.
"""

import atexit
import gc


def main() -> None:
    """Run the command line; Ctrl-C while it starts ends it silently, with exit code 130."""
    gc.set_threshold(300_000, 10, 10)
    atexit.register(gc.freeze)
    try:
        import os
        import signal

        before = signal.getsignal(signal.SIGINT)
        if before is signal.default_int_handler:  # an exception in an import could be lost
            signal.signal(signal.SIGINT, lambda *_: os._exit(130))
        from foedus import cli

        cli.commands()
        if before is signal.default_int_handler:
            signal.signal(signal.SIGINT, before)
        cli.main()
    except KeyboardInterrupt:
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
