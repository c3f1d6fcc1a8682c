"""How often Python looks for garbage in cycles while a site is built."""

import gc


def relax() -> None:
    """Look less often: a build makes much and leaves hardly any in cycles."""
    gc.set_threshold(50_000, 20, 100)
