"""The command line: verbs, flags, exit codes and what is printed.

Exit codes: 0 done; 1 problems, and the published site is as it was; 2 usage or configuration; 3 done under
`--keep-going`, with items left out; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import broadsheet
from broadsheet.problem import FORMATS, Problem, printable

if TYPE_CHECKING:  # a verb imports what it needs, so that the others start at once
    from broadsheet.build.engine import Report
    from broadsheet.model import Article

LISTS = ("all", "drafts", "future", "publishers", "licences")
VERBS = ("build", "list", "new", "clean", "schema", "version")
DONE, PROBLEMS, USAGE, LEFT_OUT, INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; the exit code."""
    try:
        given = _with_verb(list(sys.argv[1:] if arguments is None else arguments))
        return _run(_parser().parse_args(given))
    except KeyboardInterrupt:
        print("Interrupted; the published site is whole.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _with_verb(given: list[str]) -> list[str]:
    """`build` is the verb where none is given, so that a bare `build.py --drafts` builds."""
    if given and (given[0] in VERBS or given[0] in ("-h", "--help") or not given[0].startswith("-")):
        return given
    return ["build", *given]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="build.py" if Path(sys.argv[0]).name == "build.py" else "broadsheet",
        description="Build a digest of other people's articles that publishes only what it may.",
        epilog="Exit codes: 0 done, 1 problems and nothing published, 2 usage or configuration, "
        "3 done with --keep-going and items left out, 130 interrupted.",
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    build = _verb(verbs, "build", "build the site (the default)")
    _add_selection(build)
    build.add_argument(
        "-b", "--base-url", metavar="URL", type=_read_by("read_base_url"), help="address of the site's folder"
    )
    build.add_argument("--keep-going", action="store_true", help="leave out files with problems, and exit with 3")
    build.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    build.add_argument("-v", "--verbose", action="store_true", help="name each file that is written")
    _add_format(build)
    listing = _verb(verbs, "list", "list articles, newest first, or what the registers know")
    listing.add_argument("what", nargs="?", choices=LISTS, default="all", help=" | ".join(LISTS))
    listing.add_argument("--kind", choices=("full", "excerpt", "link", "own"), help="only of this kind")
    listing.add_argument("--publisher", metavar="ID", help="only of this publisher")
    _add_now(listing)
    _add_format(listing)
    new = _verb(verbs, "new", "begin an article or a page")
    new.add_argument("what", choices=("article", "page"))
    new.add_argument("title", help="its headline")
    new.add_argument("--kind", choices=("full", "excerpt", "link", "own"), default="excerpt", help="default: excerpt")
    new.add_argument("--publisher", metavar="ID", default="unknown", help="an id of the register, such as voa")
    new.add_argument(
        "--captured",
        metavar="FILE",
        type=Path,
        help="the original's text and nothing but it: its hash and number of words are filled in; it is not copied",
    )
    _add_now(new)
    _verb(verbs, "clean", "remove what was built, and the cache; other files stay")
    schema = verbs.add_parser("schema", help="print the JSON Schema of a file, for editors", description="Print it.")
    schema.add_argument("what", choices=("article", "page", "config", "theme"))
    verbs.add_parser("version", help="print the version")
    return parser


def _verb(verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    verb.add_argument(
        "-s", "--source", metavar="DIR", type=Path, default=Path(), help="the site's folder (default: here)"
    )
    verb.add_argument("-c", "--config", metavar="FILE", type=Path, help="default: config.yaml in the site's folder")
    verb.add_argument("-o", "--output", metavar="DIR", type=_folder, help="default: public in the site's folder")
    return verb


def _add_selection(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("-D", "--drafts", action="store_true", help="publish drafts too")
    verb.add_argument("-F", "--future", action="store_true", help="publish articles dated in the future too")
    _add_now(verb)


def _add_now(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--now",
        metavar="INSTANT",
        type=_read_by("read_instant"),
        help="build as at this time, e.g. 2026-11-21T10:00:00Z",
    )


def _add_format(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--format", choices=tuple(FORMATS), default="text", help="of what is printed (default: text)")


def _folder(text: str) -> Path:
    if not text:
        raise argparse.ArgumentTypeError("it is empty. Name a folder")
    return Path(text)


def _read_by(name: str) -> Callable[[str], Any]:
    """For argparse: an argument read by a field's own reader, which is imported only where the argument is given."""

    def read(text: str) -> object:
        from broadsheet import fields
        from broadsheet.record import UnreadableError

        try:
            return getattr(fields, name)(text)
        except UnreadableError as error:
            raise argparse.ArgumentTypeError(f"it {error.message}. {error.remedy}") from None

    return read


def _now(given: datetime | None) -> datetime:
    """`--now`, else SOURCE_DATE_EPOCH (https://reproducible-builds.org/specs/source-date-epoch/), else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if given is None and epoch.isdecimal() and len(epoch) < 12:
        return datetime.fromtimestamp(int(epoch), UTC)
    return given or datetime.now(UTC)


def _run(args: argparse.Namespace) -> int:
    if args.verb == "version":
        print(f"Broadsheet {broadsheet.__version__}")
        return DONE
    if args.verb == "schema":
        return _schema(args.what)
    if not args.source.is_dir():
        print(f"There is no folder '{args.source}'. Name the site's folder with --source.", file=sys.stderr)
        return USAGE
    try:
        return {"build": _build, "list": _list, "new": _new, "clean": _clean}[args.verb](args)
    except BrokenPipeError:
        raise
    except OSError as error:
        return _refuse(f"{printable(str(error.filename or ''))}: {error.strerror or error}. Look at its permissions.")


def _schema(what: str) -> int:
    from broadsheet.build.themes import ThemeFile
    from broadsheet.config import Config
    from broadsheet.model import FrontMatter, PageFrontMatter
    from broadsheet.record import schema

    record: type = {"article": FrontMatter, "page": PageFrontMatter, "config": Config, "theme": ThemeFile}[what]
    dialect = "https://json-schema.org/draft/2020-12/schema"
    _print_json({"$schema": dialect, "title": f"Broadsheet: {what}", **schema(record)})
    return DONE


def _build(args: argparse.Namespace) -> int:
    from broadsheet.build import engine

    started = time.perf_counter()
    meter = Meter(sys.stderr.isatty() and not args.quiet)
    options = engine.Options(
        source=args.source,
        config=args.config or args.source / "config.yaml",
        output=_output(args),
        now=_now(args.now),
        base_url=args.base_url,
        drafts=args.drafts,
        future=args.future,
        keep_going=args.keep_going,
    )
    report = engine.build(options, meter.show)
    meter.clear()
    _print_problems(report.problems, args.format)
    if report.published is None:
        if args.format == "text":
            count = len(report.problems)
            print(f"{count} {_plural(count, 'problem')}; nothing was published.", file=sys.stderr)
        return USAGE if report.is_misconfigured else PROBLEMS
    if not args.quiet and args.format == "text":
        _print_held_back(report)
        done = report.published
        if args.verbose and done.changed:
            print("\n".join(f"Wrote {printable(file)}" for file in done.changed))
        print(
            f"Built {report.articles} {_plural(report.articles, 'article')}: {done.files} files, "
            f"{done.written} written, in {time.perf_counter() - started:.2f} s"
        )
    return LEFT_OUT if report.left_out else DONE


def _print_held_back(report: Report) -> None:
    if report.left_out:
        print(f"Left out {report.left_out} {_plural(report.left_out, 'file')} with problems")
    if report.future:
        number = len(report.future)
        when = report.future[0].strftime("%Y-%m-%dT%H:%M:%SZ")
        print(f"Held back {number} future {_plural(number, 'article')}; build again at {when}")
    if report.drafts:
        print(f"Held back {report.drafts} {_plural(report.drafts, 'draft')}; 'list drafts' names them")


def _list(args: argparse.Namespace) -> int:
    from broadsheet.build import engine

    if args.what in ("publishers", "licences"):
        return _list_register(args)
    now = _now(args.now)
    content = engine.read(args.source, lambda *_: None)

    def is_wanted(article: Article) -> bool:
        matter = article.matter
        publisher = matter.origin.publisher if matter.origin else ""
        state = {"all": True, "drafts": matter.draft, "future": matter.date > now}[args.what]
        return state and args.kind in (None, matter.kind.value) and args.publisher in (None, publisher)

    chosen = sorted(filter(is_wanted, content.articles), key=lambda a: (a.date, a.path), reverse=True)
    rows = [_row(article, now) for article in chosen]
    if args.format == "json":
        _print_json(rows)
    else:
        for row in rows:
            cells = (printable(value).ljust(width) for value, width in zip(row.values(), _WIDTHS, strict=True))
            print("  ".join(cells).rstrip())
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
        _print_json(rows)
    else:
        print("\n".join(f"{name:<28}  {text}" for name, text in sorted(rows.items())))
    return DONE


_WIDTHS = (10, 7, 7, 20, 60, 0)


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


def _new(args: argparse.Namespace) -> int:
    from broadsheet.build import new

    of_others = args.publisher != "unknown" or args.captured is not None
    if of_others and (args.what == "page" or args.kind == "own"):
        return _refuse("What is the digest's own has no publisher and no captured text. Leave those options out.")
    try:
        captured = new.capture(args.captured.read_bytes()) if args.captured else None
        made = (
            new.page(args.title)
            if args.what == "page"
            else new.article(args.title, args.kind, args.publisher, _now(args.now), captured)
        )
        if made is None:
            return _refuse(f"No address can be made from '{args.title}'. Use letters or digits.")
        path = args.source / made.path
        if path.exists():
            measured = f" Of the text captured: sha256: {captured.sha256} words: {captured.words}" if captured else ""
            return _refuse(f"{path} is there already. Choose another title.{measured}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made.text, encoding="utf-8")
    except UnicodeDecodeError:
        return _refuse(f"{args.captured} is not UTF-8. Save it as UTF-8.")
    print(f"Wrote {path}. It is a draft: fill it in, remove 'draft: true', and build.")
    return DONE


def _refuse(message: str) -> int:
    print(message, file=sys.stderr)
    return USAGE


def _clean(args: argparse.Namespace) -> int:
    import shutil

    from broadsheet.build.publish import clean

    removed = clean(_output(args))
    shutil.rmtree(args.source / ".cache", ignore_errors=True)
    print(f"Removed {removed} {_plural(removed, 'file')} from {_output(args)}")
    return DONE


def _output(args: argparse.Namespace) -> Path:
    output: Path = args.output or args.source / "public"
    return output


def _print_problems(problems: Sequence[Problem], form: str) -> None:
    if problems or form == "json":
        print(FORMATS[form](problems), file=sys.stdout if form != "text" else sys.stderr)


def _print_json(data: object) -> None:
    import json

    print(json.dumps(data, indent=2))


def _plural(number: int, noun: str) -> str:
    return noun if number == 1 else f"{noun}s"


class Meter:
    """Progress on a terminal; nothing on a pipe. Redrawn at most ten times a second."""

    def __init__(self, is_shown: bool) -> None:
        self._is_shown = is_shown
        self._drawn = 0.0

    def show(self, stage: str, done: int, total: int) -> None:
        """A stage's state."""
        if self._is_shown and (done == total or time.monotonic() - self._drawn > 0.1):
            self._drawn = time.monotonic()
            print(f"\r\x1b[K{stage} {done} of {total}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Leave the line empty."""
        if self._is_shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
