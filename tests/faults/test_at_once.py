"""Several builds of one site at once, and files that change meanwhile: no file is ever torn, the last word is right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

import pytest

from tests import building
from tests.building import MANIFEST
from tests.faults import harness
from tests.faults.harness import WITHIN, Journey

ROUNDS = harness.number("ROUNDS", 3)
AT_ONCE = 4


def test_four_builds_at_once(going: Journey, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the same site and output; in every second round the sources change after two have begun.

    All end well, and the output is that of the last state without another build.
    """
    said: set[str] = set()
    for n in range(ROUNDS):
        states = [going.elsewhere(), going.elsewhere()]
        going.edit(states[0])
        with reading(going, {going.at, *states}, may_see_halves=n % 2 == 1) as torn:
            begun = [harness.start(going.arguments(), 1 + n % 2) for _ in range(2)]
            time.sleep(going.random.random() * 0.4)
            if n % 2:
                going.edit(states[1])
            begun += [harness.start(going.arguments(), 1) for _ in range(AT_ONCE - 2)]
            for build in begun:
                out, err = build.communicate(timeout=WITHIN)
                _check(build, out, err, may_see_halves=n % 2 == 1)
                said |= {line for line in err.splitlines() if not line.startswith("content/")}
        assert torn == []
        to = states[n % 2]
        assert building.differences(going.tree(), going.trees[to]) == []
        going.recover(to)
    with capsys.disabled():
        print(f"\n{ROUNDS} rounds of {AT_ONCE} builds; said to those that waited: {sorted(said)}")


def _check(build: subprocess.Popen[str], out: str, err: str, *, may_see_halves: bool) -> None:
    """It ended well; or, where files changed while it read them, with problems: it may have seen half of two states."""
    assert "Traceback" not in err, err
    assert build.returncode == 0 or (may_see_halves and build.returncode == 1), (build.returncode, out, err)


def _has_its_end(path: str, data: bytes) -> bool:
    if path.endswith(".json"):
        return bool(json.loads(data))
    ends = {".html": (b"</html>\n", b"Weir Paper"), ".xml": (b">\n",), ".txt": (b"\n",)}
    return data.endswith(ends.get(PurePosixPath(path).suffix, ()))


@contextmanager
def reading(going: Journey, states: set[int], *, may_see_halves: bool = False) -> Iterator[list[str]]:
    """Read the output again and again meanwhile, as a web server does: what was torn.

    Each file is that of one of the states. Where builds may see half of two states of the sources, a page may show half
    of both, and is whole where it has its end.
    """
    torn: list[str] = []
    is_over = threading.Event()
    whole: dict[str, set[bytes]] = {}
    for state in states:
        for path, data in going.trees[state].items():
            whole.setdefault(path, set()).add(data)

    def read() -> None:
        while not is_over.is_set():
            for path in whole.keys() - {MANIFEST}:
                try:
                    data = (going.paper.public / path).read_bytes()
                except (FileNotFoundError, NotADirectoryError):
                    continue
                if data not in whole[path] and not (may_see_halves and _has_its_end(path, data)):
                    torn.append(path)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield torn
    finally:
        is_over.set()
        thread.join()


def test_a_file_that_changes_while_it_is_read(going: Journey) -> None:
    """An article is written again and again during a build, always as long: the next build is right."""
    file = going.paper.root / "content/articles/2024/03/council.md"
    for _ in range(ROUNDS):
        going.edit(going.at)
        build = harness.start(going.arguments(), 1)
        text = file.read_text()
        while build.poll() is None:
            file.write_text(text.replace("Nobody", "Nobudy") if going.random.random() < 0.5 else text)
            time.sleep(going.random.random() * 0.01)
        build.communicate()
        file.write_text(text)
        going.recover(going.at)


@pytest.mark.skipif(not harness.has_strace(), reason="there is no strace")
def test_a_build_that_is_held_up(going: Journey) -> None:
    """While one is stopped amid its moves, another waits or says that it may not; both end, and no file was torn."""
    to = going.elsewhere()
    moves = [call for call in going.traced(to) if call.name.startswith("rename")]
    going.edit(to)
    call = moves[len(moves) // 2]
    command = [
        *("strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call.name}"),
        *("-e", f"inject={call.name}:signal=SIGSTOP:when={call.count}"),
        *building.BUILD, *going.arguments(), *building.jobs(1),
    ]  # fmt: skip
    held = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    time.sleep(2)
    second = harness.start(going.arguments(), 1)
    time.sleep(1)
    assert going.whole(to) == []
    os.killpg(held.pid, signal.SIGCONT)
    _, first_err = held.communicate(timeout=WITHIN)
    _, second_err = second.communicate(timeout=WITHIN)
    assert held.returncode == 0, first_err
    assert second.returncode == 0 or second_err.strip(), second_err
    assert "Traceback" not in first_err + second_err
    going.recover(to)
