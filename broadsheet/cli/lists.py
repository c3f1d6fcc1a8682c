"""`list`: articles, reviews, and what the registers know; `schema`."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from broadsheet.cli.console import DONE, PROBLEMS, now, print_json
from broadsheet.problem import FORMATS, printable

if TYPE_CHECKING:
    from broadsheet.model import Article


_WIDTHS = (10, 7, 7, 20, 60, 0)


def listing(args: argparse.Namespace) -> int:
    """List articles, newest first, or what was asked for instead."""
    from broadsheet.build import engine

    if args.what in ("publishers", "licences"):
        return _list_register(args)
    if args.what == "reviews":
        return _list_reviews(args)
    moment = now(args.now)
    content = engine.read(args.source, lambda *_: None)

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
    from broadsheet.build import engine

    content = engine.read(args.source, lambda *_: None)
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


def _list_register(args: argparse.Namespace) -> int:
    """The ids that a front matter may name, with the site's own."""
    from broadsheet.build import engine
    from broadsheet.config import Config
    from broadsheet.register import packaged

    config = engine.load_config(args.config or args.source / "config.yaml")
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
