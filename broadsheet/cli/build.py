"""`build` and `clean`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from broadsheet.cli.console import DONE, LEFT_OUT, PROBLEMS, USAGE, Meter, now, output, plural, print_problems
from broadsheet.problem import printable

if TYPE_CHECKING:
    from broadsheet.build.engine import Report


def build(args: argparse.Namespace) -> int:
    """Build the site, and publish it unless there are problems."""
    from broadsheet.build import engine

    started = time.perf_counter()
    meter = Meter(sys.stderr.isatty() and not args.quiet)
    options = engine.Options(
        source=args.source,
        config=args.config or args.source / "config.yaml",
        output=output(args),
        now=now(args.now),
        base_url=args.base_url,
        drafts=args.drafts,
        future=args.future,
        keep_going=args.keep_going,
    )
    report = engine.build(options, meter.show)
    meter.clear()
    print_problems(report.problems, args.format)
    if report.published is None:
        if args.format == "text":
            count = len(report.problems)
            print(f"{count} {plural(count, 'problem')}; nothing was published.", file=sys.stderr)
        return USAGE if report.is_misconfigured else PROBLEMS
    if not args.quiet and args.format == "text":
        _print_held_back(report)
        done = report.published
        if args.verbose and done.changed:
            print("\n".join(f"Wrote {printable(file)}" for file in done.changed))
        print(
            f"Built {report.articles} {plural(report.articles, 'article')}: {done.files} files, "
            f"{done.written} written, in {time.perf_counter() - started:.2f} s"
        )
    return LEFT_OUT if report.left_out else DONE


def _print_held_back(report: Report) -> None:
    if report.left_out:
        print(f"Left out {report.left_out} {plural(report.left_out, 'file')} with problems")
    if report.future:
        number = len(report.future)
        when = report.future[0].strftime("%Y-%m-%dT%H:%M:%SZ")
        print(f"Held back {number} future {plural(number, 'article')}; build again at {when}")
    if report.drafts:
        print(f"Held back {report.drafts} {plural(report.drafts, 'draft')}; 'list drafts' names them")


def clean(args: argparse.Namespace) -> int:
    """Remove what was built."""
    import shutil

    from broadsheet.build.publish import clean

    removed = clean(output(args))
    shutil.rmtree(args.source / ".cache", ignore_errors=True)
    print(f"Removed {removed} {plural(removed, 'file')} from {output(args)}")
    return DONE
