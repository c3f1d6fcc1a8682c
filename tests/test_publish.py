"""The output folder: what is written, in which order, what is left alone, and what happens when it cannot be."""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from broadsheet.build.files import read
from broadsheet.build.publish import MANIFEST, PublishError, _rank, clean, manifest, publish
from broadsheet.problem import Problem
from tests.making import Site

FILES = [("index.html", b"one"), ("a/b.css", b"two"), ("feed.xml", b"three")]


def test_files_are_written_once_and_removed_when_gone(tmp_path: Path) -> None:
    """What did not change is not written; what is no longer made is removed, with its folder."""
    out = tmp_path / "public"
    first = publish(FILES, out)
    assert (first.files, first.written, first.removed) == (3, 3, 0)
    second = publish([("index.html", b"ONE"), ("feed.xml", b"three")], out)
    assert (second.files, second.written, second.removed) == (2, 1, 1)
    assert not (out / "a").exists()
    assert manifest(out) == {"index.html", "feed.xml"}


def test_assets_come_before_pages_and_pages_before_feeds() -> None:
    """Nothing refers to what is not there yet."""
    files = ["index.html", "feed.xml", "theme/style.css", "a/index.html", "x.png", "sitemap.xml"]
    assert sorted(files, key=_rank) == [
        "theme/style.css",
        "x.png",
        "a/index.html",
        "index.html",
        "feed.xml",
        "sitemap.xml",
    ]


def test_what_is_not_ours_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    """A file that Broadsheet did not make stays, and stops the build where it is in the way."""
    out = tmp_path / "public"
    out.mkdir()
    (out / "CNAME").write_text("mine")
    publish(FILES, out)
    publish(FILES[:1], out)
    assert (out / "CNAME").read_text() == "mine"
    (out / "feed.xml").write_text("mine too")
    with pytest.raises(PublishError) as caught:
        publish(FILES, out)
    assert caught.value.problem.rule == "output/not-ours"
    assert (out / "feed.xml").read_text() == "mine too"


def test_a_folder_that_somebody_removed_does_no_harm(tmp_path: Path) -> None:
    """Files of ours that are gone are gone, and the next build and `clean` go on."""
    out = tmp_path / "public"
    publish([*FILES, ("x/y/z.html", b"z")], out)
    shutil.rmtree(out / "x")
    assert publish(FILES, out).removed == 1
    shutil.rmtree(out / "a")
    assert clean(out) == 3


def test_a_file_of_ours_gives_way_to_a_folder_and_the_reverse(tmp_path: Path) -> None:
    """What went stood where what comes is to stand."""
    out = tmp_path / "public"
    publish([("foo", b"file"), ("bar/index.html", b"page")], out)
    publish([("foo/index.html", b"page"), ("bar", b"file")], out)
    assert (out / "foo/index.html").read_bytes() == b"page"
    assert (out / "bar").read_bytes() == b"file"


@pytest.mark.parametrize("name", ["feed.xml/x", "a", "feed.xml"])
def test_somebody_else_s_folder_or_file_in_the_way_is_seen_before_anything_is_moved(tmp_path: Path, name: str) -> None:
    """The build stops with the site as it was."""
    out = tmp_path / "public"
    target = out / name
    target.parent.mkdir(parents=True)
    target.write_text("not ours")
    with pytest.raises(PublishError) as caught:
        publish(FILES, out)
    assert caught.value.problem.rule == "output/not-ours"
    assert [p for p in out.rglob("*") if p.is_file()] == [target]


def test_a_move_that_breaks_off_leaves_nothing_that_nobody_owns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was moved already is ours to the next build."""
    out = tmp_path / "public"

    def broken(*_: object) -> None:
        (out / "index.html").write_bytes(b"half")
        raise OSError(28, "No space left on device", "feed.xml")

    with monkeypatch.context() as patched:
        patched.setattr("broadsheet.build.publish._move", broken)
        with pytest.raises(PublishError):
            publish(FILES, out)
    assert publish(FILES, out).files == 3


def test_a_failure_while_rendering_leaves_all_as_it_was(tmp_path: Path) -> None:
    """Nothing is moved before everything is staged."""
    out = tmp_path / "public"
    publish(FILES, out)

    def failing() -> Iterator[tuple[str, bytes]]:
        yield "index.html", b"changed"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        publish(failing(), out)
    assert (out / "index.html").read_bytes() == b"one"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["public"]


def test_an_interrupt_waits_for_the_files_that_belong_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while files are moved: all of them are moved, the manifest too, and then it ends."""
    out = tmp_path / "public"

    def interrupted(file: str) -> tuple[int, str]:
        signal.raise_signal(signal.SIGINT)
        return _rank(file)

    monkeypatch.setattr("broadsheet.build.publish._rank", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish(FILES, out)
    assert manifest(out) == {name for name, _ in FILES}
    assert all((out / name).read_bytes() == data for name, data in FILES)


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    """A file in the way of a folder is said, not thrown."""
    (tmp_path / "public").write_text("a file")
    with pytest.raises(PublishError) as caught:
        publish(FILES, tmp_path / "public")
    assert caught.value.problem.rule == "output/not-writable"


def test_a_link_out_of_the_output_is_not_followed(tmp_path: Path) -> None:
    """Neither for writing nor for removing."""
    out, outside = tmp_path / "public", tmp_path / "outside"
    out.mkdir()
    outside.mkdir()
    (outside / "b.css").write_text("not ours")
    (out / "a").symlink_to(outside)
    with pytest.raises(PublishError) as caught:
        publish(FILES, out)
    assert caught.value.problem.rule == "output/link"
    (out / MANIFEST).write_text(json.dumps({"files": ["a/b.css", "../outside/b.css", "/etc/passwd", 3]}))
    publish([("index.html", b"one")], out)
    assert (outside / "b.css").read_text() == "not ours"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', '{"other": []}'])
def test_an_unreadable_manifest_means_that_nothing_is_ours(tmp_path: Path, text: str) -> None:
    """It is never an error."""
    (tmp_path / MANIFEST).write_text(text)
    assert manifest(tmp_path) == set()


def test_links_in_content_are_refused(site: Site) -> None:
    """A symbolic link to a file or a folder is a problem, and nothing behind it is read."""
    site.article()
    secret = site.root.parent / "secret.md"
    secret.write_text("secret")
    (site.root / "content/articles/link.md").symlink_to(secret)
    (site.root / "content/pages").symlink_to(site.root.parent)
    result = site.build()
    assert result.code == 1
    assert [line.split(":")[0] for line in result.err.splitlines()[:2]] == ["content/articles/link.md", "content/pages"]
    assert "secret" not in result.err


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    """With what the system says."""
    problem = read(tmp_path, "content/articles/gone.md")
    assert isinstance(problem, Problem)
    assert (problem.rule, problem.message) == ("file/unreadable", "it cannot be read: No such file or directory")
