"""What goes wrong while a site is built or between two builds, done on purpose.

Each test does a small number by itself; more are asked for by environment variables:

BROADSHEET_KILLS    builds that are killed (40)
BROADSHEET_ERRORS   calls of the system that fail (30), and signals that arrive (20)
BROADSHEET_FLIPS    bits of the cache that turn over (25); where it is set, every truncation is tried too, not a dozen
BROADSHEET_ROUNDS   rounds of four builds at once (3)
BROADSHEET_SEED     of what is random (1)

With strace faults hit a chosen call of the system; without it they come at random times.
"""
