"""`serve`."""

from __future__ import annotations

import argparse
import errno
import sys
import time
import webbrowser
from functools import partial
from typing import TYPE_CHECKING

from broadsheet.cli.console import DONE, Meter, now, plural, print_problems, refuse
from broadsheet.problem import printable

if TYPE_CHECKING:
    from broadsheet.build.engine import Report
    from broadsheet.serve.preview import Built


def serve(args: argparse.Namespace) -> int:
    """Preview the site until Ctrl-C, which is how a preview ends: so the exit code is 0."""
    from broadsheet.build.engine import Options
    from broadsheet.build.garbage import relax
    from broadsheet.serve import preview
    from broadsheet.serve.server import LOOPBACK

    relax()
    output = args.output or args.source / preview.FOLDER
    try:
        server = preview.start(args.host, args.port, output, is_reloading=not args.no_reload)
    except (OSError, UnicodeError) as error:
        return refuse(_unavailable(args.host, args.port, error))
    teller = _Teller(args, server.origin)
    if args.host not in (*LOOPBACK, "::1"):
        teller.say("Whoever can reach this machine at that host can read the preview, drafts too.")
    options = Options(
        source=args.source,
        config=args.config or args.source / "config.yaml",
        output=output,
        now=now(args.now),
        base_url=args.base_url,
        drafts=args.drafts,
        future=args.future,
        keep_going=args.keep_going,
    )
    try:
        preview.run(options, server, teller, partial(now, args.now), is_polling=args.poll)
    except KeyboardInterrupt:
        teller.say("\nThe preview has ended.")
    return DONE


def _unavailable(host: str, port: int, error: OSError | UnicodeError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken, perhaps by another preview. Name another with --port, or 0 for any that is free."
    reason = error.strerror if isinstance(error, OSError) else "it is no host's name"
    return printable(f"Nothing can be served at {host}, port {port}: {reason}. Name others with --host and --port.")


class _Teller:
    """Says what each build came to, and where to look."""

    def __init__(self, args: argparse.Namespace, origin: str) -> None:
        self._args = args
        self._origin = origin
        self._address = ""
        self._meter = Meter(bool(sys.stderr and sys.stderr.isatty()) and not args.quiet)

    def progress(self, stage: str, done: int, total: int) -> None:
        self._meter.show(stage, done, total)

    def built(self, built: Built) -> None:
        self._meter.clear()
        print_problems(built.state.problems, "text")
        if built.report is not None and built.report.published is not None:
            self._say_built(built.report, built.seconds)
        elif not self._args.quiet:
            before = "Nothing" if built.state.files is None else "What was built before"
            self.say(f"{before} is shown until this is mended.")
        address = self._origin + built.state.base_path
        if address == self._address:
            return
        is_first, self._address = not self._address, address
        self.say(f"Look at it at {address} and press Ctrl-C when done.")
        if is_first and self._args.open:
            webbrowser.open(address)

    def watching(self, how: str) -> None:
        if self._args.verbose:
            self.say(how)

    def say(self, text: str) -> None:
        if not self._args.quiet:
            print(text, flush=True)

    def _say_built(self, report: Report, seconds: float) -> None:
        held = [
            f"{number} {plural(number, noun)} held back"
            for number, noun in ((report.drafts, "draft"), (len(report.future), "future article"))
            if number
        ]
        done = report.published
        assert done is not None
        if self._args.verbose:
            for file in done.changed:
                self.say(f"Wrote {printable(file)}")
        counted = (
            f"{report.articles} {plural(report.articles, 'article')}: {done.written} of {done.files} files written"
        )
        self.say(f"{time.strftime('%H:%M:%S')} Built {', '.join([counted, *held])}, in {seconds:.3f} s")
