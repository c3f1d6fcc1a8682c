"""A digest that goes from state to state, each step a build that a fault may hit, and what must hold after it."""

from __future__ import annotations

import functools
import json
import os
import random
import re
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests import building, paper
from tests.building import BUILD, MANIFEST, PYTHON, Fresh, Outcome

NOW = paper.INSTANTS[0]
SEED = int(os.environ.get("BROADSHEET_SEED", "1"))
WITHIN = 60.0
"""Seconds in which any build here must have ended."""
IN_SMALL_CHUNKS = """
import sys
from broadsheet.build import shelf
from broadsheet.cli import main

shelf.CHUNK = 8
sys.exit(main())
"""
WRITING = (
    *("write", "pwrite64", "writev", "fsync", "fdatasync", "ftruncate", "fallocate", "copy_file_range", "sendfile"),
    *("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat"),
    *("chmod", "fchmod", "fchmodat", "utimensat"),
)
"""Calls that change something on disk, as Linux names them; besides these, `openat` of a file that is written."""
_LINE = re.compile(r"(?P<process>\d+) +(?P<name>\w+)\((?P<given>.*)")
_WRITTEN = re.compile(r"O_(?:WRONLY|RDWR|CREAT)")
_PAGES_AND_FEEDS = (".html", ".xml", ".json", ".txt")
_ADDRESS = re.compile(rb"(?:https://weir\.example)?/paper/[^\s\"'<>&?#)\\]*")


def number(name: str, usual: int) -> int:
    """How many are asked for."""
    return int(os.environ.get(f"BROADSHEET_{name}", str(usual)))


@dataclass(frozen=True)
class Call:
    """A call of the system that a build made in its main process."""

    name: str
    count: int
    """The how manieth of its name it is, from 1."""
    given: str
    """Its arguments, as strace writes them."""
    is_early: bool
    """Whether nothing had been moved into the output before it."""

    @property
    def is_writing(self) -> bool:
        """Whether it changes something on disk."""
        return _is_writing(self.name, self.given)


@functools.cache
def has_strace() -> bool:
    """Whether there is a strace that may trace, and make calls fail."""
    strace = shutil.which("strace")
    command = [strace or "", "-qq", "-o", os.devnull, "-e", "inject=getppid:error=EPERM", "true"]
    return strace is not None and subprocess.run(command, check=False, capture_output=True).returncode == 0


@dataclass
class Journey:
    """A digest in one of several states; its cache and output live on from build to build, as a user's do."""

    paper: paper.Paper
    fresh: Fresh
    states: list[dict[str, bytes]]
    """The sources in each."""
    trees: list[dict[str, bytes]]
    """What a clean build of each makes."""
    at: int
    """The state that is published."""
    beside: set[str]
    """What lies in the digest's folder after an ordinary build."""
    calls: dict[tuple[int, int], list[Call]]
    """Those of a build from one state to another, once traced."""
    random: random.Random

    def arguments(self) -> tuple[str, ...]:
        """Those of every build."""
        return "build", "-s", str(self.paper.root), "--now", NOW

    def edit(self, to: int) -> None:
        """Give the sources another state; only what differs is written."""
        _write(self.paper, self.states[to])

    def build(self) -> Outcome:
        """An ordinary build in a process of its own, which must end in time."""
        started = time.monotonic()
        outcome = self.fresh.run(*self.arguments())
        assert time.monotonic() - started < WITHIN
        return outcome

    def settle(self) -> None:
        """Begin anew in the state that was last published in whole, where the output is in none."""
        if self.tree() != self.trees[self.at] or building.source_files(self.paper.root) != self.states[self.at]:
            for path in self.paper.root.iterdir():
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            self.edit(self.at)
            assert self.build().code == 0

    def tree(self) -> dict[str, bytes]:
        """The output as it is."""
        return building.files(self.paper.public)

    def recover(self, to: int) -> None:
        """The next ordinary build ends well and leaves what a clean one would, and nothing beside the output."""
        outcome = self.build()
        assert (outcome.code, outcome.err) == (0, ""), outcome
        assert building.differences(self.tree(), self.trees[to]) == []
        assert building.empty_folders(self.paper.public) == []
        assert building.beside(self.paper.root) == self.beside, "something is left over beside the output"
        self.at = to

    def traced(self, to: int) -> list[Call]:
        """The calls of a build from here to a state; the digest is where it was afterwards."""
        key = (self.at, to)
        if key not in self.calls:
            start = self.at
            self.edit(to)
            self.calls[key] = _trace(self.paper.root, self.arguments())
            self.edit(start)
            self.recover(start)
        return self.calls[key]

    def elsewhere(self) -> int:
        """A state that is not the present one."""
        return self.random.choice([n for n in range(len(self.states)) if n != self.at])

    def whole(self, to: int) -> list[str]:
        """What is wrong with the output after a build to a state was cut short.

        Files that are torn, missing or nobody's, and addresses that lead nowhere.
        """
        before, after, now = self.trees[self.at], self.trees[to], self.tree()
        wrong = [f"missing: {path}" for path in sorted((before.keys() & after.keys()) - now.keys())]
        for path, data in now.items():
            if path == MANIFEST:
                extra = set(json.loads(data)["files"]) - before.keys() - after.keys()
                wrong += [f"nobody's in the manifest: {extra}"] if extra else []
            elif data not in (before.get(path), after.get(path)):
                wrong.append(f"torn: {path}" if path in before or path in after else f"nobody's: {path}")
        return wrong + dangling(now, before, after)


