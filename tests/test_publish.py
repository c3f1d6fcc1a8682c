"""The output folder: what is written, in which order, what is left alone, and what happens when it cannot be."""

from __future__ import annotations

import errno
import json
import os
import pickle
import shutil
import signal
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from broadsheet.build import journal
from broadsheet.build.files import read
from broadsheet.build.journal import Journal
from broadsheet.build.publish import (
    MANIFEST,
    Published,
    PublishError,
    _rank,
    clean,
    first_ids,
    is_pending,
    manifest,
    publishing,
)
from broadsheet.build.stage import Stage
from broadsheet.problem import Problem
from tests.making import Site

FILES = [("index.html", b"one"), ("a/b.css", b"two"), ("feed.xml", b"three")]


def publish(outputs: Iterable[tuple[str, bytes]], output: Path, ids: Mapping[str, str] | None = None) -> Published:
    """Publish these files."""
    with publishing(output) as press:
        files = dict(outputs)
        return press.commit(files, [file for file, data in files.items() if press.put(file, data)], ids)


def refused(outputs: Iterable[tuple[str, bytes]], output: Path) -> str:
    """The rule by which these files are not published."""
    with pytest.raises(PublishError) as caught:
        publish(outputs, output)
    return caught.value.problem.rule


def test_files_are_written_once_and_removed_when_gone(tmp_path: Path) -> None:
    """What did not change is not written; what is no longer made is removed, with its folder."""
    out = tmp_path / "public"
    first = publish(FILES, out)
    assert (first.files, first.written, first.removed) == (3, 3, 0)
    second = publish([("index.html", b"ONE"), ("feed.xml", b"three")], out)
    assert (second.files, second.changed, second.removed) == (2, ("index.html",), 1)
    assert not (out / "a").exists()
    assert manifest(out) == {"index.html", "feed.xml"}
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


def test_what_did_not_change_keeps_its_time(tmp_path: Path) -> None:
    """So that what copies the output copies changes only; the manifest, too."""
    out = tmp_path / "public"
    publish(FILES, out)
    for file in ("index.html", "a/b.css", "feed.xml", MANIFEST):
        os.utime(out / file, (1, 1))
    publish([*FILES[:2], ("feed.xml", b"four!")], out)
    times = {file: (out / file).stat().st_mtime == 1 for file in ("index.html", "a/b.css", "feed.xml", MANIFEST)}
    assert times == {"index.html": True, "a/b.css": True, "feed.xml": False, MANIFEST: True}


def test_nothing_comes_before_what_it_refers_to() -> None:
    """What is new comes before what is replaced; assets, articles, other pages, home, feeds, in each."""
    files = ["index.html", "feed.xml", "a/style.css", "topics/sea/index.html", "2024/03/sea/index.html"]
    everything = [(file, is_new) for file in files for is_new in (False, True)]
    assert sorted(everything, key=lambda given: _rank(*given)) == [
        ("a/style.css", True),
        ("2024/03/sea/index.html", True),
        ("topics/sea/index.html", True),
        ("index.html", True),
        ("feed.xml", True),
        ("a/style.css", False),
        ("2024/03/sea/index.html", False),
        ("topics/sea/index.html", False),
        ("index.html", False),
        ("feed.xml", False),
    ]


