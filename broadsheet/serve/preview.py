"""A preview from its beginning to Ctrl-C: build, show, wait for an edit.

It builds into a folder of its own, with the server's address in the place of that of `base_url`, whose path stays. What
stands in `public/` is for the world, and a preview never touches it.
"""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from broadsheet.build import engine
from broadsheet.build.content import Progress
from broadsheet.build.engine import Options, Report
from broadsheet.build.inputs import theme_folders
from broadsheet.build.last import glance
from broadsheet.build.publish import manifest
from broadsheet.build.settings import load_config
from broadsheet.config import Config
from broadsheet.problem import Problem
from broadsheet.serve.server import Server
from broadsheet.serve.state import Board, State
from broadsheet.serve.watch import sources, watch

FOLDER = Path(".cache", "preview")
"""In the site's folder: it lasts from one preview to the next, so that only what changed is written, and `clean`
removes it."""
LONGEST_WAIT = 86_400.0


class Built(Struct, frozen=True):
    """What a build of the preview came to."""

    state: State
    report: Report | None
    """None where the build failed by a bug."""
    seconds: float


class Listener(Protocol):
    """Whoever started a preview."""

    def progress(self, stage: str, done: int, total: int) -> None:
        """A stage's state (`Progress`)."""

    def built(self, built: Built) -> None:
        """After each build."""

    def watching(self, how: str) -> None:
        """Once, and again where that changes: how edits are seen, a sentence."""


def run(
    options: Options,
    server: Server,
    listener: Listener,
    clock: Callable[[], datetime],
    *,
    is_polling: bool = False,
) -> None:
    """Build and serve until an interrupt, which is raised. `options.base_url`, where there is one, stays as it is."""
    changed = threading.Event()
    watched = sources(options.source, options.config, theme_folders(options.source))
    stop = watch(watched, changed, is_polling=is_polling, say=listener.watching)
    threading.Thread(target=server.serve_forever, args=(0.1,), name="serve", daemon=True).start()
    try:
        while True:
            changed.clear()
            built = rebuild(replace(options, now=clock()), server.board.state, server.origin, listener.progress)
            server.board.show(built.state)
            listener.built(built)
            changed.wait(_seconds_until_due(built.report, clock()))
    finally:
        stop()
        server.shutdown()
        server.server_close()


def _seconds_until_due(report: Report | None, now: datetime) -> float:
    """Until an article that is held back falls due; a day where none does."""
    dates = report.future if report else ()
    return min([LONGEST_WAIT, *(max(0.05, (date - now).total_seconds()) for date in dates[:1])])


def rebuild(options: Options, before: State, origin: str, progress: Progress) -> Built:
    """Build, and say what there is to be seen after it. What was there stays where the build comes to nothing."""
    started = time.perf_counter()
    try:
        options = replace(options, base_url=options.base_url or _base_url(options.config, origin))
        report = _build(options, progress)
    except Exception as error:  # noqa: BLE001 -- the server lives on, and page and terminal show the bug
        traceback.print_exc()
        state = replace(before, number=_after(before.number), problems=(_bug(error),))
        return Built(state, None, time.perf_counter() - started)
    return Built(_seen(report, options, before), report, time.perf_counter() - started)


def _build(options: Options, progress: Progress) -> Report:
    seen = glance(options.asked, options.now)
    return engine.build(replace(options, with_cache=True, seen=seen), progress)


def _base_url(file: Path, origin: str) -> str | None:
    """The server's address with the path of the site's own; None where the configuration has problems."""
    config = load_config(file)
    return origin + config.base_path if isinstance(config, Config) else None


def _seen(report: Report, options: Options, before: State) -> State:
    number = _after(before.number)
    if report.published is None:
        return replace(before, number=number, problems=report.problems)
    changed = report.published.changed
    is_same = before.files is not None and not report.published.removed and before.files.issuperset(changed)
    return State(
        output=options.output,
        number=number,
        base_path=urlsplit(options.base_url or "").path or "/",
        files=before.files if is_same else frozenset(manifest(options.output)),
        touched={**before.touched, **{file: number for file in changed if not file.endswith(".html")}},
        problems=report.problems,
    )


def _after(number: int) -> int:
    return max(number + 1, time.time_ns() // 1_000_000)


def _bug(error: Exception) -> Problem:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    message = f"{type(error).__name__}: {error}".rstrip(".")
    remedy = "This is a bug of Broadsheet's. Please report it with what the terminal shows; the next edit builds again"
    return Problem(frame.filename, frame.lineno or 1, 1, "broadsheet/bug", message, remedy)


def start(host: str, port: int, output: Path, *, is_reloading: bool = True) -> Server:
    """A server with nothing to be seen yet. Raises OSError where it cannot have its address."""
    return Server(host, port, Board(State(output=output)), is_reloading=is_reloading)
