"""What is prepared of texts, on sheets beside the cache."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from broadsheet.build.sheets import LEAST, Sheets, thin
from tests.making import Site

OWN = {"kind": "own", "origin": None, "licence": None, "retrieved": None}
MADE = [(b"line %d" % n, b"page %d" % n) for n in range(LEAST)]


@pytest.fixture
def sheets(tmp_path: Path) -> Sheets:
    """A folder for them."""
    return Sheets(str(tmp_path))


def test_what_was_put_on_a_sheet_is_read_there(sheets: Sheets) -> None:
    """Line and page of each article, by its leaf."""
    leaves = sheets.put(MADE, b"one")
    others = sheets.put(MADE[::-1], b"other")
    assert [(sheets.line(leaf), sheets.page(leaf)) for leaf in leaves] == MADE
    assert [(sheets.line(leaf), sheets.page(leaf)) for leaf in others] == MADE[::-1]


@pytest.mark.parametrize("size", [0, 1, 20])
def test_a_sheet_that_was_cut_off_says_nothing(sheets: Sheets, size: int) -> None:
    """Nor does one that is gone, or another thing in its place."""
    *_, last = sheets.put(MADE, b"one")
    (file,) = Path(sheets.folder).iterdir()
    os.truncate(file, size)
    assert sheets.page(last) == b""
    sheets.close()
    file.unlink()
    assert sheets.page(last) == b""
    file.mkdir()
    assert sheets.page(last) == b""


def test_sheets_that_nobody_uses_go(sheets: Sheets) -> None:
    """As soon as no article lies there any more."""
    one, other = sheets.put(MADE, b"one"), sheets.put(MADE, b"other")
    sheets.tidy([one[3]])
    assert (sheets.line(one[3]), sheets.line(other[3])) == (b"line 3", b"")
    assert len(list(Path(sheets.folder).iterdir())) == 1


def test_a_sheet_of_which_little_is_used_is_thin(sheets: Sheets) -> None:
    """Else a sheet would stay for the sake of one article."""
    one, other = sheets.put(MADE, b"one"), sheets.put(MADE, b"other")
    assert thin([*one, other[0]]) == {other[0]}
    assert thin([*one, *other[: LEAST // 4]]) == set()


def test_sheets_do_not_pile_up(site: Site) -> None:
    """Article by article is edited, and what lies on sheets is what the site has now, not what it had."""
    for n in range(3 * LEAST):
        site.article(f"a{n}", **OWN)
    site.build()
    assert len([*site.root.glob(".cache/*.sheets/*")]) == 1
    for n in range(3 * LEAST):
        site.build()
        site.article(f"a{n}", title=f"Another title {n}", **OWN)
    assert site.build().code == 0
    assert [*site.root.glob(".cache/*.sheets/*")] == []
    before = {path: path.read_bytes() for path in site.public.rglob("*.html")}
    site.build("--no-cache")
    assert {path: path.read_bytes() for path in site.public.rglob("*.html")} == before


def test_where_no_sheet_can_be_kept_the_database_holds_all(site: Site) -> None:
    """A file lies in the place of their folder, and stays there."""
    for n in range(LEAST):
        site.article(f"a{n}", **OWN)
    site.build()
    (folder,) = site.root.glob(".cache/*.sheets")
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_text("mine")
    config = (site.root / "config.yaml").read_text()
    site.write("config.yaml", f"{config}page_size: 3\n")
    assert site.build().code == 0
    assert folder.read_text() == "mine"
