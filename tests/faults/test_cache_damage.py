"""A cache that is damaged, foreign or in the way is as good as none: no crash, no wrong byte, in time."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import building
from tests.building import ROOT
from tests.faults import harness
from tests.faults.harness import NOW, WITHIN, Journey

FLIPS = harness.number("FLIPS", 25)
MOST_CUTS = None if "BROADSHEET_FLIPS" in os.environ else 12
"""Truncations tried of each file."""
STEP = 4096


@pytest.fixture
def cache(going: Journey) -> Path:
    """The folder of the cache; without one there is nothing to damage."""
    folder = going.paper.root / ".cache"
    if not folder.is_dir() or not building.files(folder):
        pytest.skip("the build keeps no cache")
    return folder


def damaged(going: Journey, damage: Callable[[], None]) -> None:
    """After damage two builds leave what clean ones would: of another state, which uses the cache, and of no news."""
    to = going.elsewhere()
    going.edit(to)
    damage()
    going.recover(to)
    going.recover(to)


def test_every_truncation(going: Journey, cache: Path) -> None:
    """At steps of 4 kB, and to nothing."""
    for path, data in sorted(building.files(cache).items()):
        cuts = range(0, len(data), STEP)
        for cut in cuts if MOST_CUTS is None else sorted(going.random.sample(cuts, min(MOST_CUTS, len(cuts)))):
            file = cache / path
            if file.exists():
                damaged(going, lambda file=file, cut=cut: os.truncate(file, min(cut, file.stat().st_size)))  # type: ignore[misc]


def test_bits_that_turn_over(going: Journey, cache: Path) -> None:
    """One at a time, anywhere."""
    for _ in range(FLIPS):
        sizes = {path: len(data) for path, data in building.files(cache).items() if data}
        path = going.random.choices(list(sizes), weights=list(sizes.values()))[0]
        bit = going.random.randrange(sizes[path] * 8)
        damaged(going, lambda path=path, bit=bit: _flip(cache / path, bit))  # type: ignore[misc]


def _flip(file: Path, bit: int) -> None:
    """In place and at its time, as a disk would."""
    before = file.stat()
    with file.open("r+b") as opened:
        opened.seek(bit // 8)
        byte = opened.read(1)[0]
        opened.seek(bit // 8)
        opened.write(bytes([byte ^ 1 << bit % 8]))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("what", [b"", b"\x00" * 10_000, b"SQLite format 3\x00" + b"\xff" * 9_000, b"words"])
def test_something_else_in_place_of_its_files(going: Journey, cache: Path, what: bytes) -> None:
    """Each of its files is empty, or something else."""

    def replace() -> None:
        for path in building.files(cache):
            (cache / path).write_bytes(what)

    damaged(going, replace)


def test_a_folder_in_place_of_its_files(going: Journey, cache: Path) -> None:
    """Which is not ours, and is not removed."""

    def replace() -> None:
        for path in building.files(cache):
            (cache / path).unlink()
            (cache / path).mkdir()
            (cache / path / "mine").write_text("mine")

    damaged(going, replace)
    shutil.rmtree(cache)


def test_a_file_in_its_place(going: Journey) -> None:
    """`.cache` is a file, perhaps empty; it stays what it is."""
    folder = going.paper.root / ".cache"
    beside = going.beside
    going.beside = beside | {".cache"}
    for data in (b"", b"mine"):
        shutil.rmtree(folder, ignore_errors=True)
        damaged(going, lambda data=data: folder.write_bytes(data) and None)  # type: ignore[misc]
        folder.unlink()
    going.beside = beside
    going.recover(going.at)


@pytest.mark.parametrize("mode", [0o000, 0o500, 0o444])
def test_permissions_that_forbid_it(going: Journey, mode: int) -> None:
    """A cache that may not be read, written or entered."""
    command = building.without_privileges([*building.BUILD, *going.arguments()])
    if command is None:
        pytest.skip("permissions bind nobody here")
    folder = going.paper.root / ".cache"
    folder.mkdir(exist_ok=True)
    paths = [*folder.rglob("*"), folder]
    modes = {path: path.stat().st_mode for path in paths}
    to = going.elsewhere()
    going.edit(to)
    for path in paths:
        path.chmod(mode)
    outcome = _run(command)
    for path in reversed(paths):
        if path.exists():
            path.chmod(modes[path])
    assert (outcome.code, outcome.err) == (0, "")
    assert building.differences(going.tree(), going.trees[to]) == []
    if not any(folder.iterdir()):
        folder.rmdir()
    going.recover(to)


def _run(command: list[str]) -> building.Outcome:
    import subprocess

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=WITHIN)
    return building.Outcome(done.returncode, done.stdout, done.stderr)


def _sub(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(program: Path) -> None:
        text = (program / path).read_text()
        assert old in text
        (program / path).write_text(text.replace(old, new))

    return change


CHANGES: dict[str, Callable[[Path], None]] = {
    "another version": _sub("broadsheet/__init__.py", "__version__ = ", '__version__ = "9" + '),
    "a publisher of the register": _sub("broadsheet/register/publishers.yaml", "Voice of America", "Voice of Amerika"),
    "a licence of the register": _sub("broadsheet/register/licences.yaml", "United States", "United Estates"),
    "a template of the theme": _sub("themes/default/templates/base.html", "</body>", "<!-- new --></body>"),
    "a template that others include": _sub("themes/default/templates/partials/slip.html", "<", "<!-- new --><"),
    "a style of the theme": _sub("themes/default/static/style.css", "{", "{ "),
    "a wording": _sub("broadsheet/site/wording.py", "\"reprints\"", "\"whole texts\""),
}  # fmt: skip
"""What differs between two programs, one after the other on one site."""


@pytest.mark.parametrize("change", CHANGES.values(), ids=[name.replace(" ", "-") for name in CHANGES])
def test_a_cache_of_another_program(tmp_path: Path, change: Callable[[Path], None]) -> None:
    """A program that was changed, older or newer, finds a cache of the other: the output is as it would make it."""
    program = tmp_path / "program"
    program.mkdir()
    for name in ("broadsheet", "themes", "content", "config.yaml", "build.py"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, program / name)  # type: ignore[operator]
    site = tmp_path / "site"
    shutil.copytree(ROOT / "content", site / "content")
    shutil.copy(ROOT / "config.yaml", site)

    def build(root: Path, at: Path) -> dict[str, bytes]:
        time.sleep(0.02)  # so that the times of the program's own files can tell one from the next
        done = _run([building.PYTHON, str(root / "build.py"), "-s", str(at), "--now", NOW])
        assert (done.code, done.err) == (0, "")
        return building.files(at / "public")

    first = build(program, site)
    shutil.copytree(program, tmp_path / "changed")
    change(tmp_path / "changed")
    should_be = build(tmp_path / "changed", building.copy_of(site, tmp_path / "copy"))
    assert building.differences(build(tmp_path / "changed", site), should_be) == []
    assert building.differences(build(program, site), first) == []
    change(program)
    assert building.differences(build(program, site), should_be) == []
