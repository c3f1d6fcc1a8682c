"""How often Python looks for garbage in cycles while a site is built."""

import atexit
import gc


def relax() -> None:
    """Look less often, for a build makes much and leaves hardly any in cycles; and no more when the program ends."""
    gc.set_threshold(50_000, 20, 100)
    atexit.register(gc.freeze)
