"""The processes that share the work of a build."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys

import pytest

AT_WORK = """
import operator, time
from broadsheet.build.workers import Crew

if __name__ == "__main__":
    with Crew(2) as crew:
        print(list(crew.each(operator.mul, 2, range(9))), flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="asks for SIGKILL")
@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_workers_end_with_the_process_that_began_them(method: str) -> None:
    """Also where it is killed: they do not wait for ever, nor keep whoever reads its output waiting."""
    begun = subprocess.Popen(
        [sys.executable, "-c", AT_WORK],
        env={**os.environ, "BROADSHEET_START_METHOD": method},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert begun.stdout is not None
        assert begun.stdout.readline() == "[0, 2, 4, 6, 8, 10, 12, 14, 16]\n"
        begun.kill()
        assert begun.communicate(timeout=20) == ("", None)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(begun.pid, signal.SIGKILL)


INTERRUPTED = """
import operator, os, signal
from concurrent.futures import process
from broadsheet.build.workers import Crew

start = process._ExecutorManagerThread.start

def interrupted(self):
    os.killpg(0, signal.SIGINT)
    start(self)

process._ExecutorManagerThread.start = interrupted
try:
    with Crew(2) as crew:
        list(crew.each(operator.mul, 2, range(9)))
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="needs signals that can be held back")
def test_an_interrupt_while_workers_begin_is_nothing_else() -> None:
    """Ctrl-C goes to the workers too, which say nothing of it."""
    command = [sys.executable, "-c", INTERRUPTED]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, start_new_session=True, preexec_fn=_heeding
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted\n", "")


def _heeding() -> None:
    """In the background Ctrl-C is ignored, by whatever is begun there too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
