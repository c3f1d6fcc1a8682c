"""The verbs that write content: `new` and `withdraw`."""

from __future__ import annotations

import argparse

from broadsheet.cli.console import DONE, PROBLEMS, now, print_problems, refuse
from broadsheet.problem import printable


def new(args: argparse.Namespace) -> int:
    """Begin an article or a page."""
    from broadsheet.build import new
    from broadsheet.build.files import FINGERPRINT

    of_others = args.publisher != "unknown" or args.captured is not None
    if of_others and (args.what == "page" or args.kind == "own"):
        return refuse("What is the digest's own has no publisher and no captured text. Leave those options out.")
    try:
        captured = new.capture(args.captured.read_bytes()) if args.captured else None
        made = (
            new.page(args.title)
            if args.what == "page"
            else new.article(args.title, args.kind, args.publisher, now(args.now), captured)
        )
        if made is None:
            return refuse(f"No address can be made from '{args.title}'. Use letters or digits.")
        path = args.source / made.path
        if path.exists():
            measured = f" Of the text captured: sha256: {captured.sha256} words: {captured.words}" if captured else ""
            return refuse(f"{path} is there already. Choose another title.{measured}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.text, encoding="utf-8")
        if made.fingerprint:
            path.with_suffix(FINGERPRINT).write_text(made.fingerprint, encoding="utf-8")
    except UnicodeDecodeError:
        return refuse(f"{args.captured} is not UTF-8. Save it as UTF-8.")
    print(f"Wrote {path}. It is a draft: fill it in, remove 'draft: true', and build.")
    return DONE


def withdraw(args: argparse.Namespace) -> int:
    """Take the words of an article out."""
    from broadsheet.build.withdraw import message, withdraw

    result = withdraw(args.source, args.article, args.reason, now(args.now))
    if isinstance(result, str):
        return refuse(result)
    if isinstance(result, tuple):
        print_problems(result, "text")
        return PROBLEMS
    print("\n".join(map(printable, message(result))))
    return DONE
