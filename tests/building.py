"""Builds of one site in several ways and the trees that they leave, for tests that compare one with another.

Run as a program this is the process behind `Fresh`.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).parent.parent
PYTHON = sys.executable
BUILD = (PYTHON, str(ROOT / "build.py"))
MANIFEST = ".broadsheet.json"
_DONE = re.compile(r", \d+ written, in [\d.]+ s")


@dataclass(frozen=True)
class Outcome:
    """What a run of the command line came to."""

    code: int
    """Negative where a signal ended it."""
    out: str
    err: str

    @property
    def written(self) -> int:
        """How many files it says that it wrote."""
        found = re.search(r", (\d+) written", self.out)
        return int(found[1]) if found else 0

    def said(self, *folders: Path) -> list[str]:
        """All that was printed but what differs between two builds of one site: files written, seconds, folders."""
        text = _DONE.sub("", f"{self.out}{self.err}")
        for folder in folders:
            text = text.replace(str(folder), "SITE")
        return text.splitlines()


def offers(flag: str) -> bool:
    """Whether `build` has a flag, so that what is not there yet is not asked for."""
    return re.search(rf"{flag}\b", _help()) is not None


@functools.cache
def _help() -> str:
    return run("build", "--help").out


def jobs(number: int) -> tuple[str, ...]:
    """The arguments for so many workers, where that can be asked for."""
    return ("--jobs", str(number)) if offers("--jobs") else ()


def run(*arguments: str) -> Outcome:
    """Run the command line in this process, which has built before and may remember."""
    from broadsheet.cli import main

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(arguments)
        except SystemExit as stopped:
            code = int(stopped.code or 0)
    return Outcome(code, out.getvalue(), err.getvalue())


def process(*arguments: str, **more: Any) -> Outcome:
    """Run `build.py` as a user does. `more` is for `subprocess.run`."""
    done = subprocess.run([*BUILD, *arguments], capture_output=True, text=True, check=False, **more)
    return Outcome(done.returncode, done.stdout, done.stderr)


class Fresh:
    """Runs the command line in processes that know nothing of the site, one at a time.

    They are forked from one that has built another site, so that all is imported and a process costs milliseconds.
    """

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [PYTHON, "-m", "tests.building"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, *arguments: str) -> None:
        """Begin a run."""
        assert self._server.stdin is not None
        print(json.dumps(arguments), file=self._server.stdin, flush=True)

    def wait(self) -> Outcome:
        """What the run that was begun came to."""
        assert self._server.stdout is not None
        return Outcome(*json.loads(self._server.stdout.readline()))

    def run(self, *arguments: str) -> Outcome:
        """Run and wait."""
        self.start(*arguments)
        return self.wait()

    def stop(self) -> None:
        """End the process behind it."""
        self._server.communicate()


@contextlib.contextmanager
def fresh() -> Iterator[Fresh]:
    """As long as it is needed."""
    made = Fresh()
    try:
        yield made
    finally:
        made.stop()


def files(folder: Path) -> dict[str, bytes]:
    """The bytes of each file in a folder, by path; of a link, where it leads."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink()).encode() if path.is_symlink() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def times(folder: Path) -> dict[str, int]:
    """When each file in a folder was changed, in nanoseconds, by path."""
    return {p.relative_to(folder).as_posix(): p.lstat().st_mtime_ns for p in folder.rglob("*") if not p.is_dir()}


def empty_folders(folder: Path) -> list[str]:
    """Folders in which nothing is."""
    return [str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_dir() and not any(p.iterdir())]


def source_files(site: Path) -> dict[str, bytes]:
    """The files of a site that its owner wrote."""
    return {path: data for path, data in files(site).items() if not path.startswith(("public/", ".cache/", ".public"))}


def beside(site: Path) -> set[str]:
    """What lies in a site's folder, where the output and the cache lie too."""
    return {path.name for path in site.iterdir()}


