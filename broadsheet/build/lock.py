"""One build at a time for an output: a lock that the system releases with its holder, however that ends.

POSIX record locks, for they are a process's own: a lock by `flock` is shared with each process that is forked while it
is held, and a worker that outlives a killed build would hold it for ever. Since they do not keep threads of one process
apart, those are counted here. The file of the lock is removed at the end, by whoever holds it; who waited for it sees
that what it then holds is no longer the file of that name, and begins again.
"""

# A file that is locked is held by its number, not by its path.
# ruff: noqa: PTH103, PTH108, PTH120
from __future__ import annotations

import errno
import os
import stat
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.build.ground import status

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

NAME = "lock"
_SECONDS = 0.05
"""Between two looks at a lock that another holds."""
_FAR = 1 << 20
"""The byte that is locked: past the holder's number, since Windows lets nobody read what is locked."""
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL)
"""What a file system without locks says."""
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)

Waiting = Callable[[int], object]
"""Called with the number of the process that holds the lock, 0 where that is not known."""

_guard = threading.Lock()
_held: set[tuple[int, str]] = set()
"""By process, for a forked one inherits this and not the locks."""


class Lock(Struct, frozen=True):
    """A lock that is held."""

    path: str
    key: tuple[int, str]
    file: int
    """The open file, whose closing releases it."""
    has_waited: bool = False
    """Somebody else held it before, and may have changed what it protects."""


def acquire(folder: str, on_wait: Waiting | None = None) -> Lock:
    """Hold the lock in `folder`, which is made. Waits for whoever holds it; then `on_wait` is called, once.

    On a file system without locks it lies among the machine's temporary files, and keeps apart the builds of this
    machine. Raises OSError.
    """
    path, has_waited = f"{folder}/{NAME}", False
    while True:
        try:
            found = _try(path)
        except FileNotFoundError:  # not made yet, or removed just now by the last holder
            os.makedirs(folder, exist_ok=True)
            continue
        except OSError as error:
            if error.errno not in _NO_LOCKS or os.path.dirname(path) != folder:
                raise
            with suppress(OSError):
                os.unlink(path)
            path = _elsewhere(folder)
            continue
        if isinstance(found, Lock):
            return replace(found, has_waited=has_waited)
        if found is None:
            continue
        if not has_waited and on_wait is not None:
            on_wait(found)
        has_waited = True
        time.sleep(_SECONDS)


def release(lock: Lock) -> None:
    """Remove the lock's file and let the lock go."""
    if sys.platform != "win32":  # an open file cannot be removed there
        with suppress(OSError):
            os.unlink(lock.path)
    _let_go(lock.key, lock.file)
    if sys.platform == "win32":
        with suppress(OSError):  # somebody has it open, who will remove it
            os.unlink(lock.path)


def _try(path: str) -> Lock | int | None:
    """The lock, or the number of the process that holds it; None where its file was removed meanwhile."""
    key = (os.getpid(), os.path.realpath(path))
    with _guard:
        if key in _held:  # to open the file here and close it again would release what the other thread holds
            return os.getpid()
        _held.add(key)
    file, is_ours = None, False
    try:
        file = os.open(path, _FLAGS, 0o666)
        is_ours = _take(file)
        if is_ours and _is_still(path, file):
            with suppress(OSError):  # it is for the message only
                os.ftruncate(file, 0)
                os.write(file, b"%d" % os.getpid())
            return Lock(path, key, file)
        holder = None if is_ours else _holder(file)
    except BaseException:  # an interrupt, too, leaves nothing behind
        if is_ours:
            with suppress(OSError):
                os.unlink(path)
        _let_go(key, file)
        raise
    _let_go(key, file)
    return holder


def _let_go(key: tuple[int, str], file: int | None) -> None:
    if file is not None:
        with suppress(OSError):  # it is closed even so
            os.close(file)
    with _guard:
        _held.discard(key)


def _take(file: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(file, _FAR, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _FAR)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
            raise
        return False
    return True


def _is_still(path: str, file: int) -> bool:
    """The file that is open is the one of this name, and no link to another."""
    now, ours = status(path), os.fstat(file)
    return now is not None and stat.S_ISREG(now.st_mode) and (now.st_dev, now.st_ino) == (ours.st_dev, ours.st_ino)


def _holder(file: int) -> int:
    with suppress(OSError, ValueError):
        os.lseek(file, 0, os.SEEK_SET)
        return int(os.read(file, 20))
    return 0


def _elsewhere(folder: str) -> str:
    import hashlib
    import tempfile

    name = hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:16]
    return f"{tempfile.gettempdir()}/broadsheet-{name}.lock"
