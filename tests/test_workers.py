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
