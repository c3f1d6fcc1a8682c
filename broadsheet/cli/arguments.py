"""The verbs and their flags."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from broadsheet.problem import FORMATS, printable

LISTS = ("all", "drafts", "future", "reviews", "duplicates", "stories", "publishers", "licences")


def with_verb(given: list[str]) -> list[str]:
    """`build` is the verb where none is given, so that a bare `build.py --drafts` builds."""
    if given and (given[0] in _VERBS or given[0] in ("-h", "--help") or not given[0].startswith("-")):
        return given
    return ["build", *given]


def parser(verb: str | None = None) -> argparse.ArgumentParser:
    """What is understood; also what `--help` says. With a verb, only that is known: all of them would cost 10 ms."""
    made = argparse.ArgumentParser(
        prog="build.py" if Path(sys.argv[0]).name == "build.py" else "broadsheet",
        formatter_class=_formatter,
        description="Build a digest of other people's articles that publishes only what it may.",
        epilog="Exit codes: 0 done, 1 problems and nothing published, 2 usage or configuration, "
        "3 done with --keep-going and items left out, 130 interrupted.",
    )
    verbs = made.add_subparsers(dest="verb", required=True, metavar="VERB", prog=made.prog)
    for name, (text, add_flags) in _VERBS.items():
        if name == verb or verb not in _VERBS:
            of_verb = verbs.add_parser(
                name, formatter_class=_formatter, help=text, description=f"{text[0].upper()}{text[1:]}."
            )
            add_flags(of_verb)
    return made


def _formatter(prog: str) -> argparse.HelpFormatter:
    """As wide as the terminal. argparse asks for one at every flag, and left to itself would import shutil for it."""
    said = os.environ.get("COLUMNS", "")
    columns = int(said) if said.isdecimal() else 0
    if not columns:
        with suppress(OSError):  # it is no terminal
            columns = os.get_terminal_size().columns
    return argparse.HelpFormatter(prog, width=(columns or 80) - 2)


def _add_build(verb: argparse.ArgumentParser) -> None:
    """`build`: what to build, who does it, what to say of it."""
    _add_folders(verb)
    _add_selection(verb)
    _add_base_url(verb, "address of the site's folder")
    verb.add_argument("--keep-going", action="store_true", help="leave out files with problems, and exit with 3")
    workers = verb.add_mutually_exclusive_group()
    workers.add_argument(
        "-j", "--jobs", metavar="N", type=_read_by("read_count"), help="processes (default: the cores)"
    )
    workers.add_argument(
        "--executor",
        metavar="dask://HOST:PORT",
        type=_read_by("read_cluster", "broadsheet.build.cluster"),
        help="let the workers of a Dask cluster do it",
    )
    verb.add_argument("--no-cache", action="store_true", help="read and render everything anew")
    verb.add_argument(
        "--ping", action="store_true", help="then tell the hub of 'feeds:' of those that changed and are deployed"
    )
    verb.add_argument("--profile", action="store_true", help="say where the time goes")
    verb.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    verb.add_argument("-v", "--verbose", action="store_true", help="name each file that is written")
    _add_format(verb)


def _add_check(verb: argparse.ArgumentParser) -> None:
    _add_folders(verb)
    verb.add_argument("--links", action="store_true", help="also look whether links to elsewhere still lead there")
    verb.add_argument("--evidence", action="store_true", help="list the registers' evidence instead, oldest first")
    verb.add_argument("-v", "--verbose", action="store_true", help="name all that could not be compared")
    _add_now(verb)
    _add_format(verb)


def _add_list(verb: argparse.ArgumentParser) -> None:
    _add_folders(verb)
    verb.add_argument("what", nargs="?", choices=LISTS, default="all", help=" | ".join(LISTS))
    verb.add_argument("--kind", choices=("full", "excerpt", "link", "own"), help="only of this kind")
    verb.add_argument("--publisher", metavar="ID", help="only of this publisher")
    _add_now(verb)
    _add_format(verb)


def _add_new(verb: argparse.ArgumentParser) -> None:
    _add_folders(verb)
    verb.add_argument("what", choices=("article", "page"))
    verb.add_argument("title", help="its headline")
    verb.add_argument("--kind", choices=("full", "excerpt", "link", "own"), default="excerpt", help="default: excerpt")
    verb.add_argument("--publisher", metavar="ID", default="unknown", help="an id of the register, such as voa")
    verb.add_argument(
        "--captured",
        metavar="FILE",
        type=Path,
        help="the original's text and nothing but it: its hash, number of words and fingerprint are kept, it is not",
    )
    _add_now(verb)


def _add_withdraw(verb: argparse.ArgumentParser) -> None:
    _add_folders(verb)
    verb.add_argument("article", metavar="SLUG", help="its slug, or the path of its file")
    verb.add_argument("--reason", required=True, help="why: its page, the feeds and the public log say it")
    _add_now(verb)


def _add_schema(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("what", choices=("article", "page", "config", "theme", "rights"))


def _add_serve(verb: argparse.ArgumentParser) -> None:
    """`serve`: what to build as `build` does, where to be seen, how to follow edits."""
    _add_folders(verb, output=".cache/preview")
    _add_selection(verb)
    _add_base_url(verb, "address that pages name (default: the preview's, with the path of base_url)")
    verb.add_argument("--keep-going", action="store_true", help="leave out files with problems")
    verb.add_argument("--host", metavar="HOST", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)")
    verb.add_argument(
        "--port", metavar="N", type=_port, default=8000, help="port to listen at, 0 for any (default: 8000)"
    )
    verb.add_argument("--open", action="store_true", help="open it in a browser")
    verb.add_argument("--no-reload", action="store_true", help="serve pages as they were built, without the script")
    verb.add_argument("--poll", action="store_true", help="look for edits again and again, as on a network's disk")
    verb.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    verb.add_argument("-v", "--verbose", action="store_true", help="name each file that is written")


def _add_import(verb: argparse.ArgumentParser) -> None:
    """`import`: what to take in, what the curator knows of it, and how."""
    _add_folders(verb)
    verb.add_argument(
        "inputs",
        nargs="+",
        metavar="THING",
        help="a text, a web page, a feed or an OPML list: a file, a folder, an address, or - for standard input",
    )
    known = verb.add_argument_group("what you know of it")
    known.add_argument("--publisher", metavar="ID", help="an id of the register, such as voa, or a name")
    known.add_argument("--url", type=_checked_by("read_web_address"), help="where the original stands")
    known.add_argument("--title", type=_checked_by("read_line"), help="its headline")
    known.add_argument("--author", metavar="NAME", action="append", default=[], type=_checked_by("read_line"))
    known.add_argument(
        "--published", metavar="DATE", type=_checked_by("read_moment"), help="when it was, e.g. 2024-02-29"
    )
    known.add_argument("--licence", metavar="ID", help="an id of the register of licences, such as CC-BY-4.0")
    known.add_argument("--language", metavar="TAG", type=_checked_by("read_language"), help="of the text, e.g. en")
    made = verb.add_argument_group("what is made of it")
    made.add_argument("--kind", choices=("full", "excerpt", "link"), help="default: as much as the gate permits")
    made.add_argument("--date", metavar="INSTANT", type=_read_by("read_instant"), help="of publication here")
    made.add_argument("--topic", metavar="NAME", action="append", default=[], type=_checked_by("read_line"))
    made.add_argument("--story", metavar="SLUG", type=_checked_by("read_slug"), help="the event that it is about")
    made.add_argument("--quote", metavar="TEXT", action="append", default=[], help="words to quote, verbatim")
    made.add_argument("--comment", metavar="TEXT", help="your own words on it")
    made.add_argument("--draft", action="store_true", help="a draft, also where it might be published at once")
    how = verb.add_argument_group("how")
    how.add_argument("--newest", metavar="N", type=_read_by("read_count"), help="of a feed, the newest N entries only")
    how.add_argument("--since", metavar="DATE", type=_read_by("read_instant"), help="of a feed, entries from then on")
    how.add_argument("--update", action="store_true", help="let articles follow originals that have changed")
    how.add_argument("--dry-run", action="store_true", help="say what would be done, and write nothing")
    how.add_argument("--allow-private", action="store_true", help="ask addresses of a private network too")
    how.add_argument("-q", "--quiet", action="store_true", help="print problems only")
    how.add_argument("-v", "--verbose", action="store_true", help="say all of each of many items")
    how.add_argument("--format", choices=("text", "json"), default="text", help="of what is printed (default: text)")
    _add_now(verb)


def _add_folders(verb: argparse.ArgumentParser, output: str = "public") -> None:
    verb.add_argument(
        "-s", "--source", metavar="DIR", type=Path, default=Path(), help="the site's folder (default: here)"
    )
    verb.add_argument("-c", "--config", metavar="FILE", type=Path, help="default: config.yaml in the site's folder")
    verb.add_argument("-o", "--output", metavar="DIR", type=_folder, help=f"default: {output} in the site's folder")


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


_VERBS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "build": ("build the site (the default)", _add_build),
    "serve": ("preview the site on this machine, and build it again when it is edited", _add_serve),
    "import": ("make drafts of other people's articles, with their provenance and licence", _add_import),
    "check": ("read what was built again, and say whether it keeps the promise", _add_check),
    "list": ("list articles, newest first, or what the registers know", _add_list),
    "new": ("begin an article or a page", _add_new),
    "withdraw": ("take an article's words out, and leave a page that says so", _add_withdraw),
    "clean": ("remove what was built, and the cache; other files stay", _add_folders),
    "schema": ("print the JSON Schema of a file, for editors", _add_schema),
    "version": ("print the version", lambda _: None),
}
