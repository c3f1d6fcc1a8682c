"""`build` and `clean`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from broadsheet.cli.console import DONE, LEFT_OUT, PROBLEMS, USAGE, Meter, now, output, plural, print_problems, refuse
from broadsheet.problem import Problem, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from broadsheet.build.engine import Options, Report
    from broadsheet.build.last import Asked, Glance
    from broadsheet.build.ping import Outcome
    from broadsheet.config import Config


def build(args: argparse.Namespace) -> int:
    """Build the site, and publish it unless there are problems; with `--ping`, tell its hub."""
    from broadsheet.build.garbage import relax
    from broadsheet.build.last import Asked, glance

    started = time.perf_counter()  # of this verb: what came before is Python's start
    relax()
    config = args.config or args.source / "config.yaml"
    telling = _telling(args, config) if args.ping else None
    if isinstance(telling, int):
        return telling
    asked = Asked(args.source, config, output(args), args.base_url, args.drafts, args.future)
    moment = now(args.now)
    seen = None if args.no_cache or args.profile else glance(asked, moment, is_alone=True)
    last = seen.unchanged if seen else None
    if last is None or telling:  # whoever is to be told needs the list of feeds
        return _build(args, asked, moment, seen, started, telling)
    if not args.quiet and args.format == "text":
        _print_held_back(0, last.drafts, last.future)
        _print_built(last.articles, last.files, 0, started)
    elif args.format == "json":
        print_problems((), args.format)
    return DONE


def _build(
    args: argparse.Namespace,
    asked: Asked,
    moment: datetime,
    seen: Glance | None,
    started: float,
    telling: Config | None,
) -> int:
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
    if not telling or report.problems:  # else they are printed with those of telling, in one piece
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
    if telling and not report.problems:
        return _tell(args, telling, report, meter)
    if telling:
        print("The hub was not told: the build had problems.", file=sys.stderr)
    return LEFT_OUT if report.left_out else DONE


def _telling(args: argparse.Namespace, file: Path) -> Config | int:
    """The configuration, which names the hub that is to be told; an exit code where it names none."""
    from broadsheet.build.settings import load_config

    config = load_config(file, args.base_url)
    if not isinstance(config, tuple) and config.feeds.hub:
        return config
    remedy = "Name the hub as 'hub:' below 'feeds:', or leave '--ping' out"
    none = Problem(file.name, 1, 1, "ping/no-hub", "there is no hub that could be told of news", remedy)
    print_problems(config if isinstance(config, tuple) else (none,), args.format)
    return USAGE


def _tell(args: argparse.Namespace, config: Config, report: Report, meter: Meter) -> int:
    """Tell the hub of the feeds that have changed; the site stays as it was built, whatever comes of it."""
    from broadsheet.build import told
    from broadsheet.build.ping import Round, limits, ping
    from broadsheet.network.fetch import Fetcher
    from broadsheet.site.urls import Base

    hub = config.feeds.hub or ""
    given = Round(
        hub=hub,
        base=Base(config.base_url, config.base_path),
        output=output(args),
        feeds=report.feeds,
        store=told.file_of(args.source, config.base_url, hub),
        config=(args.config or args.source / "config.yaml").name,
    )
    fetcher = Fetcher(config.base_url, limits(hub, config.base_url), purpose="ping")
    outcome = ping(given, fetcher, meter.show)
    meter.clear()
    print_problems(outcome.problems, args.format)
    if not args.quiet and args.format == "text":
        _print_told(outcome, is_verbose=args.verbose)
    return PROBLEMS if outcome.problems else DONE


def _print_told(outcome: Outcome, *, is_verbose: bool) -> None:
    for address in outcome.told if is_verbose else ():
        print(f"Told the hub of {printable(address)}")
    if not outcome.is_noted:
        print("What was told could not be noted in .cache, so the next run tells it again.")
    number = len(outcome.told)
    rest = f", {outcome.untold} not told" if outcome.untold else ""
    print(f"Told the hub of {number} {plural(number, 'feed')}; {outcome.unchanged} unchanged{rest}")


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