def test_a_reader_finds_whatever_a_page_refers_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each call that changes the output, each name in a file that can be reached from the home page is a file."""
    out = tmp_path / "public"
    old = [("index.html", b"t.html x.html"), ("t.html", b"x.html"), ("x.html", b"index.html")]
    new = [("index.html", b"t.html new/y.html"), ("t.html", b"new/y.html t.css"), ("new/y.html", b"t.html z.css")]
    publish(old, out)
    broken = []

    def watched(name: str) -> None:
        real = getattr(os, name)

        def call(*given: str) -> None:
            real(*given)
            broken.extend(missing(out))

        monkeypatch.setattr(os, name, call)

    watched("replace")
    watched("rename")
    watched("unlink")
    publish([*new, ("t.css", b""), ("z.css", b"")], out)
    assert broken == []
    assert sorted(manifest(out)) == ["index.html", "new/y.html", "t.css", "t.html", "z.css"]


def missing(out: Path) -> list[str]:
    """Names that files, from the home page on, refer to and that are not there."""
    reached = ["index.html"]
    for file in reached:
        if (out / file).is_file():
            reached += [name for name in (out / file).read_text().split() if name not in reached]
    return [file for file in reached if not (out / file).is_file()]


def test_what_is_not_ours_is_neither_replaced_nor_removed(tmp_path: Path) -> None:
    """A file that Broadsheet did not make stays, and stops the build where it is in the way."""
    out = tmp_path / "public"
    out.mkdir()
    (out / "CNAME").write_text("mine")
    publish(FILES, out)
    publish(FILES[:1], out)
    assert (out / "CNAME").read_text() == "mine"
    (out / "feed.xml").write_text("mine too")
    assert refused(FILES, out) == "output/not-ours"
    assert (out / "feed.xml").read_text() == "mine too"


def test_a_folder_that_somebody_removed_does_no_harm(tmp_path: Path) -> None:
    """Files of ours that are gone are gone, and the next build and `clean` go on."""
    out = tmp_path / "public"
    publish([*FILES, ("x/y/z.html", b"z")], out)
    shutil.rmtree(out / "x")
    assert publish(FILES, out).removed == 1
    shutil.rmtree(out / "a")
    assert publish([*FILES[:1], ("a/b.css", b"two"), *FILES[2:]], out).changed == ("a/b.css",)
    shutil.rmtree(out / "a")
    assert clean(out) == 3
    assert list(out.iterdir()) == []


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
    assert refused(FILES, out) == "output/not-ours"
    assert [p for p in out.rglob("*") if p.is_file()] == [target]


@pytest.mark.parametrize("other", ["bar/theirs", "bar/empty/"])
def test_a_folder_gives_way_to_a_file_only_with_all_that_is_in_it(tmp_path: Path, other: str) -> None:
    """Another's file or folder beside ours keeps it."""
    out = tmp_path / "public"
    publish([("bar/index.html", b"page")], out)
    (out / other).mkdir() if other.endswith("/") else (out / other).write_text("not ours")
    assert refused([("bar", b"file")], out) == "output/not-ours"
    assert (out / "bar/index.html").read_bytes() == b"page"


def test_a_name_that_the_file_system_takes_for_another_is_not_removed(tmp_path: Path) -> None:
    """Where `A.html` and `a.html` are one file, here by a hard link, it stays when one of the names goes."""
    out = tmp_path / "public"
    publish([("A.html", b"page"), ("B.html", b"page")], out)
    (out / "a.html").hardlink_to(out / "A.html")
    with publishing(out) as press:
        assert not press.put("a.html", b"page")
        press.commit(["a.html"], [])
    assert (out / "a.html").exists()
    assert (out / "A.html").exists()
    assert not (out / "B.html").exists()


def test_a_name_that_changes_its_letters_only_goes_before_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else, where both are one file, the new one would be removed."""
    out = tmp_path / "public"
    publish([("A.html", b"page")], out)
    with publishing(out) as press:
        assert press.put("a.html", b"new page")
        (out / "a.html").hardlink_to(out / "A.html")
        monkeypatch.setattr(type(press), "ours", frozenset(["A.html", "a.html"]))
        calls = []
        monkeypatch.setattr(journal, "record", lambda _, plan: calls.append((plan.before, plan.after)))
        press.commit(["a.html"], ["a.html"])
    assert calls == [(("A.html",), ())]


def test_a_failure_while_rendering_leaves_all_as_it_was(tmp_path: Path) -> None:
    """What was staged is thrown away."""
    out = tmp_path / "new" / "public"

    def fail() -> None:
        with publishing(out) as press:
            press.put("index.html", b"changed")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []
    publish(FILES, out)
    with pytest.raises(RuntimeError):
        fail()
    assert (out / "index.html").read_bytes() == b"one"
    assert [path.name for path in out.parent.iterdir()] == ["public"]


def test_an_interrupt_waits_for_the_files_that_belong_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while files are moved: all of them are moved, the manifest too, and then it ends."""
    out = tmp_path / "public"
    publish([("index.html", b"old")], out)
    replace = os.replace

    def interrupted(old: str, new: str) -> None:
        signal.raise_signal(signal.SIGINT)
        replace(old, new)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish(FILES, out)
    assert manifest(out) == {name for name, _ in FILES}
    assert all((out / name).read_bytes() == data for name, data in FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


@pytest.mark.parametrize("folder", ["public", "public/a", "above"])
def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path, folder: str) -> None:
    """A file in the way of a folder is said, not thrown."""
    (tmp_path / folder).parent.mkdir(exist_ok=True)
    (tmp_path / folder).write_text("a file")
    out = tmp_path / ("above/public" if folder == "above" else "public")
    assert refused(FILES, out) == ("output/not-ours" if folder == "public/a" else "output/not-writable")
    assert (tmp_path / folder).read_text() == "a file"


