"""Publishing that is killed, refused by the system, or wanted by two at once.

Kills are real: a process forks a child for each call to the system that a build makes, and the child dies at that call.
What it left is then looked at here: every file is whole, the next run makes the output exactly what it is to be, and
nothing else remains.
"""

from __future__ import annotations

import errno
import fcntl
import io
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from broadsheet.build import journal
from broadsheet.build import publish as press_room
from broadsheet.build.manifest import Manifest
from broadsheet.build.publish import MANIFEST, PublishError, is_pending, publishing

ROOT = Path(__file__).parent.parent
Files = dict[str, bytes]
OLD: Files = {
    "index.html": b"old home, 2024/01/a 2024/01/b",
    "2024/01/a/index.html": b"old a",
    "2024/01/b/index.html": b"b, which goes",
    "2024/01/b/picture.png": b"a picture that goes",
    "kept.txt": b"the same",
    "feed.xml": b"old feed",
    "theme/style.css": b"old style",
    "file": b"a file that becomes a folder",
    "folder/index.html": b"a folder that becomes a file",
    "folder/deep/er/index.html": b"and what is deep in it",
}
NEW: Files = {
    "index.html": b"new home, 2024/01/a 2024/02/c",
    "2024/01/a/index.html": b"new a",
    "2024/01/a/picture.png": b"a picture that comes",
    "2024/02/c/index.html": b"c, which comes",
    "2024/02/c/picture.png": b"with a picture",
    "kept.txt": b"the same",
    "feed.xml": b"new feed",
    "topics/sea/index.html": b"a listing that comes",
    "theme/style.css": b"new style",
    "theme/new.css": b"another style",
    "file/index.html": b"a folder that was a file",
    "folder": b"a file that was a folder",
}
BEFORE: dict[str, Files | None] = {"no output": None, "an empty one": {}, "a site": OLD}
WRITING = ("mkdir", "open", "write", "fsync", "close", "rename", "replace", "unlink", "rmdir", "ftruncate")
READING = ("lstat", "stat", "fstat", "read", "scandir", "listdir")


@pytest.fixture(autouse=True)
def _disk_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut is not tried here, and a thousand builds are."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


def publish(files: Files, out: Path) -> None:
    """Publish a site."""
    with publishing(out) as press:
        changed = [file for file, data in files.items() if press.put(file, data)]
        press.commit(files, changed, {"index.html": "id"})


def found(out: Path) -> Files:
    """All that is there, by path; folders, too, each with a name that ends with `/`."""
    paths = {path.relative_to(out).as_posix(): path for path in out.rglob("*")}
    return {
        f"{name}/" if path.is_dir() else name: b"" if path.is_dir() else path.read_bytes()
        for name, path in paths.items()
    }


def whole(files: Files | None) -> Files:
    """What is found where exactly this site is published."""
    if not files:
        return {}
    folders = {f"{parent.as_posix()}/": b"" for file in files for parent in [*Path(file).parents][:-1]}
    return {**folders, **files, MANIFEST: bytes(Manifest(frozenset(files), {"index.html": "id"}))}


def plain(files: Files) -> Files:
    """Without folders."""
    return {name: data for name, data in files.items() if not name.endswith("/")}


def prepare(folder: Path, before: Files | None) -> Path:
    """An output, alone in a folder."""
    folder.mkdir(parents=True)
    out = folder / "public"
    if before:
        publish(before, out)
    elif before is not None:
        out.mkdir()
    return out


def assert_whole(out: Path, before: Files | None) -> None:
    """Each file is one of the old or of the new site; without an old site, all is there or nothing."""
    old, new, now = whole(before), whole(NEW), found(out)
    if before:
        assert [name for name, data in plain(now).items() if data not in (old.get(name), new.get(name))] == []
    else:
        assert now in (old, new)


def assert_mended(out: Path, before: Files | None, of: Callable[[Files], Files] = dict) -> None:
    """A run that publishes nothing makes it one of the two sites, the next the new one; nothing else is left."""
    with publishing(out):
        pass
    assert of(found(out)) in (of(whole(before)), of(whole(NEW)))
    publish(NEW, out)
    assert of(found(out)) == of(whole(NEW))
    assert [path.name for path in out.parent.iterdir()] == ["public"]
    assert not is_pending(out)


KILLER = """
import os, signal, sys
from pathlib import Path
from tests.test_faults_publishing import NEW, WRITING, publish

def deadly(name):
    real = getattr(os, name)
    def call(*given, **named):
        global left
        left -= 1
        if left == 0:
            if name == "write":
                real(given[0], given[1][: len(given[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*given, **named)
    return call

os.fsync = lambda _: None
for left, out in enumerate(sys.argv[1:], 1):
    child = os.fork()
    if child == 0:
        for name in WRITING:
            setattr(os, name, deadly(name))
        publish(NEW, Path(out))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), status
    print(status, flush=True)
"""
"""Publishes to the outputs that it is given: is killed in the first at its first call, in the next at its second…"""


