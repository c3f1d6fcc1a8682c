"""What an import knows of the articles of a site: those that have changed are read, the others remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet import fingerprint
from broadsheet.build import inputs
from broadsheet.importing.known import articles
from broadsheet.importing.known.shelf import Known
from tests.making import ARTICLE, Site

TEXT = "The ferry over the river runs again from Monday, with twice the boats and half the fare, the council said. "


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The articles that were read and not remembered; no file is too new to be relied on."""
    paths: list[str] = []
    read_one = articles._read
    monkeypatch.setattr(inputs, "GRAIN", -(10**12))
    monkeypatch.setattr(
        articles, "_read", lambda source, path, *more: (paths.append(path), read_one(source, path, *more))[1]
    )
    return paths


def known(site: Site) -> tuple[list[Known], list[str]]:
    """All articles, and the rules that were broken."""
    shelf = articles.read(site.root, lambda *_: None)
    return list(shelf), [problem.rule for problem in shelf.problems]


def filled(site: Site) -> None:
    """Articles of all sorts, and one with which something is wrong."""
    site.article("ferry", body=TEXT * 9)
    site.article("own", kind="own", origin=None, licence=None, retrieved=None, body=TEXT, draft=True)
    site.article("gone", body=TEXT, withdrawn={"date": "2024-05-01", "reason": "Asked."})
    stored = fingerprint.fingerprint(TEXT * 9)
    retrieved = {**ARTICLE["retrieved"], "sha256": stored.sha256, "words": stored.words}
    path = site.article("excerpt", kind="excerpt", body="> half the fare\n\nGood.", retrieved=retrieved)
    site.write(path.replace(".md", ".fingerprint"), fingerprint.dump(stored))
    site.write(site.article("odd", body=TEXT).replace(".md", ".fingerprint"), "[]")


def test_what_has_not_changed_is_not_read_again(site: Site, read: list[str]) -> None:
    """It is known as it was, and what is wrong is said again."""
    filled(site)
    first = known(site)
    assert len(read) == len(first[0]) == 5
    assert first[1]
    read.clear()
    assert known(site) == first
    assert [Path(path).stem for path in read] == ["odd"]


def test_what_has_changed_is_read(site: Site, read: list[str]) -> None:
    """Its own file or its fingerprint; what is there no more is forgotten."""
    filled(site)
    known(site)
    read.clear()
    site.article("ferry", body=TEXT * 3)
    (site.root / "content/articles/2024/03/own.md").unlink()
    (site.root / "content/articles/2024/03/excerpt.fingerprint").unlink()
    now, _ = known(site)
    assert [Path(path).stem for path in read] == ["excerpt", "ferry", "odd"]
    assert [Path(item.path).stem for item in now] == ["excerpt", "ferry", "gone", "odd"]
    (site.root / ".cache/known").unlink()
    assert known(site)[0] == now


def test_a_new_file_is_read_again(site: Site, read: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the grain of the file system's clock it may change and keep its stamp."""
    site.article("ferry", body=TEXT)
    monkeypatch.setattr(inputs, "GRAIN", 10**12)
    assert known(site) == known(site)
    assert len(read) == 2


def test_a_damaged_memory_is_none(site: Site, read: list[str]) -> None:
    """Cut off or altered anywhere, or a folder: all is read."""
    filled(site)
    expected = known(site)
    file = site.root / ".cache/known"
    data = file.read_bytes()
    for at in range(0, len(data), 97):
        for damaged in (data[:at], data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]):
            file.write_bytes(damaged)
            read.clear()
            assert known(site) == expected
            assert len(read) == 5
    file.unlink()
    file.mkdir()
    assert known(site) == expected


def test_a_dry_run_remembers_nothing(site: Site, read: list[str]) -> None:
    """It leaves no file."""
    filled(site)
    articles.read(site.root, lambda *_: None, is_dry=True)
    assert len(read) == 5
    assert not (site.root / ".cache").exists()