def test_a_link_out_of_the_output_is_not_followed(tmp_path: Path) -> None:
    """Neither for writing nor for removing, nor where the bytes behind it are those that are to be written."""
    out, outside = tmp_path / "public", tmp_path / "outside"
    out.mkdir()
    outside.mkdir()
    (outside / "b.css").write_text("two")
    (out / "a").symlink_to(outside)
    assert refused(FILES, out) == "output/link"
    (out / MANIFEST).write_text(
        json.dumps({"files": ["a/b.css", "../outside/b.css", "/etc/passwd", 3, "\0", "\ud800"]})
    )
    publish([("index.html", b"one")], out)
    assert (outside / "b.css").read_text() == "two"


def test_a_file_that_became_a_link_is_replaced(tmp_path: Path) -> None:
    """What it leads to stays, though it has the bytes that the file is to have."""
    out = tmp_path / "public"
    publish(FILES, out)
    (out / "index.html").rename(tmp_path / "elsewhere")
    (out / "index.html").symlink_to(tmp_path / "elsewhere")
    assert publish(FILES, out).changed == ("index.html",)
    assert not (out / "index.html").is_symlink()
    assert (tmp_path / "elsewhere").read_bytes() == b"one"


def test_a_link_that_stays_inside_is_followed(tmp_path: Path) -> None:
    """And the output itself may be one, to a folder anywhere."""
    out, real = tmp_path / "public", tmp_path / "elsewhere" / "real"
    (real / "b").mkdir(parents=True)
    out.symlink_to(real)
    (real / "a").symlink_to("b")
    publish(FILES, out)
    assert (real / "b/b.css").read_bytes() == b"two"
    assert publish(FILES, out).written == 0
    assert [path.name for path in real.parent.iterdir()] == ["real"]


def test_a_pipe_in_the_output_does_not_keep_us_waiting(tmp_path: Path) -> None:
    """It is as any file that is not ours."""
    out = tmp_path / "public"
    out.mkdir()
    os.mkfifo(out / "feed.xml")
    assert refused(FILES, out) == "output/not-ours"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3, "ids": 4}', '{"other": []}', "[" * 100_000, "\udcff"])
def test_an_unreadable_manifest_means_that_nothing_is_ours(tmp_path: Path, text: str) -> None:
    """It is never an error."""
    (tmp_path / MANIFEST).write_bytes(text.encode("utf-8", "surrogateescape"))
    assert (manifest(tmp_path), first_ids(tmp_path)) == (set(), {})


def test_a_page_keeps_the_first_id_that_it_had(tmp_path: Path) -> None:
    """While it is there; and a page that comes later is added."""
    out = tmp_path / "public"
    publish(FILES, out, {"index.html": "first"})
    publish(FILES, out, {"index.html": "second", "feed.xml": "new"})
    assert first_ids(out) == {"index.html": "first", "feed.xml": "new"}
    publish(FILES[1:], out, {"feed.xml": "other"})
    assert first_ids(out) == {"feed.xml": "new"}


def test_an_empty_folder_keeps_what_it_was_given(tmp_path: Path) -> None:
    """A folder that somebody made with other permissions than ours stays that folder."""
    out = tmp_path / "public"
    out.mkdir(0o700)
    before = out.stat()
    publish(FILES, out)
    assert (out.stat().st_ino, out.stat().st_mode) == (before.st_ino, before.st_mode)
    assert publish(FILES, out).written == 0


@pytest.mark.parametrize("is_there", [False, True])
def test_a_first_build_is_there_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    """Where there is no output, or an empty one, it comes by one rename; no file is moved."""
    out = tmp_path / "public"
    if is_there:
        out.mkdir()
    monkeypatch.delattr(os, "replace")
    publish(FILES, out)
    assert manifest(out) == {name for name, _ in FILES}
    assert all((out / name).read_bytes() == data for name, data in FILES)


def test_a_first_build_that_cannot_come_at_once_comes_file_by_file(tmp_path: Path) -> None:
    """Where somebody just put a file there."""
    out = tmp_path / "public"
    with publishing(out) as press:
        changed = [file for file, data in FILES if press.put(file, data)]
        out.mkdir()
        (out / "CNAME").write_text("mine")
        press.commit([file for file, _ in FILES], changed)
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST, "CNAME", "a", "feed.xml", "index.html"]


