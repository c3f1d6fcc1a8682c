"""`check`: the built site, read again."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from broadsheet.cli.console import DONE, PROBLEMS, USAGE, Meter, now, output, plural, print_json, print_problems, refuse
from broadsheet.problem import Problem, printable

if TYPE_CHECKING:
    from broadsheet.audit.audit import Audit
    from broadsheet.register import Register


def check(args: argparse.Namespace) -> int:
    """Audit the built site, or list how the terms of publishers are known."""
    from broadsheet.build import settings

    file = args.config or args.source / "config.yaml"
    # A built site can be audited without the folder that it was built from.
    config = settings.load_config(file) if args.config or file.exists() else None
    if isinstance(config, tuple):
        print_problems(config, args.format)
        return USAGE
    if args.evidence:
        return _list_evidence(args, config.register if config else None)
    try:
        from broadsheet.audit.audit import audit
    except ModuleNotFoundError as error:
        return refuse(f"'check' needs {error.name}, which is not here. Install it: pip install selectolax feedparser")
    started = time.perf_counter()
    meter = Meter(bool(sys.stderr and sys.stderr.isatty()) and args.format == "text")
    found = audit(output(args), args.source, config.rights.limits if config else None, meter.show)
    meter.clear()
    problems = [*found.problems, *(_check_links(args, found, meter) if args.links and found.items else ())]
    print_problems(problems, args.format)
    if args.format == "text":
        _print_unchecked(found.unchecked, args.verbose)
        print(
            f"Checked {found.items} {plural(found.items, 'article')}: {found.files} files, "
            f"{len(problems)} {plural(len(problems), 'problem')}, in {time.perf_counter() - started:.2f} s"
        )
    return PROBLEMS if problems else DONE


def _print_unchecked(unchecked: Sequence[str], is_verbose: bool) -> None:
    if unchecked:
        number = len(unchecked)
        more = ":" if is_verbose else "; 'check -v' names them"
        print(f"{number} {plural(number, 'article')} could not be compared with the original{more}")
        print("".join(f"  {printable(line)}\n" for line in unchecked) if is_verbose else "", end="")


def _check_links(args: argparse.Namespace, found: Audit, meter: Meter) -> Sequence[Problem]:
    from broadsheet.audit.asking import Client
    from broadsheet.audit.outside import OutsideLink, check_links

    name = output(args).name
    links = [
        OutsideLink(url, tuple(f"{name}/{place}" for place in places), url in found.originals)
        for url, places in found.outer.items()
    ]
    report = check_links(links, args.source / ".cache" / "links.json", now(args.now), Client(found.url), meter.show)
    meter.clear()
    if args.format == "text":
        for remark in report.moved:
            print(printable(f"Moved: {remark.link}: {remark.text}"))
        print(
            f"Looked at {report.asked} of {report.links} links to elsewhere; {len(report.undecided)} undecided, "
            f"{report.left_over} left for the next run"
        )
        if not report.is_online:
            print("Nothing out there answers: this machine seems to be offline, so nothing was learnt from silence.")
        if not report.is_kept:
            print("The results could not be kept in .cache, so the next run asks again.")
    return report.problems


def _list_evidence(args: argparse.Namespace, register: Register | None) -> int:
    """How the terms of each publisher are known, oldest first."""
    from broadsheet.register import packaged

    today = now(args.now)
    rows = [
        {
            "days": (today - evidence.read).days,
            "read": f"{evidence.read:%Y-%m-%d}",
            "publisher": name,
            "certainty": evidence.certainty.value,
            "url": evidence.url or "",
            "clause": evidence.clause or "",
        }
        for name, publisher in (register or packaged()).publishers.items()
        for evidence in publisher.evidence
    ]
    rows.sort(key=lambda row: (-int(str(row["days"])), str(row["publisher"])))
    if args.format == "json":
        print_json(rows)
    else:
        for row in rows:
            known = f"{row['days']:>5} days  {row['publisher']:<30}  {row['certainty']:<16}  {row['url'] or '-'}"
            print(printable(known))
    return DONE
