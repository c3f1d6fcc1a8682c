"""`build` and `clean`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from broadsheet.cli.console import DONE, LEFT_OUT, PROBLEMS, USAGE, Meter, now, output, plural, print_problems, refuse
from broadsheet.problem import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from broadsheet.build.engine import Options, Report
    from broadsheet.build.last import Asked, Glance


def build(args: argparse.Namespace) -> int:
    """Build the site, and publish it unless there are problems."""
    from broadsheet.build.last import Asked, glance

    started = time.perf_counter()  # of this verb: what came before is Python's start
    config = args.config or args.source / "config.yaml"
    asked = Asked(args.source, config, output(args), args.base_url, args.drafts, args.future)
    moment = now(args.now)
    seen = None if args.no_cache or args.profile else glance(asked, moment)
    last = seen.unchanged if seen else None
    if last is None:
        return _build(args, asked, moment, seen, started)
    if not args.quiet and args.format == "text":
        _print_held_back(0, last.drafts, last.future)
        _print_built(last.articles, last.files, 0, started)
    elif args.format == "json":
        print_problems((), args.format)
    return DONE


def _build(args: argparse.Namespace, asked: Asked, moment: datetime, seen: Glance | None, started: float) -> int:
    from broadsheet.build import engine
    from broadsheet.build.profile import Profile
    from broadsheet.build.workers import cores

    meter = Meter(bool(sys.stderr and sys.stderr.isatty()) and not args.quiet)
    profile = Profile(names_articles=args.profile)
    profile.stages["start"] = time.perf_counter() - started
    options = engine.Options(
        profile=profile,
        **asked._asdict(),
        now=moment,
        keep_going=args.keep_going,
        jobs=args.jobs or cores(),
        with_cache=not args.no_cache,
        seen=seen,
        on_wait=_wait,
    )
    report = _build_far(options, args.executor, meter) if args.executor else engine.build(options, meter.show)
    meter.clear()
    if isinstance(report, str):
        return refuse(report)
    print_problems(report.problems, args.format)
    if report.published is None:
        if args.format == "text":
            count = len(report.problems)
            print(f"{count} {plural(count, 'problem')}; nothing was published.", file=sys.stderr)
        return USAGE if report.is_misconfigured else PROBLEMS
    if not args.quiet and args.format == "text":
        _print_held_back(report.left_out, report.drafts, [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in report.future])
        if args.verbose:
            _print_reasons(report)
        if args.profile:
            print("\n".join(["Where the time went:", *options.profile.lines(), ""]))
        _print_built(report.articles, report.published.files, report.published.written, started)
    return LEFT_OUT if report.left_out else DONE


def _build_far(options: Options, address: str, meter: Meter) -> Report | str:
    """As `engine.build`, by the workers of a cluster; or why they cannot be used."""
    from msgspec.structs import replace

    from broadsheet.build import engine
    from broadsheet.build.cluster import ClusterError, connect

    try:
        with connect(address) as cluster:
            return engine.build(replace(options, jobs=cluster.size, executor=cluster), meter.show)
    except ClusterError as error:
        return printable(str(error))


def _wait(process: int) -> None:
    """Say why nothing happens."""
    print(f"Another build of this site is running (process {process}); waiting for it.", file=sys.stderr)


def _print_reasons(report: Report) -> None:
    written = set(report.published.changed) if report.published else set()
    for file, why in report.reasons:
        print(f"{'Wrote' if file in written else 'Left'} {printable(file)}: {why.value}")


def _print_built(articles: int, files: int, written: int, started: float) -> None:
    took = time.perf_counter() - started
    print(f"Built {articles} {plural(articles, 'article')}: {files} files, {written} written, in {took:.2f} s")


def _print_held_back(left_out: int, drafts: int, future: Sequence[str]) -> None:
    """`future` are instants, the next one first."""
    if left_out:
        print(f"Left out {left_out} {plural(left_out, 'file')} with problems")
    if future:
        number = len(future)
        print(f"Held back {number} future {plural(number, 'article')}; build again at {future[0]}")
    if drafts:
        print(f"Held back {drafts} {plural(drafts, 'draft')}; 'list drafts' names them")


def clean(args: argparse.Namespace) -> int:
    """Remove what was built."""
    import shutil

    from broadsheet.build.publish import clean

    removed = clean(output(args))
    shutil.rmtree(args.source / ".cache", ignore_errors=True)
    print(f"Removed {removed} {plural(removed, 'file')} from {output(args)}")
    return DONE
