"""The command line: verbs, flags, exit codes and what is printed.

Exit codes: 0 done; 1 problems, and the published site is as it was; 2 usage or configuration; 3 done under
`--keep-going`, with items left out; 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

import broadsheet
from broadsheet.cli.arguments import parser, with_verb
from broadsheet.cli.console import DONE, INTERRUPTED, USAGE, refuse
from broadsheet.problem import printable

_RUN = {
    "build": "build:build",
    "check": "check:check",
    "clean": "build:clean",
    "import": "importing:take",
    "list": "lists:listing",
    "new": "writing:new",
    "serve": "serving:serve",
    "withdraw": "writing:withdraw",
}
"""By verb, the module and the function that runs it: a verb imports what it needs, so that the others start at once."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; the exit code."""
    given = with_verb(list(sys.argv[1:] if arguments is None else arguments))
    empty = next((word for word in given if word.startswith("--") and word.endswith("=--")), None)
    if empty is not None:  # argparse makes an empty list of that value, whatever the option's type
        return refuse(f"{printable(empty)}: the value cannot be '--'.")
    try:
        return _run(parser(given[0]).parse_args(given))
    except KeyboardInterrupt:
        return _interrupted()
    except RuntimeError as error:
        # Python 3.11 wraps what interrupts the making of a class, while a module is imported.
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
        return _interrupted()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _interrupted() -> int:
    print("Interrupted; the published site is whole.", file=sys.stderr)
    return INTERRUPTED


def _run(args: argparse.Namespace) -> int:
    if args.verb == "version":
        print(f"Broadsheet {broadsheet.__version__}")
        return DONE
    if args.verb == "schema":
        from broadsheet.cli.lists import schema

        return schema(args.what)
    if not args.source.is_dir():
        print(f"There is no folder '{args.source}'. Name the site's folder with --source.", file=sys.stderr)
        return USAGE
    try:
        return _function(args.verb)(args)
    except BrokenPipeError:
        raise
    except OSError as error:
        return refuse(f"{printable(str(error.filename or ''))}: {error.strerror or error}. Look at its permissions.")


def _function(verb: str) -> Callable[[argparse.Namespace], int]:
    module, _, name = _RUN[verb].partition(":")
    function: Callable[[argparse.Namespace], int] = getattr(import_module(f"broadsheet.cli.{module}"), name)
    return function
