"""Seeing edits: what is one, and that none is missed, told by the system or found by looking again."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from broadsheet.serve import watch as watching
from broadsheet.serve.watch import Sources, is_noise, sources, watch

WAYS = ["polling", *(["told"] if find_spec("watchfiles") else [])]
"""Both, where the extra is installed."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site's folder."""
    (tmp_path / "site/content/articles/2024").mkdir(parents=True)
    (tmp_path / "site/content/articles/2024/a.md").write_text("A")
    (tmp_path / "site/config.yaml").write_text("title: x")
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "site"


@pytest.fixture
def of(site: Path) -> Sources:
    """What it is made of."""
    return sources(site, site / "config.yaml", [])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *((name, True) for name in (".a.md.swp", ".#a.md", "#a.md#", "a.md~", "4913", "a.md.tmp", "a.md___jb_tmp___")),
        *((name, True) for name in (".git", ".DS_Store", "a.md.bak", ".goutputstream-X1")),
        *((name, False) for name in ("a.md", "style.css", ".well-known", "a~b.md", "tmp", "a.tmp.md")),
    ],
)
def test_what_editors_leave_is_no_edit(name: str, expected: bool) -> None:
    """Backups, locks, and copies that are about to be renamed."""
    assert is_noise(name) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("content/articles/2024/a.md", True),
        ("content", True),
        ("themes/mine/static/style.css", True),
        ("templates/404.html", True),
        ("static/.well-known/security.txt", True),
        ("config.yaml", True),
        ("content/articles/.a.md.swp", False),
        ("content/.git/x", False),
        ("public/index.html", False),
        (".cache/preview/index.html", False),
        ("README.md", False),
        ("contents/a.md", False),
        ("content/../public/a", False),
    ],
)
def test_only_sources_are_watched(site: Path, of: Sources, path: str, expected: bool) -> None:
    """Not the output, nor the cache, nor what else lies in the folder."""
    assert of.concern(Path(site / path) if ".." not in path else site / "public/a") is expected


def test_configuration_and_themes_are_watched_behind_their_links(site: Path) -> None:
    """They are trusted, and may be kept elsewhere; a link that leads nowhere does no harm."""
    elsewhere = site.parent / "elsewhere"
    (elsewhere / "theme/static").mkdir(parents=True)
    (elsewhere / "theme.yaml").write_text("name: x")
    (elsewhere / "config.yaml").write_text("title: x")
    (site / "themes/own").mkdir(parents=True)
    for link, to in (("themes/linked", "theme"), ("themes/own/theme.yaml", "theme.yaml"), ("themes/gone", "nowhere")):
        (site / link).symlink_to(elsewhere / to)
    (site / "config.yaml").unlink()
    (site / "config.yaml").symlink_to(elsewhere / "config.yaml")
    watched = sources(site, site / "config.yaml", [site / "themes"])
    for edited in ("theme/static/style.css", "theme.yaml", "config.yaml"):
        assert watched.concern(elsewhere / edited)
    assert not watched.concern(elsewhere / "notes.md")


def test_links_are_neither_looked_at_nor_watched(site: Path, of: Sources) -> None:
    """They may lead to the whole of the disk, and a site that has any is not built."""
    (site.parent / "elsewhere/x.md").write_text("X")
    (site / "content/link").symlink_to(site.parent / "elsewhere")
    (site / "static").symlink_to(site.parent / "elsewhere")
    assert {Path(path).name for path in of.look()} == {"a.md", "link", "config.yaml"}
    assert of.folders() == [site, site / "content", site / "content/articles", site / "content/articles/2024"]


def replaced_by_renaming(site: Path) -> None:
    """As editors do that never leave half a file."""
    (site / "content/articles/2024/.a.md.new").write_text("B")
    (site / "content/articles/2024/.a.md.new").rename(site / "content/articles/2024/a.md")


def appended_to(site: Path) -> None:
    """As a shell does."""
    with (site / "content/articles/2024/a.md").open("a") as file:
        file.write("!")


def with_folders(site: Path) -> None:
    """A file in folders that were not there."""
    (site / "content/articles/2026/11").mkdir(parents=True)
    (site / "content/articles/2026/11/b.md").write_text("B")


EDITS: dict[str, Callable[[Path], object]] = {
    "written": lambda site: (site / "content/articles/2024/a.md").write_text("Another"),
    "of the same size": lambda site: (site / "content/articles/2024/a.md").write_text("B"),
    "appended to": appended_to,
    "replaced": replaced_by_renaming,
    "new": lambda site: (site / "content/articles/2024/b.md").write_text("B"),
    "renamed": lambda site: (site / "content/articles/2024/a.md").rename(site / "content/articles/2024/c.md"),
    "deleted": lambda site: (site / "content/articles/2024/a.md").unlink(),
    "deleted with its folder": lambda site: shutil.rmtree(site / "content/articles"),
    "in new folders": with_folders,
    "configuration": lambda site: (site / "config.yaml").write_text("title: y"),
    "configuration deleted": lambda site: (site / "config.yaml").unlink(),
    "first template": lambda site: shutil.copytree(site / "content", site / "templates"),
}


@pytest.fixture(params=WAYS)
def followed(request: pytest.FixtureRequest, of: Sources) -> Iterator[threading.Event]:
    """The event of a watch."""
    changed = threading.Event()
    stop = watch(of, changed, is_polling=request.param == "polling")
    yield changed
    stop()


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_every_edit_is_seen(site: Path, followed: threading.Event, edit: Callable[[Path], object]) -> None:
    """Of a file, of a folder, of the configuration, and of folders that come later; and the next one too."""
    edit(site)
    assert followed.wait(20)
    # What was new then is watched as well.
    for path in (site / "content/articles/2026/11/again.md", site / "templates/articles/2024/again.html"):
        if path.parent.is_dir():
            followed.clear()
            path.write_text("again")
            assert followed.wait(20)


def test_what_changed_last_is_looked_at_more_often(site: Path, of: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a look at a large site takes long, and is seldom taken: the next edit is mostly of the same file."""
    monkeypatch.setattr(watching, "SHARE", 1e9)
    monkeypatch.setattr(watching, "SLOWEST", 1e9)
    changed = threading.Event()
    stop = watch(of, changed, is_polling=True)
    appended_to(site)
    assert changed.wait(20)
    for edit in (appended_to, replaced_by_renaming, appended_to):
        changed.clear()
        edit(site)
        assert changed.wait(20)
    stop()


def test_noise_is_not_an_edit(site: Path, followed: threading.Event) -> None:
    """An edit after it is what is seen first."""
    (site / "public").mkdir()
    for n in range(20):
        (site / f"public/{n}.html").write_text("x")
        (site / f"content/articles/2024/.{n}.md.swp").write_text("x")
        (site / f"content/articles/2024/{n}.md~").write_text("x")
    assert not followed.wait(0.5)
    (site / "content/articles/2024/a.md").write_text("Another")
    assert followed.wait(20)


@pytest.mark.parametrize("error", [OSError("no space left for watches"), ModuleNotFoundError(name="watchfiles")])
def test_without_the_system_s_help_it_looks_again(
    site: Path, of: Sources, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """And says so, with the command that installs what would help."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(watching, "_be_told", fail)
    changed, said = threading.Event(), []
    stop = watch(of, changed, say=said.append)
    (site / "content/articles/2024/a.md").write_text("Another")
    assert changed.wait(20)
    stop()
    assert said[0].startswith("Looking for changes again and again. ")
    assert ("no space left for watches" if isinstance(error, OSError) else "requirements-serve.txt") in said[0]