def test_workers_stage_beside_each_other(tmp_path: Path) -> None:
    """A stage travels to other processes, each of which makes the folders that it needs, at the same time."""
    out = tmp_path / "public"
    files = [f"2024/{n % 7}/{n // 2}/{n % 2}.html" for n in range(200)]
    for data in (b"old", b"new"):
        with publishing(out) as press, ThreadPoolExecutor(4) as pool:
            parts = [files[n::4] for n in range(4)]
            stages = [pickle.loads(pickle.dumps(press.stage)) for _ in parts]  # noqa: S301 -- ours
            staged = [pool.submit(_stage, stage, part, data) for stage, part in zip(stages, parts, strict=True)]
            assert [part.result() for part in staged] == [[True] * 50] * 4
            press.commit(files, files)
        assert {(out / file).read_bytes() for file in files} == {data}


def _stage(stage: Stage, files: list[str], data: bytes) -> list[bool]:
    return [stage.put(file, data) for file in files]


def test_a_worker_that_outlives_its_build_stages_nothing(tmp_path: Path) -> None:
    """Its stage was thrown away; and the error travels back from where it was raised."""
    with publishing(tmp_path / "public") as press:
        stage = pickle.loads(pickle.dumps(press.stage))  # noqa: S301 -- ours
    with pytest.raises(PublishError) as caught:
        stage.put("a/index.html", b"late")
    assert list(tmp_path.iterdir()) == []
    assert pickle.loads(pickle.dumps(caught.value)).problem == caught.value.problem  # noqa: S301 -- ours