def copy_of(site: Path, to: Path) -> Path:
    """The site in another folder, made anew in another order: without output, cache, times."""
    for path, data in sorted(source_files(site).items(), reverse=True):
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        if (site / path).is_symlink():
            (to / path).symlink_to(data.decode())
        else:
            (to / path).write_bytes(data)
    return to


def clean(site: Path, *arguments: str, by: Fresh | None = None) -> tuple[Outcome, dict[str, bytes]]:
    """What a build of a copy of the site into an empty folder makes."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copy_of(site, Path(folder).resolve() / "clean")
        outcome = (by.run if by else process)("build", "-s", str(copy), *arguments)
        made = files(copy / "public") if (copy / "public").is_dir() else {}
        return outcome, made


def differences(is_: Mapping[str, bytes], should_be: Mapping[str, bytes]) -> list[str]:
    """How a tree differs from what it should be, a line each, few of many.

    The manifest is compared by its list alone: ids in it are of earlier builds.
    """
    found = [f"too many: {path}" for path in sorted(is_.keys() - should_be.keys())]
    found += [f"missing: {path}" for path in sorted(should_be.keys() - is_.keys())]
    for path in sorted(is_.keys() & should_be.keys()):
        one, other = is_[path], should_be[path]
        if PurePosixPath(path).name == MANIFEST:
            one, other = _listed(one), _listed(other)
        if one != other:
            found.append(f"differs: {path}: {_first_difference(one, other)}")
    return [*found[:12], f"and {len(found) - 12} more"] if len(found) > 12 else found


def _listed(manifest: bytes) -> bytes:
    return "\n".join(json.loads(manifest)["files"]).encode()


def _first_difference(is_: bytes, should_be: bytes) -> str:
    lines = zip(is_.split(b"\n"), should_be.split(b"\n"), strict=False)
    for number, (one, other) in enumerate(lines, 1):
        if one != other:
            at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
            start = max(0, at - 30)
            return f"line {number}: is {one[start : at + 50]!r}, should be {other[start : at + 50]!r}"
    return f"{len(is_)} bytes, should be {len(should_be)}"


def without_privileges(command: list[str]) -> list[str] | None:
    """The command so that permissions bind it, also where the tests run as root; None where that cannot be had."""
    if os.name != "posix" or os.geteuid() != 0:
        return command if os.name == "posix" else None
    setpriv = shutil.which("setpriv")
    return [setpriv, "--bounding-set=-dac_override,-dac_read_search,-fowner", *command] if setpriv else None


def processes_of(group: int) -> list[int]:
    """The processes of a group that still run. Linux only."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] not in "ZX":
                found.append(int(entry.parent.name))
    return found


def gone_within(group: int, seconds: float) -> bool:
    """Whether all processes of a group end in time."""
    until = time.monotonic() + seconds
    while processes_of(group):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def _serve() -> None:
    """Fork a process for each line of arguments, and say what came of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample"
        shutil.copytree(ROOT / "content", sample / "content")
        shutil.copy(ROOT / "config.yaml", sample)
        assert run("build", "-s", str(sample), "--now", "2026-11-21").code == 0
        said = Path(folder) / "said"
        gc.freeze()  # what is never looked at stays shared with the children
        for line in sys.stdin:
            said.unlink(missing_ok=True)
            child = os.fork()
            if child == 0:
                _child(json.loads(line), said)
            _, status = os.waitpid(child, 0)
            code = os.waitstatus_to_exitcode(status)
            print(said.read_text() if said.exists() else json.dumps([code or 1, "", "the process died"]), flush=True)


def _child(arguments: list[str], said: Path) -> None:
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        outcome = run(*arguments)
        said.write_text(json.dumps([outcome.code, outcome.out, outcome.err]))
    except BaseException:  # noqa: BLE001 -- a bug of the build is what the tests are to see
        import traceback

        said.write_text(json.dumps([70, "", traceback.format_exc()]))
    finally:
        os._exit(0)


if __name__ == "__main__":
    _serve()
