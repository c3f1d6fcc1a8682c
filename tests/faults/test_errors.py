"""Calls that fail, disks that are full or read-only, signals, pipes that close: a clear end, a whole site."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest

from tests import building
from tests.building import BUILD, Outcome
from tests.faults import harness
from tests.faults.harness import NOW, WITHIN, Call, Journey

ERRORS = harness.number("ERRORS", 30)
SIGNALS = max(20, ERRORS // 2)
FAILS = {
    "read": ("EIO",),
    "write": ("ENOSPC", "EIO", "EDQUOT"),
    "pwrite64": ("ENOSPC", "EIO"),
    "openat": ("ENOSPC", "EROFS", "EACCES", "EMFILE"),
    "mkdir": ("ENOSPC", "EROFS", "EACCES"),
    "rename": ("ENOSPC", "EIO", "EROFS", "EACCES"),
    "unlink": ("EIO", "EROFS", "EACCES"),
    "fsync": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO", "ENOSPC"),
    "ftruncate": ("ENOSPC", "EIO"),
}
"""Errors that calls end with, by the call's name without `at` and numbers."""
LASTING = ("mkdir", "rename", "fsync", "fdatasync", "ftruncate", "pwrite64")
"""Calls that may go on failing, as on a disk that stays full, without taking away what Python itself needs."""
CODES = {
    signal.SIGINT: {130, -signal.SIGINT},
    signal.SIGTERM: {130, 143, -signal.SIGTERM},
    signal.SIGHUP: {129, 130, -signal.SIGHUP},
}
"""What a build ends with that is interrupted, as a signal where Python itself was; 0 where it was done before."""
IGNORED = [number for number in CODES if signal.getsignal(number) is signal.SIG_IGN]
"""In the background Ctrl-C is ignored, and under nohup a terminal's end, by whatever the tests start too."""


def _plain(name: str) -> str:
    return "openat" if name == "openat" else name.removesuffix("2").removesuffix("at")


def _fails(call: Call) -> tuple[str, ...]:
    is_content = call.name == "read" and "/content/" in call.given
    return FAILS.get(_plain(call.name), ()) if call.is_writing or call.name == "openat" or is_content else ()


@pytest.mark.skipif(not harness.has_strace(), reason="there is no strace")
def test_calls_that_fail(going: Journey, capsys: pytest.CaptureFixture[str]) -> None:
    """Once or from then on: a problem that is said, or success all the same.

    Before the first move the output is as it was. When the disk is well again, so is the next build.
    """
    counts: Counter[str] = Counter()
    for n in range(ERRORS):
        to = going.elsewhere()
        calls = [call for call in going.traced(to) if _fails(call)]
        name = going.random.choice(sorted({call.name for call in calls}))
        call = going.random.choice([call for call in calls if call.name == name])
        error = going.random.choice(_fails(call))
        going.edit(to)
        is_lasting = n % 2 == 0 and _plain(call.name) in LASTING
        outcome = harness.inject(call, f"error={error}", going.arguments(), from_then_on=is_lasting)
        what = f"{error} from {call}{' on' if is_lasting else ''}: {outcome}"
        counts[f"{call.name} ended {outcome.code}"] += 1
        _is_clear(outcome, what)
        assert going.whole(to) == [], what
        if outcome.code == 0:
            assert building.differences(going.tree(), going.trees[to]) == [], what
        elif call.is_early and not is_lasting:
            assert building.differences(going.tree(), going.trees[going.at]) == [], what
        going.recover(to)
    with capsys.disabled():
        print(f"\ncalls that failed: {dict(sorted(counts.items()))}")


def _is_clear(outcome: Outcome, what: str) -> None:
    assert outcome.code in (0, 1, 2), what
    assert "Traceback" not in outcome.err, what
    assert "Exception ignored" not in outcome.err, what
    assert outcome.code == 0 or outcome.err.strip(), what


