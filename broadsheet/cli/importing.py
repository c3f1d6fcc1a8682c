"""`import`: other people's articles become drafts with their provenance and licence."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from broadsheet import extras
from broadsheet.cli.console import DONE, LEFT_OUT, USAGE, Meter, now, plural, print_problems, refuse
from broadsheet.problem import did_you_mean, printable

if TYPE_CHECKING:
    from broadsheet.config import Config
    from broadsheet.importing.given import Given
    from broadsheet.importing.importer import Importer
    from broadsheet.importing.outcome import Outcome

_IN_FULL = 5
"""Items of a run of which all is said; of the others a line each, and all of it with --verbose."""
_OF_ONE = ("title", "url", "quote")


def take(args: argparse.Namespace) -> int:
    """Import what is named."""
    from broadsheet.importing import captures

    if args.dry_run:
        return _take(args)
    with captures.alone(args.source) as is_alone:
        return _take(args) if is_alone else refuse("Another import is at work in this site. Wait until it is done.")


def _take(args: argparse.Namespace) -> int:
    from broadsheet.build.settings import load_config

    moment = now(args.now)
    config = load_config(args.config or args.source / "config.yaml")
    if isinstance(config, tuple):
        print_problems(config, "text")
        return USAGE
    of_one = next((name for name in _OF_ONE if getattr(args, name)), None)
    if of_one and len(args.inputs) > 1:
        return refuse(f"--{of_one} is about one article, and several things are named. Import them one by one.")
    if args.licence and args.licence not in config.register.licences:
        hint, said = did_you_mean(args.licence, config.register.licences), printable(args.licence)
        return refuse(f"--licence: '{said}' is not in the register. {hint}'list licences' names all.")
    meter = Meter(bool(sys.stderr and sys.stderr.isatty()) and not args.quiet and args.format == "text")
    importer = _importer(args, config, moment, meter)
    outcomes = importer.take(args.inputs, meter.show)
    counts = _print_json(outcomes) if args.format == "json" else _print(outcomes, args, meter)
    if importer.lacks:
        needed = ", ".join(sorted(importer.lacks))
        print(f"No stories were proposed: that takes {needed}. {extras.remedy('import')}.", file=sys.stderr)
    return LEFT_OUT if counts["refused"] else DONE


def _importer(args: argparse.Namespace, config: Config, moment: datetime, meter: Meter) -> Importer:
    from broadsheet.importing.importer import Importer
    from broadsheet.importing.inputs import Reader
    from broadsheet.importing.item import Order
    from broadsheet.importing.known import articles
    from broadsheet.importing.proposal import Desk
    from broadsheet.network.fetch import Fetcher
    from broadsheet.rights import Policy

    order = Order(source=args.source, newest=args.newest, since=args.since, is_update=args.update, is_dry=args.dry_run)
    policy = Policy(config.register, config.rights, moment.date(), config.licence)
    fetcher = Fetcher(config.base_url, allow_private=args.allow_private)
    known = articles.read(args.source, meter.show, is_dry=args.dry_run)
    meter.clear()
    print_problems(known.problems, "text")
    reader = Reader(args.source, fetcher, moment)
    return Importer(order, _given(args), Desk(config=config, policy=policy, now=moment), reader, known)


def _given(args: argparse.Namespace) -> Given:
    from broadsheet.importing.given import Given
    from broadsheet.model import Kind

    return Given(
        publisher=args.publisher,
        url=args.url,
        title=args.title,
        authors=tuple(args.author),
        published=args.published,
        date=args.date,
        licence=args.licence,
        kind=Kind(args.kind) if args.kind else None,
        topics=tuple(args.topic),
        story=args.story,
        language=args.language,
        quotations=tuple(args.quote),
        comment=args.comment or "",
        is_draft=args.draft,
    )


def _print(outcomes: Iterable[Outcome], args: argparse.Namespace, meter: Meter) -> Counter[str]:
    from broadsheet.importing.report import as_line, as_lines

    counts: Counter[str] = Counter()
    for outcome in outcomes:
        counts[outcome.state.value] += 1
        meter.clear()
        if outcome.problem is not None:
            print_problems([outcome.problem], "text")
        elif not args.quiet:
            is_long = args.verbose or counts.total() <= _IN_FULL
            print("\n".join(as_lines(outcome)) + "\n" if is_long else as_line(outcome))
    meter.clear()
    if not args.quiet:
        print(_summary(counts, args.dry_run))
    return counts


def _summary(counts: Counter[str], is_dry: bool) -> str:
    new = counts["new"]
    verb = "Would import" if is_dry else "Imported"
    more = {
        "updated": "updated",
        "same": "here already",
        "changed": "changed since",
        "unmodified": "not changed",
        "empty": "without an entry",
        "refused": "refused",
    }
    said = [f"{counts[state]} {words}" for state, words in more.items() if counts[state]]
    return ", ".join([f"{verb} {new} {plural(new, 'article')}", *said])


def _print_json(outcomes: Iterable[Outcome]) -> Counter[str]:
    """An array, item by item: ten thousand are not held in memory."""
    from broadsheet.importing.report import as_data

    counts: Counter[str] = Counter()
    for outcome in outcomes:
        print("," if counts else "[")
        print(json.dumps(as_data(outcome), indent=2), end="")
        counts[outcome.state.value] += 1
    print("\n]" if counts else "[]")
    return counts
