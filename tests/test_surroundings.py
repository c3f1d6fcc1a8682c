"""The same bytes whatever the surroundings: a row of the table is a way to build, and none leaves a trace.

`tests/heavy/test_surroundings_of_many.py` does the same with a thousand articles.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import building
from tests.building import BUILD, PYTHON, ROOT

NOW = "2026-11-21T12:00:00Z"
SHUFFLED = """
import os, random
_scandir, _listdir, _random = os.scandir, os.listdir, random.Random(1)


class Shuffled(list):
    def __enter__(self):
        return iter(self)

    def __exit__(self, *_):
        pass

    def __next__(self):
        return self.pop()

    def __iter__(self):
        return list.__iter__(self)

    def close(self):
        pass


def scandir(*arguments):
    with _scandir(*arguments) as entries:
        return Shuffled(sorted(entries, key=lambda _: _random.random()))


def listdir(*arguments):
    return sorted(_listdir(*arguments), key=lambda _: _random.random())


os.scandir, os.listdir = scandir, listdir
"""
"""A `sitecustomize` that gives the files of a folder in another order each time."""
ISOLATED = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from broadsheet.cli import main; sys.exit(main(sys.argv[1:]))"
)


@dataclass(frozen=True)
class Way:
    """A way to build."""

    name: str
    environment: Mapping[str, str | None] = field(default_factory=dict)
    """Over that of the tests; None takes a variable out."""
    command: tuple[str, ...] = BUILD
    arguments: tuple[str, ...] = ("--now", NOW)
    needs: str = ""
    """A flag of `build` without which there is no such way."""
    umask: int = 0o022
    inside: bool = False
    """Whether it is built in the site's folder, without saying where that is."""
    reverse: bool = False
    """Whether the files of the site were made in the reverse order, long ago."""
    read_only: bool = False
    """Whether nothing can be written to the sources."""
    shuffled: bool = False
    """Whether the system names a folder's files in any order."""
    again: bool = False
    """Whether what is looked at is the second build."""


WAYS = (
    Way("another time zone", {"TZ": "Pacific/Kiritimati"}),
    Way("a time zone west of all", {"TZ": "America/St_Johns"}),
    Way("the locale C, and no UTF-8", {"LC_ALL": "C", "LANG": None, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}),
    Way("the Turkish locale, if there is one", {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}),
    Way("a hash seed", {"PYTHONHASHSEED": "1"}),
    Way("another hash seed", {"PYTHONHASHSEED": "4294967295"}),
    Way("a strict umask", umask=0o077),
    Way("no umask", umask=0),
    Way("in the site's folder", inside=True),
    Way("files made in another order", reverse=True),
    Way("folders read in any order", shuffled=True),
    Way("one worker", arguments=("--now", NOW, "--jobs", "1"), needs="--jobs"),
    Way("two workers", arguments=("--now", NOW, "--jobs", "2"), needs="--jobs"),
    Way("four workers", arguments=("--now", NOW, "--jobs", "4"), needs="--jobs"),
    *(
        Way(f"workers by {method}", {"BROADSHEET_START_METHOD": method}, BUILD, ("--now", NOW, "--jobs", "2"), "--jobs")
        for method in ("fork", "forkserver", "spawn")
    ),
    Way("no cache", arguments=("--now", NOW, "--no-cache"), needs="--no-cache"),
    Way("after a build", again=True),
    Way("no home", {"HOME": None, "XDG_CACHE_HOME": None}),
    Way("a home that there is not", {"HOME": "/nowhere"}),
    Way("hardly any environment", {name: None for name in os.environ if name not in ("PATH", "PYTHONPATH")}),
    Way("SOURCE_DATE_EPOCH", {"SOURCE_DATE_EPOCH": "1795262400"}, arguments=()),
    Way("a later day", arguments=("--now", "2029-02-28T23:59:59+09:00")),
    Way("read-only sources", read_only=True),
    Way("no bytecode", {"PYTHONDONTWRITEBYTECODE": "1"}),
    Way("optimised, isolated", command=(PYTHON, "-OO", "-I", "-c", ISOLATED, "build")),
    Way("in development mode", {"PYTHONDEVMODE": "1"}),
)


def sample(folder: Path, *, reverse: bool = False) -> None:
    """The articles of the repository's sample site in the golden site, which has every feature."""
    golden = ROOT / "tests" / "golden" / "site"
    roots = (ROOT / "content", ROOT), (golden, golden)
    found = {str(file.relative_to(root)): file for start, root in roots for file in start.rglob("*") if file.is_file()}
    for path in sorted(found, reverse=reverse):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found[path], folder / path)
        os.utime(folder / path, (0, 0) if reverse else None)


def built(way: Way, site: Path) -> dict[str, bytes]:
    """The output of a site that is built in that way, in a process of its own."""
    environment = {key: value for key, value in {**os.environ, **way.environment}.items() if value is not None}
    output = site.parent / f"{site.name} output"
    if way.shuffled:
        customise = site.parent / "customise"
        customise.mkdir()
        (customise / "sitecustomize.py").write_text(SHUFFLED)
        environment["PYTHONPATH"] = str(customise)
    command = [*way.command, *(() if way.inside else ("--source", str(site))), "--output", str(output), *way.arguments]
    before = building.times(site)
    if way.read_only:
        _forbid_writing(site)
    bound = building.without_privileges(command) if way.read_only else command
    if bound is None:
        pytest.skip("permissions bind nobody here")
    for _ in range(1 + way.again):
        done = subprocess.run(
            bound, capture_output=True, text=True, check=False, env=environment, umask=way.umask,
            cwd=site if way.inside else site.parent,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, ""), way.name
    if way.read_only:
        assert building.times(site) == before
    return building.files(output)


def _forbid_writing(site: Path) -> None:
    for path in [site, *site.rglob("*")]:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))


def offered(ways: tuple[Way, ...]) -> list[Way]:
    """Those for which the build has the flags."""
    return [way for way in ways if not way.needs or building.offers(way.needs)]


@pytest.fixture(scope="session")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The sample site, built in no particular way."""
    folder = tmp_path_factory.mktemp("usual")
    sample(folder / "site")
    return built(Way("usual"), folder / "site")


@pytest.mark.parametrize("way", offered(WAYS), ids=lambda way: way.name.replace(" ", "-"))
def test_surroundings_leave_no_trace(way: Way, usual: dict[str, bytes], tmp_path: Path) -> None:
    """0 bytes of difference, the manifest's included."""
    sample(tmp_path / "site", reverse=way.reverse)
    made = built(way, tmp_path / "site")
    assert len(made) > 20
    assert building.differences(made, usual) == []
    assert made == usual


def test_files_and_folders_are_readable_as_the_umask_says(tmp_path: Path) -> None:
    """Whoever serves the site may read it: no file is private because it was staged."""
    sample(tmp_path / "site")
    built(Way("usual"), tmp_path / "site")
    paths = list((tmp_path / "site output").rglob("*"))
    wrong = [path for path in paths if path.stat().st_mode & 0o777 != (0o755 if path.is_dir() else 0o644)]
    assert wrong == []