def killed(make: Callable[[str], Path]) -> list[Path]:
    """Outputs, made by `make`, one for each call at which a build was killed."""
    untouched = make("untouched")
    with failing(0, 0, WRITING) as calls:
        publish(NEW, untouched)
    outputs = [make(str(at)) for at in range(1, calls[0] + 2)]
    command = [sys.executable, "-c", KILLER, *map(str, outputs)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    statuses = [int(line) for line in done.stdout.splitlines()]
    assert statuses == [9] * calls[0] + [0]
    return outputs[:-1]


@pytest.mark.parametrize("before", BEFORE)
def test_a_kill_at_any_call_leaves_every_file_whole(tmp_path: Path, before: str) -> None:
    """And the next run ends what was begun, or begins again."""
    outputs = killed(lambda name: prepare(tmp_path / name, BEFORE[before]))
    between = {tuple(found(out).items()) for out in outputs}
    assert len(between) > 10 if before == "a site" else len(between) == 2
    for out in outputs:
        assert_whole(out, BEFORE[before])
        assert_mended(out, BEFORE[before])


def test_a_kill_of_the_run_that_mends_a_kill_leaves_every_file_whole(tmp_path: Path) -> None:
    """However often that happens."""
    outputs = killed(lambda name: prepare(tmp_path / "once" / name, OLD))
    begun = [out for out in outputs if (out.parent / ".public.broadsheet" / journal.NAME).exists()]
    assert len(begun) > 15
    for out in begun[:: len(begun) // 3]:
        for twice in killed(lambda name, out=out: copied(out, tmp_path / "twice" / out.parent.name / name)):  # type: ignore[misc]
            assert_whole(twice, OLD)
            assert_mended(twice, OLD)


def copied(out: Path, folder: Path) -> Path:
    """An output with all that lies beside it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(out.parent), str(folder)], check=True)
    return folder / "public"


@contextmanager
def failing(number: int, at: int, names: tuple[str, ...], is_lasting: bool = False) -> Iterator[list[int]]:
    """The call of that number among these of `os` fails, and where it lasts, those after it; how many there were."""
    calls = [0]

    def broken(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object, **named: object) -> object:
            calls[0] += 1
            if calls[0] == at or (is_lasting and 0 < at < calls[0]):
                if name == "close":  # which closes even so
                    real(*given)
                raise OSError(number, os.strerror(number), *[str(it) for it in given[:1] if isinstance(it, str | Path)])
            return real(*given, **named)

        return call

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(press_room, "_PAUSES", (0.0, 0.0, 0.0))
        for name in names:
            patched.setattr(os, name, broken(name, getattr(os, name)))
        if "read" in names:
            patched.setattr(io, "open", broken("open", io.open))
        yield calls


NUMBERS = [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.EROFS, errno.EACCES]


@pytest.mark.parametrize("names", [WRITING, READING], ids=["writing", "reading"])
@pytest.mark.parametrize("is_lasting", [False, True], ids=["once", "from then on"])
@pytest.mark.parametrize("before", BEFORE)
def test_an_error_at_any_call_is_a_problem_and_changes_nothing(
    tmp_path: Path, before: str, is_lasting: bool, names: tuple[str, ...]
) -> None:
    """The output is as it was; or the new one, where that can be had even so; or is said to be between the two."""
    rules = set()
    at, is_over = 0, False
    while not is_over:
        at += 1
        out = prepare(tmp_path / str(at), BEFORE[before])
        with failing(NUMBERS[at % len(NUMBERS)], at, names, is_lasting) as calls:
            rule = attempted(out)
        is_over = calls[0] < at
        rules.add(rule)
        if rule == "output/unfinished":
            assert_whole(out, BEFORE[before])
        else:
            assert plain(found(out)) == plain(whole(NEW if rule == "" else BEFORE[before]))
        assert_mended(out, BEFORE[before], plain)
    can_break_off = before == "a site" and is_lasting
    assert rules - {"output/unfinished"} == {"", "output/not-writable"}
    assert ("output/unfinished" in rules) == can_break_off


def attempted(out: Path) -> str:
    """The rule of the problem that there is, if there is one."""
    try:
        publish(NEW, out)
    except PublishError as error:
        return error.problem.rule
    return ""


@pytest.mark.parametrize("number", NUMBERS, ids=errno.errorcode.get)
def test_what_cannot_be_moved_for_now_is_moved_by_the_next_build(tmp_path: Path, number: int) -> None:
    """The problem says that the site is between two states, why, and what to do; the first build after it ends that."""
    out = prepare(tmp_path / "site", OLD)
    with failing(number, 4, ("replace",), is_lasting=True), pytest.raises(PublishError) as caught:
        publish(NEW, out)
    problem = caught.value.problem
    assert caught.value.is_unfinished
    assert (problem.path, problem.rule) == (str(out), "output/unfinished")
    assert "part old and part new" in problem.message
    assert os.strerror(number) in problem.message
    assert is_pending(out)
    assert_whole(out, OLD)
    with publishing(out):
        assert found(out) == whole(NEW)


def test_a_disk_that_cannot_be_flushed_is_a_problem_before_anything_is_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many files are flushed at once; some file systems tell only then that there is no room."""
    out = prepare(tmp_path / "site", OLD)
    monkeypatch.setattr(journal, "_FEW", 0)
    publish({**OLD, "index.html": b"one more"}, out)
    before = found(out)

    def full(_: str) -> None:
        raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT))

    monkeypatch.setattr(journal, "_flush_all", full)
    assert attempted(out) == "output/not-writable"
    assert found(out) == before