def journey(root: Path, fresh: Fresh) -> Journey:
    """A digest of four states, published in the first: at first, articles edited, some added and removed, all new."""
    made = paper.make(root)
    made.write(".gitignore", "public\n")
    states, trees = [], []
    for change in _CHANGES:
        change(made)
        states.append(building.source_files(root))
        outcome, tree = building.clean(root, "--now", NOW, by=fresh)
        assert outcome.code == 0, outcome
        trees.append(tree)
    _write(made, states[0])
    going = Journey(made, fresh, states, trees, 0, set(), {}, random.Random(SEED))  # noqa: S311 -- nothing secret
    assert going.build().code == 0
    going.beside = building.beside(root)
    assert not [name for name in going.beside if "staging" in name or "journal" in name]
    going.recover(0)
    return going


def _edited(made: paper.Paper) -> None:
    for name, n in (("river", 1), ("mill", 2), ("council", 3)):
        made.change(f"content/articles/2024/03/{name}.md", title=f"Another {name}", summary=paper.SENTENCES[n])


def _added(made: paper.Paper) -> None:
    made.add("anchor", "own", topics=["Trade"], story="flood")
    made.add("beacon", "voa", date="2024-06-01")
    made.delete("content/articles/2024/03/orchard.md")
    made.move("content/articles/2024/03/bridge.md", "content/articles/2024/04/span.md")
    made.write("static/hello.txt", None)
    made.write("static/deep/er.txt", "Deeper.\n")


def _all_new(made: paper.Paper) -> None:
    made.configure(title="The New Weir Paper", page_size=2)
    made.write("themes/probe/static/probe.css", "/* new */")
    made.write("themes/probe/static/new.css", "/* quite new */")
    made.write("templates/banner.html", "{{ asset('new.css') }}")
    made.write("content/articles/2024/03/gauge.png", paper.PICTURE + b"more")


_CHANGES: tuple[Callable[[paper.Paper], None], ...] = (lambda _: None, _edited, _added, _all_new)


def _write(made: paper.Paper, sources: Mapping[str, bytes]) -> None:
    now = building.source_files(made.root)
    for path in now.keys() - sources.keys():
        made.write(path, None)
    for path, data in sources.items():
        if now.get(path) != data:
            made.write(path, data)


def dangling(now: Mapping[str, bytes], before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[str]:
    """Addresses in the output under which nothing is.

    Pages may name pages and feeds that come or go with them, for
    they name each other; other than that nothing refers to what is not there yet, nor to what is gone.
    """
    wrong = []
    for path, data in now.items():
        for address in {_file(address) for address in _ADDRESS.findall(data)} if path != MANIFEST else ():
            both = {path, address}
            is_new_or_old = address not in before or not both & after.keys()
            is_allowed = path.endswith(".html") and address.endswith(_PAGES_AND_FEEDS) and is_new_or_old
            is_promised = address in before or address in after
            if is_promised and address not in now and not is_allowed:
                wrong.append(f"{path} refers to {address}, which is not there")
    return wrong


def _file(address: bytes) -> str:
    path = address.decode().partition("/paper/")[2]
    return f"{path}index.html" if path.endswith("/") or not path else path


def _trace(root: Path, arguments: tuple[str, ...]) -> list[Call]:
    log = root.parent / "trace"
    names = ",".join(f"?{name}" for name in (*WRITING, "openat", "read"))
    command = [
        "strace",
        "-f",
        "-qq",
        "-y",
        "-o",
        str(log),
        "-e",
        f"trace={names}",
        *BUILD,
        *arguments,
        *building.jobs(1),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    assert done.returncode == 0, done
    counts: Counter[str] = Counter()
    found, is_early, main = [], True, None
    for match in filter(None, map(_LINE.match, log.read_text(errors="replace").splitlines())):
        main = main or match["process"]
        if match["process"] != main:
            continue
        counts[match["name"]] += 1
        is_early = is_early and not _is_move(match["name"], match["given"], root)
        if str(root) in match["given"]:
            found.append(Call(match["name"], counts[match["name"]], match["given"], is_early))
    log.unlink()
    return found


def _is_writing(name: str, given: str) -> bool:
    return name in WRITING or (name == "openat" and _WRITTEN.search(given) is not None)


def _is_move(name: str, given: str, root: Path) -> bool:
    """Whether a call changes the output itself."""
    return _is_writing(name, given) and re.search(rf"{re.escape(str(root))}/public[/>\"]", given) is not None


def inject(call: Call, what: str, arguments: tuple[str, ...], *, from_then_on: bool = False) -> Outcome:
    """Run a build in which something happens at one call: `signal=SIGKILL`, `error=ENOSPC`."""
    when = f"{call.count}+" if from_then_on else str(call.count)
    done = subprocess.run(
        [
            *("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call.name}"),
            *("-e", f"inject={call.name}:{what}:when={when}", *BUILD, *arguments, *building.jobs(1)),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
        timeout=WITHIN,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def start(arguments: tuple[str, ...], workers: int) -> subprocess.Popen[str]:
    """Begin a build in a group of processes of its own; several workers get work of a small site too."""
    build = (PYTHON, "-c", IN_SMALL_CHUNKS) if workers > 1 else BUILD
    command = [*build, *arguments, *building.jobs(workers)]
    return subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
        start_new_session=True,
    )


def _environment() -> dict[str, str]:
    # No bytecode is written, so that the calls are the same each time.
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(building.ROOT)}
