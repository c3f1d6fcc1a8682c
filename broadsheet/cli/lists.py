"""`list`: articles, reviews, duplicates, stories, and what the registers know; `schema`."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from broadsheet import extras
from broadsheet.cli.console import DONE, PROBLEMS, Meter, now, plural, print_json, refuse
from broadsheet.problem import FORMATS, printable

if TYPE_CHECKING:
    from broadsheet.importing.known.duplicates import Pair
    from broadsheet.importing.known.shelf import Known, Shelf
    from broadsheet.importing.known.stories import Alike, Group
    from broadsheet.model import Article


_WIDTHS = (10, 7, 7, 20, 60, 0)


def listing(args: argparse.Namespace) -> int:
    """List articles, newest first, or what was asked for instead."""
    from broadsheet.build.content import read

    if args.what in ("publishers", "licences"):
        return _list_register(args)
    if args.what == "reviews":
        return _list_reviews(args)
    if args.what == "duplicates":
        return _list_duplicates(args)
    if args.what == "stories":
        return _list_stories(args)
    moment = now(args.now)
    content = read(args.source, lambda *_: None)

    def is_wanted(article: Article) -> bool:
        matter = article.matter
        publisher = matter.origin.publisher if matter.origin else ""
        state = {"all": True, "drafts": matter.draft, "future": matter.date > moment}[args.what]
        return state and args.kind in (None, matter.kind.value) and args.publisher in (None, publisher)

    chosen = sorted(filter(is_wanted, content.articles), key=lambda a: (a.date, a.path), reverse=True)
    rows = [_row(article, moment) for article in chosen]
    if args.format == "json":
        print_json(rows)
    else:
        for row in rows:
            cells = (printable(value).ljust(width) for value, width in zip(row.values(), _WIDTHS, strict=True))
            print("  ".join(cells).rstrip())
    if content.problems:
        print(FORMATS["text"](content.problems), file=sys.stderr)
    return PROBLEMS if content.problems else DONE


def _row(article: Article, now: datetime) -> dict[str, str]:
    matter = article.matter
    state = "draft" if matter.draft else "future" if matter.date > now else "due"
    state = "gone" if matter.withdrawn else state
    return {
        "date": f"{matter.date:%Y-%m-%d}",
        "state": state,
        "kind": matter.kind.value,
        "publisher": matter.origin.publisher if matter.origin else "",
        "title": matter.title,
        "path": article.path,
    }


def _list_reviews(args: argparse.Namespace) -> int:
    """Who decided what, newest first: the only way in which a rule on rights is overridden."""
    from broadsheet.build.content import read

    content = read(args.source, lambda *_: None)
    reviews = [(article, review) for article in content.articles if (review := article.matter.review) is not None]
    reviews.sort(key=lambda pair: (pair[1].at, pair[0].path), reverse=True)
    rows = [
        {
            "at": f"{review.at:%Y-%m-%d}",
            "finding": review.finding.value,
            "by": review.by,
            "path": article.path,
            "note": review.note or "",
        }
        for article, review in reviews
    ]
    if args.format == "json":
        print_json(rows)
    else:
        for row in rows:
            print(printable(f"{row['at']}  {row['finding']:<18}  {row['by']}  {row['path']}"))
            if row["note"]:
                print(printable(f"            {' '.join(row['note'].split())}"))
    if content.problems:
        print(FORMATS["text"](content.problems), file=sys.stderr)
    return PROBLEMS if content.problems else DONE


def _list_duplicates(args: argparse.Namespace) -> int:
    """Articles that are one text, or nearly, the newest last."""
    from broadsheet.importing.known.duplicates import pairs

    shelf = _shelf(args)
    found = [pair for pair in pairs(shelf) if not pair.second.withdrawn]
    if args.format == "json":
        print_json(
            [
                {
                    "first": _facts(pair.first),
                    "second": _facts(pair.second),
                    "same": pair.match.reason if pair.match else None,
                    "share_of_first": round(pair.near.of_known, 3) if pair.near else None,
                    "share_of_second": round(pair.near.of_item, 3) if pair.near else None,
                    "next": _next(pair),
                }
                for pair in found
            ]
        )
        return _unread(shelf)
    for pair in found:
        reasons = [pair.match.reason] if pair.match else []
        reasons += [pair.near.reason("the second", "the first")] if pair.near else []
        _print(_line(pair.first), _line(pair.second), f"  {'; '.join(reasons)}", f"  {_next(pair)}", "")
    number = len(found)
    print(f"{number} {plural(number, 'pair')} of duplicates among {len(shelf)} {plural(len(shelf), 'article')}")
    return _unread(shelf)


def _next(pair: Pair) -> str:
    first, second = pair.first, pair.second
    if first.withdrawn:
        return "The first was withdrawn. See in its file why, before the second is published."
    if pair.match is None:
        return "Keep one of them, or give both the same 'story:'."
    if second.draft:
        return f"Delete {second.path}, a draft."
    return f"Keep one of them. 'python build.py withdraw {second.path}' leaves a page in the second's place."


def _list_stories(args: argparse.Namespace) -> int:
    """The stories, and what could be added to them or be new ones. Nothing is decided here."""
    from broadsheet.importing.known.stories import groups

    shelf = _shelf(args)
    try:
        found = groups(shelf)
    except ModuleNotFoundError as error:
        return refuse(f"'list stories' needs {error.name}, which is not here. {extras.remedy('import')}.")
    if args.format == "json":
        print_json([_group(group) for group in found])
        return _unread(shelf)
    for group in found:
        _print(f"{group.slug}{'  (proposed)' if group.is_new else ''}", *(f"  {_line(m)}" for m in group.members))
        for n, alike in enumerate(group.proposed):
            _print(f"  {'' if group.is_new else 'proposed: '}{_line(alike.item)}")
            if n or not group.is_new:
                _print(f"    {_likeness(alike)}")
        if group.proposed:
            _print(f"  If it is one event, set 'story: {group.slug}' in {_all_of(group)}.")
        print()
    new = sum(group.is_new for group in found)
    there = len(found) - new
    print(f"{there} {'story' if there == 1 else 'stories'}, {new} proposed")
    undated = sum(item.published is None for item in shelf)
    if undated:
        print(f"{undated} {plural(undated, 'article')} without 'origin.published' could not be compared")
    return _unread(shelf)


def _group(group: Group) -> dict[str, object]:
    return {
        "story": group.slug,
        "is_new": group.is_new,
        "members": [_facts(member) for member in group.members],
        "proposed": [
            {
                **_facts(alike.item),
                "like": alike.known.path,
                "headlines": round(alike.headlines, 3),
                "texts": round(alike.texts, 3),
                "words": list(alike.words),
            }
            for alike in group.proposed
        ],
        "next": f"If it is one event, set 'story: {group.slug}' in {_all_of(group)}." if group.proposed else None,
    }


def _likeness(alike: Alike) -> str:
    return f"like {alike.known.path}: {alike.reason}"


def _all_of(group: Group) -> str:
    return ", ".join(alike.item.path for alike in group.proposed)


def _shelf(args: argparse.Namespace) -> Shelf:
    from broadsheet.importing.known import articles

    meter = Meter(bool(sys.stderr and sys.stderr.isatty()) and args.format == "text")
    found = articles.read(args.source, meter.show)
    meter.clear()
    return found


def _unread(shelf: Shelf) -> int:
    """Name the articles that could not be read; the exit code."""
    if shelf.problems:
        print(FORMATS["text"](shelf.problems), file=sys.stderr)
    return PROBLEMS if shelf.problems else DONE


def _facts(item: Known) -> dict[str, object]:
    return {
        "path": item.path,
        "title": item.title,
        "publisher": item.publisher,
        "url": item.url or None,
        "published": f"{item.published}" if item.published else None,
        "date": f"{item.date:%Y-%m-%d}",
        "story": item.story or None,
        "draft": item.draft,
        "withdrawn": item.withdrawn,
    }


def _line(item: Known) -> str:
    state = "  withdrawn" if item.withdrawn else "  draft" if item.draft else ""
    return f"{item.published or 'undated'!s:10}  {item.publisher:<20}  {item.path}{state}"


def _print(*lines: str) -> None:
    print("\n".join(map(printable, lines)))


def _list_register(args: argparse.Namespace) -> int:
    """The ids that a front matter may name, with the site's own."""
    from broadsheet.build import settings
    from broadsheet.config import Config
    from broadsheet.register import packaged

    config = settings.load_config(args.config or args.source / "config.yaml")
    register = config.register if isinstance(config, Config) else packaged()
    if args.what == "publishers":
        rows = {
            name: f"{p.name}: {', '.join(k.value for k in p.terms[-1].kinds)}"
            for name, p in register.publishers.items()
        }
    else:
        rows = {name: licence.name for name, licence in register.licences.items()}
    if args.format == "json":
        print_json(rows)
    else:
        print("\n".join(f"{name:<28}  {text}" for name, text in sorted(rows.items())))
    return DONE


def schema(what: str) -> int:
    """Print the JSON Schema of a file."""
    from broadsheet.build.themes import ThemeFile
    from broadsheet.config import Config
    from broadsheet.model import FrontMatter, PageFrontMatter
    from broadsheet.record import schema

    if what == "rights":
        from broadsheet.bill import json_schema

        print_json(json_schema())
        return DONE
    record: type = {"article": FrontMatter, "page": PageFrontMatter, "config": Config, "theme": ThemeFile}[what]
    dialect = "https://json-schema.org/draft/2020-12/schema"
    print_json({"$schema": dialect, "title": f"Broadsheet: {what}", **schema(record)})
    return DONE