HOLDER = """
import os, sys, time
from pathlib import Path
from broadsheet.build.publish import publishing
with publishing(Path(sys.argv[1]), lambda pid: print("waits for", pid, flush=True)) as press:
    press.put("index.html", sys.argv[2].encode())
    if sys.argv[2] == "forks" and os.fork() == 0:
        os.close(1)
        time.sleep(20)
        os._exit(0)
    print("holds", flush=True)
    sys.stdin.readline()
    press.commit(["index.html"], ["index.html"])
"""


@contextmanager
def holder(out: Path, word: str) -> Iterator[subprocess.Popen[str]]:
    """A process that publishes `word`, and goes on from 'holds' when a line is written to it."""
    command = [sys.executable, "-c", HOLDER, str(out), word]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        process.kill()


def said(process: subprocess.Popen[str]) -> str:
    """The next line that it prints."""
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def go_on(process: subprocess.Popen[str]) -> int:
    """Let it end."""
    process.communicate("\n")
    return process.returncode


def test_a_second_build_says_that_it_waits_and_then_goes_on(tmp_path: Path) -> None:
    """It stages nothing before the first has ended; both are whole, and the last one is what stays."""
    out = tmp_path / "public"
    with holder(out, "first") as first:
        assert said(first) == "holds"
        with holder(out, "second") as second:
            assert said(second) == f"waits for {first.pid}"
            assert len(list((tmp_path / ".public.broadsheet").glob("staged-*"))) == 1
            assert go_on(first) == 0
            assert said(second) == "holds"
            assert (out / "index.html").read_text() == "first"
            assert go_on(second) == 0
    assert (out / "index.html").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


@pytest.mark.parametrize("word", ["first", "forks"])
def test_a_dead_holder_is_followed_by_who_waits(tmp_path: Path, word: str) -> None:
    """Killed, it holds nothing, even where a process that it forked lives on; what it staged is thrown away."""
    out = tmp_path / "public"
    with holder(out, word) as first:
        assert said(first) == "holds"
        with holder(out, "second") as second:
            assert said(second) == f"waits for {first.pid}"
            first.kill()
            assert said(second) == "holds"
            assert go_on(second) == 0
    assert (out / "index.html").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


CONTENDER = """
import os, sys
from pathlib import Path
from broadsheet.build.publish import publishing
out = Path(sys.argv[1])
for n in range(12):
    with publishing(out) as press:
        flag = os.open(out.parent / "inside", os.O_CREAT | os.O_EXCL)  # fails where another is inside
        files = {f"{name}.html": f"{os.getpid()} {n}".encode() for name in "abc"}
        press.commit(files, [file for file, data in files.items() if press.put(file, data)])
        assert len({path.read_bytes() for path in out.glob("*.html")}) == 1
        os.unlink(out.parent / "inside")
        os.close(flag)
"""


def test_many_builds_at_once_never_meet(tmp_path: Path) -> None:
    """Though each removes the lock's file at its end, while others wait for it or make it anew."""
    command = [sys.executable, "-c", CONTENDER, str(tmp_path / "public")]
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(5)]
    assert [process.communicate()[1] for process in running] == [""] * 5
    assert [path.name for path in tmp_path.iterdir()] == ["public"]


def test_threads_of_one_process_never_meet(tmp_path: Path) -> None:
    """The system's locks are for processes."""
    inside, most, waited = [], [], []

    def contend() -> None:
        for _ in range(5):
            with publishing(tmp_path / "public", waited.append):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.002)
                inside.pop()

    threads = [threading.Thread(target=contend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 20
    assert set(waited) == {os.getpid()}
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_locks_is_locked_for_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock then lies among the temporary files."""
    real, refusals = fcntl.lockf, [errno.ENOLCK]

    def without(file: int, *given: int) -> None:
        if refusals:
            raise OSError(refusals.pop(), "No locks available")
        real(file, *given)

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(fcntl, "lockf", without)
    out = tmp_path / "site" / "public"
    with publishing(out) as press:
        assert len(list((tmp_path / "temporary").iterdir())) == 1
        assert [path.name for path in (out.parent / ".public.broadsheet").iterdir()] == [press.staging.name]
        press.put("index.html", b"home")
        press.commit(["index.html"], ["index.html"])
    assert list((tmp_path / "temporary").iterdir()) == []
    assert [path.name for path in out.parent.iterdir()] == ["public"]