@pytest.mark.skipif(not harness.has_strace(), reason="there is no strace")
@pytest.mark.parametrize("number", CODES, ids=lambda number: number.name)
def test_signals_at_a_call(going: Journey, number: signal.Signals) -> None:
    """Wherever a build is when Ctrl-C, a service manager or a closing terminal ends it."""
    codes: Counter[int] = Counter()
    for _ in range(SIGNALS // len(CODES)):
        to = going.elsewhere()
        call = going.random.choice(going.traced(to))
        going.edit(to)
        outcome = harness.inject(call, f"signal={number.name}", going.arguments())
        codes[outcome.code] += 1
        _ended(going, to, number, outcome)
    assert number in IGNORED or codes.keys() - {0}


@pytest.mark.parametrize("number", CODES, ids=lambda number: number.name)
def test_signals_at_any_time(going: Journey, number: signal.Signals) -> None:
    """Once a process has begun to import: with two workers, the signal goes to all of them, as from a terminal."""
    for _ in range(SIGNALS // len(CODES)):
        to = going.elsewhere()
        going.edit(to)
        build = harness.start(going.arguments(), 2)
        time.sleep(0.25 + going.random.random() * 0.5)
        with suppress(ProcessLookupError):  # done already
            os.killpg(build.pid, number)
        out, err = build.communicate(timeout=WITHIN)
        _ended(going, to, number, Outcome(build.returncode, out, err))
        assert building.gone_within(build.pid, 10), "workers live on"


def _ended(going: Journey, to: int, number: signal.Signals, outcome: Outcome) -> None:
    assert outcome.code in CODES[number] | {0}, outcome
    assert "Traceback" not in outcome.err, outcome
    assert going.whole(to) == []
    going.recover(to)


def test_a_full_disk(going: Journey, tmp_path: Path) -> None:
    """On 1 MB, less than the site needs: it is said, and what is there stays; where disks can be mounted."""
    script = (
        'mount -t tmpfs -o size=1m none "$1" && mkdir "$1/public" && echo mine > "$1/public/CNAME" && shift && "$@"; '
        'code=$?; ls -A "$0" "$0/public" >&2; exit $code'
    )
    output = tmp_path / "public"
    (going.paper.root / "static/large.bin").write_bytes(bytes(1_500_000))
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, *[str(tmp_path)] * 2, *BUILD, *going.arguments(), "-o", str(output)],
        capture_output=True, text=True, check=False, timeout=WITHIN,
    ) if shutil.which("unshare") else None  # fmt: skip
    (going.paper.root / "static/large.bin").unlink()
    if done is None or "mount:" in done.stderr or "unshare:" in done.stderr:
        pytest.skip("nothing can be mounted here")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "No space left on device" in done.stderr
    said, _, listed = done.stderr.partition(f"{tmp_path}:\n")
    assert "output/" in said
    assert listed.split() == ["public", f"{tmp_path}/public:", "CNAME"], "something was left on the full disk"
    going.recover(going.at)


@pytest.mark.parametrize("what", ["files", "folder"])
def test_a_read_only_output(going: Journey, what: str) -> None:
    """Permissions forbid to write into it: it is said, and it is as it was."""
    to = going.elsewhere()
    command = building.without_privileges([*BUILD, *going.arguments()])
    if command is None:
        pytest.skip("permissions bind nobody here")
    going.edit(to)
    folders = [going.paper.public, *(p for p in going.paper.public.rglob("*") if p.is_dir())]
    if what == "folder":
        folders = [going.paper.root]
    for folder in folders:
        folder.chmod(0o555)
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=WITHIN)
    for folder in folders:
        folder.chmod(0o755)
    outcome = Outcome(done.returncode, done.stdout, done.stderr)
    _is_clear(outcome, str(outcome))
    assert outcome.code == (1 if what == "files" else outcome.code)
    if outcome.code:
        assert building.differences(going.tree(), going.trees[going.at]) == []
    going.recover(to)


def test_an_output_whose_parents_are_missing(going: Journey, tmp_path: Path) -> None:
    """They are made; a file in the way is a problem."""
    output = tmp_path / "a" / "b" / "public"
    assert building.process(*going.arguments(), "-o", str(output)).code == 0
    assert building.differences(building.files(output), going.trees[going.at]) == []
    (tmp_path / "file").write_text("mine")
    outcome = building.process(*going.arguments(), "-o", str(tmp_path / "file" / "public"))
    _is_clear(outcome, str(outcome))
    assert outcome.code in (1, 2)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("closed", ["1", "2", "1,2", "0,1,2"])
def test_closed_streams(going: Journey, closed: str) -> None:
    """Nobody listens from the start."""
    to = going.elsewhere()
    going.edit(to)
    redirections = " ".join(f"{stream}>&-" for stream in closed.split(","))
    done = subprocess.run(
        ["sh", "-c", f'"$@" {redirections}', "sh", *BUILD, *going.arguments()],
        capture_output=True, text=True, check=False, timeout=WITHIN,
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 0
    assert building.differences(going.tree(), going.trees[to]) == []
    going.recover(to)


@pytest.mark.parametrize("reader", ["true", "head -c 1", "sleep 0.1"])
def test_a_pipe_that_closes(going: Journey, reader: str) -> None:
    """Whoever listened has gone: the build goes on, and no traceback is on standard error."""
    to = going.elsewhere()
    going.edit(to)
    done = subprocess.run(
        ["bash", "-c", f'set -o pipefail; "$@" --verbose | {reader}', "bash", *BUILD, *going.arguments()],
        capture_output=True, text=True, check=False, timeout=WITHIN,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert building.differences(going.tree(), going.trees[to]) == []
    going.recover(to)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_for_what_is_said(going: Journey) -> None:
    """Standard output cannot be written: the site is published all the same, and nothing is thrown."""
    to = going.elsewhere()
    going.edit(to)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*BUILD, *going.arguments()], stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=WITHIN
        )
    assert "Traceback" not in done.stderr
    assert building.differences(going.tree(), going.trees[to]) == []
    going.recover(to)


def test_dangerous_outputs_are_refused(going: Journey) -> None:
    """The site's own folder, its sources, what holds it, and the root: nothing is touched."""
    root = going.paper.root
    before = building.times(root)
    for output in (root, root / "content", root / "content/articles/new", root / "static", root.parent, Path("/")):
        outcome = building.process("build", "-s", str(root), "-o", str(output), "--now", NOW)
        assert outcome.code == 2, output
        assert "output/dangerous" in outcome.err
    assert {path: when for path, when in building.times(root).items() if not path.startswith(".cache")} == {
        path: when for path, when in before.items() if not path.startswith(".cache")
    }
