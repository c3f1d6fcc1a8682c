"""All that a build reads, by the stamps of its files: whether anything can have changed since the last one.

Nothing here imports what a build needs, so that a build with nothing to do is over before that would be loaded.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import broadsheet
from broadsheet.build.stamps import Stamp, packed, stamp, walk
from broadsheet.digest import digest

_PACKAGE = Path(__file__).resolve().parent.parent
LIBRARIES = (
    "feedgen",
    "jinja2",
    "lxml",
    "markdown_it_py",
    "markupsafe",
    "mdit_py_plugins",
    "mdurl",
    "msgspec",
    "nh3",
    "pyyaml",
)
"""Whose version can change what is published, by the names of their metadata folders in small letters."""
GRAIN = 50_000_000
"""Nanoseconds within which two changes may get the same time: five ticks of a slow kernel clock."""
COARSE_GRAIN = 2_000_000_000
"""The same where a file system counts whole seconds, or every other one."""


class Inputs(NamedTuple):
    """What lies in a site's folders."""

    content: tuple[tuple[str, Stamp | None], ...]
    """(path, stamp), links without one, as `files.walk` gives them."""
    others: tuple[tuple[str, Stamp | None], ...]
    """Configuration, static files, templates and themes."""
    read: int
    """In nanoseconds since 1970, an instant before any of it is read, and after all was looked at."""
    digest: bytes = b""
    """What stands for all of it; empty where a file is so new that its stamp cannot be relied on."""

    def is_fresh(self, stamp: Stamp) -> bool:
        """Whether a file had changed so shortly before it was read that it may change again and keep its stamp."""
        _, modified, changed, _ = stamp
        grain = GRAIN if modified % 1_000_000_000 else COARSE_GRAIN
        return max(modified, changed) > self.read - grain

    def settled(self, stamps: Sequence[Stamp]) -> bytes:
        """Files' stamps, packed; nothing where one is so new that it cannot be relied on."""
        return b"" if any(map(self.is_fresh, stamps)) else packed(*stamps)

    @property
    def is_settled(self) -> bool:
        """Whether all stamps can be relied on."""
        return not self.fresh()

    def fresh(self) -> frozenset[Stamp]:
        """The stamps that cannot be relied on."""
        limit = self.read - COARSE_GRAIN  # nothing older is fresh, in whatever its times are counted
        late = [stamp for _, stamp in (*self.content, *self.others) if stamp and max(stamp) > limit]
        return frozenset(filter(self.is_fresh, late))


def look(source: Path, config: Path) -> Inputs:
    """What lies there now. Raises OSError where a folder cannot be read."""
    others = [("", stamp(config, is_followed=True)), *walk(source, "static", hidden=True), *walk(source, "templates")]
    for theme in [theme for above in theme_folders(source) for theme in _folders(above)]:
        others += [(f"{theme}/theme.yaml", stamp(theme / "theme.yaml", is_followed=True))]
        others += [(f"{theme}/{path}", at) for part in ("templates", "static") for path, at in walk(theme, part)]
    return unread(Inputs(tuple(walk(source, "content")), tuple(others), 0))


def unread(inputs: Inputs) -> Inputs:
    """What was looked at, by somebody who begins to read it now.

    What changes after it was read has a later stamp, unless it was changed in the same grain of time just before.
    """
    now = inputs._replace(read=time.time_ns())
    if now.digest or not now.is_settled:
        return now
    # Version 2 of the format writes the same bytes for the same values, and takes a fifth of the time of `repr`.
    return now._replace(digest=digest(marshal.dumps((now.content, now.others), 2)))


def theme_folders(source: Path) -> list[Path]:
    """Where themes are looked for: the site's own, then the package's (a wheel's, then a checkout's)."""
    packaged = [path for path in (_PACKAGE / "themes", _PACKAGE.parent / "themes") if (path / "default").is_dir()]
    return list(dict.fromkeys([source.resolve() / "themes", *packaged[:1]]))


def _folders(above: Path) -> list[Path]:
    """The folders in a folder, by name. Themes are trusted as the configuration is, and may be links."""
    try:
        return sorted(path for path in above.iterdir() if path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []


@cache
def program() -> bytes:
    """What stands for the program: its version, its files, Python, and the libraries that make pages.

    Asked once a process, for what a process has loaded does not change under it.
    """
    ours = walk(_PACKAGE.parent, _PACKAGE.name, without="__pycache__")
    return digest(broadsheet.__version__.encode(), sys.version.encode(), repr(ours).encode(), *sorted(_libraries()))


def _libraries() -> Iterator[bytes]:
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208 -- a start costs what it costs
        except OSError:
            continue
        yield from (
            name.encode("utf-8", "surrogatepass")
            for name in names
            if name.endswith((".dist-info", ".egg-info")) and name.lower().startswith(LIBRARIES)
        )
