"""The verbs and their flags."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from broadsheet.problem import FORMATS, printable

LISTS = ("all", "drafts", "future", "reviews", "duplicates", "stories", "publishers", "licences")
VERBS = ("build", "serve", "import", "check", "list", "new", "withdraw", "clean", "schema", "version")


def with_verb(given: list[str]) -> list[str]:
    """`build` is the verb where none is given, so that a bare `build.py --drafts` builds."""
    if given and (given[0] in VERBS or given[0] in ("-h", "--help") or not given[0].startswith("-")):
        return given
    return ["build", *given]


def parser() -> argparse.ArgumentParser:
    """What is understood; also what `--help` says."""
    made = argparse.ArgumentParser(
        prog="build.py" if Path(sys.argv[0]).name == "build.py" else "broadsheet",
        description="Build a digest of other people's articles that publishes only what it may.",
        epilog="Exit codes: 0 done, 1 problems and nothing published, 2 usage or configuration, "
        "3 done with --keep-going and items left out, 130 interrupted.",
    )
    verbs = made.add_subparsers(dest="verb", required=True, metavar="VERB")
    build = _verb(verbs, "build", "build the site (the default)")
    _add_selection(build)
    _add_base_url(build, "address of the site's folder")
    build.add_argument("--keep-going", action="store_true", help="leave out files with problems, and exit with 3")
    workers = build.add_mutually_exclusive_group()
    workers.add_argument(
        "-j", "--jobs", metavar="N", type=_read_by("read_count"), help="processes (default: the cores)"
    )
    workers.add_argument(
        "--executor",
        metavar="dask://HOST:PORT",
        type=_read_by("read_cluster", "broadsheet.build.cluster"),
        help="let the workers of a Dask cluster do it",
    )
    build.add_argument("--no-cache", action="store_true", help="read and render everything anew")
    build.add_argument("--profile", action="store_true", help="say where the time goes")
    build.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    build.add_argument("-v", "--verbose", action="store_true", help="name each file that is written")
    _add_format(build)
    _add_serve(verbs)
    _add_import(verbs)
    check = _verb(verbs, "check", "read what was built again, and say whether it keeps the promise")
    check.add_argument("--links", action="store_true", help="also look whether links to elsewhere still lead there")
    check.add_argument("--evidence", action="store_true", help="list the registers' evidence instead, oldest first")
    check.add_argument("-v", "--verbose", action="store_true", help="name all that could not be compared")
    _add_now(check)
    _add_format(check)
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
        help="the original's text and nothing but it: its hash, number of words and fingerprint are kept, it is not",
    )
    _add_now(new)
    withdraw = _verb(verbs, "withdraw", "take an article's words out, and leave a page that says so")
    withdraw.add_argument("article", metavar="SLUG", help="its slug, or the path of its file")
    withdraw.add_argument("--reason", required=True, help="why: its page, the feeds and the public log say it")
    _add_now(withdraw)
    _verb(verbs, "clean", "remove what was built, and the cache; other files stay")
    schema = verbs.add_parser("schema", help="print the JSON Schema of a file, for editors", description="Print it.")
    schema.add_argument("what", choices=("article", "page", "config", "theme", "rights"))
    verbs.add_parser("version", help="print the version")
    return made


def _add_serve(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`serve`: what to build as `build` does, where to be seen, how to follow edits."""
    serve = _verb(
        verbs, "serve", "preview the site on this machine, and build it again when it is edited", ".cache/preview"
    )
    _add_selection(serve)
    _add_base_url(serve, "address that pages name (default: the preview's, with the path of base_url)")
    serve.add_argument("--keep-going", action="store_true", help="leave out files with problems")
    serve.add_argument("--host", metavar="HOST", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    serve.add_argument(
        "--port", metavar="N", type=_port, default=8000, help="port to listen at, 0 for any (default: 8000)"
    )
    serve.add_argument("--open", action="store_true", help="open it in a browser")
    serve.add_argument("--no-reload", action="store_true", help="serve pages as they were built, without the script")
    serve.add_argument("--poll", action="store_true", help="look for edits again and again, as on a network's disk")
    serve.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    serve.add_argument("-v", "--verbose", action="store_true", help="name each file that is written")


def _add_import(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """`import`: what to take in, what the curator knows of it, and how."""
    take = _verb(verbs, "import", "make drafts of other people's articles, with their provenance and licence")
    take.add_argument(
        "inputs",
        nargs="+",
        metavar="THING",
        help="a text, a web page, a feed or an OPML list: a file, a folder, an address, or - for standard input",
    )
    known = take.add_argument_group("what you know of it")
    known.add_argument("--publisher", metavar="ID", help="an id of the register, such as voa, or a name")
    known.add_argument("--url", type=_checked_by("read_web_address"), help="where the original stands")
    known.add_argument("--title", type=_checked_by("read_line"), help="its headline")
    known.add_argument("--author", metavar="NAME", action="append", default=[], type=_checked_by("read_line"))
    known.add_argument(
        "--published", metavar="DATE", type=_checked_by("read_moment"), help="when it was, e.g. 2024-02-29"
    )
    known.add_argument("--licence", metavar="ID", help="an id of the register of licences, such as CC-BY-4.0")
    known.add_argument("--language", metavar="TAG", type=_checked_by("read_language"), help="of the text, e.g. en")
    made = take.add_argument_group("what is made of it")
    made.add_argument("--kind", choices=("full", "excerpt", "link"), help="default: as much as the gate permits")
    made.add_argument("--date", metavar="INSTANT", type=_read_by("read_instant"), help="of publication here")
    made.add_argument("--topic", metavar="NAME", action="append", default=[], type=_checked_by("read_line"))
    made.add_argument("--story", metavar="SLUG", type=_checked_by("read_slug"), help="the event that it is about")
    made.add_argument("--quote", metavar="TEXT", action="append", default=[], help="words to quote, verbatim")
    made.add_argument("--comment", metavar="TEXT", help="your own words on it")
    made.add_argument("--draft", action="store_true", help="a draft, also where it might be published at once")
    how = take.add_argument_group("how")
    how.add_argument("--newest", metavar="N", type=_read_by("read_count"), help="of a feed, the newest N entries only")
    how.add_argument("--since", metavar="DATE", type=_read_by("read_instant"), help="of a feed, entries from then on")
    how.add_argument("--update", action="store_true", help="let articles follow originals that have changed")
    how.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    how.add_argument("--allow-private", action="store_true", help="ask addresses of a private network too")
    how.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    how.add_argument("-v", "--verbose", action="store_true", help="say all of each of many items")
    how.add_argument("--format", choices=("text", "json"), default="text", help="of what is printed (default: text)")
    _add_now(take)


def _verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str, output: str = "public"
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    verb.add_argument(
        "-s", "--source", metavar="DIR", type=Path, default=Path(), help="the site's folder (default: here)"
    )
    verb.add_argument("-c", "--config", metavar="FILE", type=Path, help="default: config.yaml in the site's folder")
    verb.add_argument("-o", "--output", metavar="DIR", type=_folder, help=f"default: {output} in the site's folder")
    return verb


def _add_selection(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("-D", "--drafts", action="store_true", help="publish drafts too")
    verb.add_argument("-F", "--future", action="store_true", help="publish articles dated in the future too")
    _add_now(verb)


def _add_base_url(verb: argparse.ArgumentParser, text: str) -> None:
    verb.add_argument("-b", "--base-url", metavar="URL", type=_read_by("read_base_url"), help=text)


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


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 6 and int(text) < 65536):
        raise argparse.ArgumentTypeError("it is no port. Write a number from 0 to 65535")
    return int(text)


def _checked_by(name: str) -> Callable[[str], str]:
    """As `_read_by`, for what is wanted as it was written."""
    read = _read_by(name)

    def check(text: str) -> str:
        read(text)
        return text.strip()

    return check


def _read_by(name: str, module: str = "broadsheet.fields") -> Callable[[str], Any]:
    """For argparse: an argument read by a field's own reader, which is imported only where the argument is given."""

    def read(text: str) -> object:
        from broadsheet.record import UnreadableError

        try:
            return getattr(import_module(module), name)(text)
        except UnreadableError as error:
            raise argparse.ArgumentTypeError(printable(f"it {error.message}. {error.remedy}")) from None

    return read