@pytest.mark.parametrize("size", [0, 1, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_a_long_file_is_staged_in_pieces(tmp_path: Path, size: int) -> None:
    """It comes out as if it had been staged at once, and is left alone where nothing of it has changed."""
    out = tmp_path / "public"
    before = bytes(size)
    publish([("long.json", before), ("x", b"")], out)
    for data, is_staged in ((before, False), (before[:-1] + b"1", True), (before, True), (before[1:], size > 0)):
        with publishing(out) as press:
            pieces = (data[n : n + 999_999] for n in range(0, len(data), 999_999))
            assert press.put_pieces("long.json", pieces) == is_staged
            press.commit(["long.json", "x"], ["long.json"] if is_staged else [])
        assert (out / "long.json").read_bytes() == data
    assert sorted(path.name for path in tmp_path.iterdir()) == ["public"]


@pytest.mark.parametrize("data", [b"new", b"one"])
def test_what_happens_to_the_output_while_files_are_staged_does_no_harm(tmp_path: Path, data: bytes) -> None:
    """Folders come and go under us: what is staged comes into place all the same, and what is lost is an error."""
    out = tmp_path / "public"
    publish([*FILES, ("kept/x", b"x")], out)
    outputs = {"a/b.css": data, "later/x.css": data, "kept/x": b"x"}
    with publishing(out) as press:
        changed = [file for file, content in outputs.items() if press.put(file, content)]
        shutil.rmtree(out / "a")
        (out / "later").mkdir()
        press.commit(outputs, changed)
    assert {file: (out / file).read_bytes() for file in outputs} == outputs
    with publishing(out) as press, pytest.raises(PublishError) as caught:
        press.commit(outputs, ["kept/x"])
    assert "It is not staged any more" in caught.value.problem.message


@pytest.mark.parametrize("what", ["another mount", "a folder above that nobody may write to"])
def test_the_stage_lies_inside_where_it_cannot_lie_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """From beside it nothing could be moved into the output by a rename."""
    out = tmp_path / "public"
    publish(FILES, out)
    if what == "another mount":
        real = os.rename

        def rename(old: str, new: str) -> None:
            if Path(old).parent == tmp_path:
                raise OSError(errno.EXDEV, "Invalid cross-device link", old)
            real(old, new)

        monkeypatch.setattr(os, "rename", rename)
    else:
        monkeypatch.setattr(os, "access", lambda path, _: Path(path) != tmp_path)
    with publishing(out) as press:
        assert press.staging.is_relative_to(out)
        assert is_pending(out)
        files = [*FILES[1:], ("new/index.html", b"four")]
        press.commit([name for name, _ in files], [name for name, data in files if press.put(name, data)])
    assert sorted(path.name for path in out.iterdir()) == [MANIFEST, "a", "feed.xml", "new"]
    assert not is_pending(out)


def journalled(tmp_path: Path, plan: Journal, staged: Mapping[str, bytes]) -> Path:
    """An output with `FILES`, beside which a killed run, or somebody, left this."""
    out, workspace = tmp_path / "public", tmp_path / ".public.broadsheet"
    publish(FILES, out)
    workspace.mkdir()
    for name, data in staged.items():
        (workspace / plan.staging / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / plan.staging / name).write_bytes(data)
    journal.record(str(workspace), plan)
    return out


def test_what_came_after_a_kill_is_not_removed_by_the_journal(tmp_path: Path) -> None:
    """The manifest is the new one, so all was done, and what stands there now is another's."""
    out = journalled(tmp_path, Journal("staged-00000000", after=("theirs.html",)), {})
    (out / "theirs.html").write_text("not ours")
    assert is_pending(out)
    publish(FILES, out)
    assert (out / "theirs.html").read_text() == "not ours"
    assert not is_pending(out)


def test_what_came_after_a_kill_is_not_replaced_by_the_journal(tmp_path: Path) -> None:
    """The build stops until it is moved away, and goes on then."""
    plan = Journal("staged-00000000", moves=(("new/x.html", "new/x.html"),))
    out = journalled(tmp_path, plan, {"new/x.html": b"ours"})
    (out / "new").mkdir()
    (out / "new/x.html").write_text("not ours")
    assert refused(FILES, out) == "output/not-ours"
    assert (out / "new/x.html").read_text() == "not ours"
    shutil.rmtree(out / "new")
    with publishing(out):
        assert (out / "new/x.html").read_text() == "ours"


def test_a_journal_is_for_the_output_that_was_there(tmp_path: Path) -> None:
    """Where somebody removed that, nothing of the journal is done."""
    out = journalled(tmp_path, Journal("staged-00000000", moves=(("x.html", "x.html"),)), {"x.html": b"half a site"})
    shutil.rmtree(out)
    publish(FILES, out)
    assert not (out / "x.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


@pytest.mark.parametrize(
    "plan",
    [
        Journal("../outside", moves=(("x.html", "x.html"),)),
        Journal("staged-00000000", moves=(("../x.html", "x.html"),)),
        Journal("staged-00000000", moves=(("x.html", "../../outside/x.html"),)),
        Journal("staged-00000000", before=("../outside/x.html",)),
        Journal("staged-00000000", moves=(("a/link", "a/link"),)),
    ],
)
def test_a_journal_that_somebody_else_wrote_leads_nowhere(tmp_path: Path, plan: Journal) -> None:
    """It may have come with a site: no path in it leads out, and no link is published."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.html").write_text("not ours")
    links = tmp_path / ".public.broadsheet" / "staged-00000000" / "a"
    links.mkdir(parents=True)
    (links / "link").symlink_to(outside / "x.html")
    shutil.move(tmp_path / ".public.broadsheet", tmp_path / "kept")
    publish(FILES, tmp_path / "public")
    shutil.move(tmp_path / "kept", tmp_path / ".public.broadsheet")
    out = journalled_beside(tmp_path, plan)
    publish(FILES, out)
    assert [path.read_text() for path in outside.iterdir()] == ["not ours"]
    assert not [path for path in out.rglob("*") if path.is_symlink() or path.name == "x.html"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["outside", "public"]


def journalled_beside(tmp_path: Path, plan: Journal) -> Path:
    """The output, with this journal beside it."""
    journal.record(str(tmp_path / ".public.broadsheet"), plan)
    return tmp_path / "public"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"staging": 1, "before": 2}', '{"moves": [[1]]}', "[" * 100_000])
def test_a_journal_that_cannot_be_read_is_none(tmp_path: Path, text: str) -> None:
    """It is thrown away with what was staged."""
    out, workspace = tmp_path / "public", tmp_path / ".public.broadsheet"
    publish(FILES, out)
    (workspace / "staged-00000000").mkdir(parents=True)
    (workspace / "journal").write_text(text)
    publish(FILES, out)
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


def test_a_link_instead_of_the_workspace_is_refused(tmp_path: Path) -> None:
    """What it leads to is not emptied."""
    (tmp_path / "elsewhere" / "staged-00000000").mkdir(parents=True)
    (tmp_path / ".public.broadsheet").symlink_to(tmp_path / "elsewhere")
    assert refused(FILES, tmp_path / "public") == "output/not-writable"
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["staged-00000000"]


def test_the_repository_ignores_what_lies_beside_the_output() -> None:
    """A killed build leaves nothing that is committed by mistake."""
    ignored = (Path(__file__).parent.parent / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "/.public.broadsheet/" in ignored


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
