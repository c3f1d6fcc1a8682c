"""The cases of `tests/cases` notice every rule: whichever is taken away or turned round, some case comes out otherwise.

Sites are read once and judged as a build judges them, without pages; what is looked for in the output is looked for in
sites that are built once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import broadsheet
from broadsheet import config as configuration
from broadsheet.audit import audit, feeds, links, media, quoting
from broadsheet.build.engine import policy
from broadsheet.config import Config
from broadsheet.fingerprint import Fingerprint
from broadsheet.model import Article, Kind, Page
from broadsheet.problem import Finding
from broadsheet.reading.article import read_article, read_fingerprint, read_page
from broadsheet.rights import Cleared, excerpt, gate, licensing, picture
from broadsheet.rights.case import Case as Judged
from tests.making import NOW, Site
from tests.test_cases import FILES, Case, outcome, read_case

PACKAGE = Path(broadsheet.__file__).parent
Rule = Callable[[Judged], list[Finding]]
Said = frozenset[tuple[str, str]]
"""(file, rule) of all that is wrong with a site."""
SITES = {f"{file.parent.name}/{file.stem}": read_case(file) for file in FILES}
UNREADABLE = "unreadable"


@cache
def content(name: str) -> tuple[Article | Page | str, ...]:
    """The articles and pages of a case; of one that cannot be read, its path."""
    files = SITES[name].files
    read: list[Article | Page | str] = []
    for path, data in sorted(files.items()):
        if not path.endswith(".md") or not path.startswith("content/"):
            continue
        beside = path.removesuffix(".md") + ".fingerprint"
        stored = read_fingerprint(beside, files[beside]) if beside in files else None
        if stored is not None and not isinstance(stored, Fingerprint):
            read.append(beside)
            continue
        thing = read_article(path, data, stored) if path.startswith("content/articles/") else read_page(path, data)
        read.append(path if isinstance(thing, tuple) else thing)
    return tuple(read)


@cache
def config(name: str) -> Config | Said:
    """The configuration of a case, or what is wrong with it."""
    return read_config(name)


def read_config(name: str) -> Config | Said:
    """As `config`, read anew."""
    read = configuration.read("config.yaml", SITES[name].files["config.yaml"])
    return read if isinstance(read, Config) else frozenset(("config.yaml", problem.rule) for problem in read)


def judge(name: str, configured: Config | Said) -> Said:
    """What the gate says of a case; empty where all of it is cleared."""
    if not isinstance(configured, Config):
        return configured
    judging = policy(configured, datetime.fromisoformat(NOW).astimezone(UTC))
    found: set[tuple[str, str]] = set()
    cleared: list[Cleared] = []
    for thing in content(name):
        if isinstance(thing, str):
            found.add((thing, UNREADABLE))
        elif isinstance(thing, Page):
            found |= {(thing.path, finding.rule) for finding in gate.check_page(thing, judging)}
        elif not thing.matter.draft:
            result = gate.clear(thing, judging)
            if isinstance(result, Cleared):
                cleared.append(result)
            else:
                found |= {(thing.path, finding.rule) for finding in result}
    excerpts = [
        (c.article.date, c.article.path, c.publisher.name)
        for c in cleared
        if c.article.matter.kind is Kind.EXCERPT and c.publisher and not c.article.matter.withdrawn
    ]
    days = gate.check_days(excerpts, judging)
    return frozenset(found | {(path, finding.rule) for path, findings in days.items() for finding in findings})


@pytest.fixture(scope="module")
def before() -> dict[str, Said]:
    """What the gate says of each case as it is."""
    return {name: judge(name, config(name)) for name in SITES}


def test_the_gate_alone_refuses_what_a_build_refuses(before: dict[str, Said]) -> None:
    """So that what follows is about the same sites: only faults of a theme are seen later than by the gate."""
    refused = {name for name, case in SITES.items() if "rights/" in case.expected.get("problems", "")}
    assert {name for name, said in before.items() if any(rule.startswith("rights/") for _, rule in said)} == refused


def let_through(before: dict[str, Said], read: Callable[[str], Config | Said] = config) -> Iterator[str]:
    """The cases that are refused, and would now be published."""
    return (name for name, said in before.items() if said and not judge(name, read(name)))


@pytest.mark.parametrize("rule", gate.RULES, ids=lambda rule: f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}")
def test_without_a_rule_something_is_published(
    rule: Rule, before: dict[str, Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rule of the gate alone stands between some case and its readers; turned round it stands in another's way."""
    monkeypatch.setattr(gate, "RULES", tuple(other for other in gate.RULES if other is not rule))
    assert next(let_through(before), None) is not None, "no case would be published without it"

    def turned(case: Judged) -> list[Finding]:
        return [] if rule(case) else [Finding("rights/turned", "it is as it should be", "Break it")]

    monkeypatch.setattr(gate, "RULES", (*gate.RULES, turned))
    assert next((name for name, said in before.items() if judge(name, config(name)) != said), None) is not None


OTHERS: dict[str, tuple[object, str, Callable[..., object]]] = {
    "of our own quotations": (excerpt, "check_own", lambda *_: []),
    "of pages": (gate, "check_page", lambda *_: ()),
    "of a day's excerpts": (gate, "check_days", lambda *_: {}),
    "of pictures": (picture, "check", lambda *_: []),
    "of pictures that are kept out": (picture, "_kept_out", lambda *_: []),
    "of a counter that is asked for": (licensing, "_asks_for_counter", lambda *_: False),
    "of grants in config.yaml": (configuration, "_grants_more", lambda *_: False),
    "of what proves a grant": (configuration, "_is_proved", lambda *_: True),
    "of publishers in config.yaml": (configuration, "_check_publisher", lambda *_: []),
    "of all of config.yaml": (configuration, "_check", lambda *_: []),
}
"""By name: a check that is no rule of the gate, and what it says where it sees nothing."""


@pytest.mark.parametrize("check", OTHERS)
def test_without_a_check_something_is_published(
    check: str, before: dict[str, Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each check beside the rules alone stands between some case and its readers."""
    module, name, blind = OTHERS[check]
    monkeypatch.setattr(module, name, blind)
    assert next(let_through(before, read_config), None) is not None, "no case would be published without it"


def test_without_the_findings_of_a_name_something_is_published(before: dict[str, Said]) -> None:
    """Each name under which the gate finds something is all that stands between some case and its readers."""
    alone = {rule for said in before.values() if len(rules := {rule for _, rule in said}) == 1 for rule in rules}
    assert sorted(named("rights", "rights") - alone) == []
    assert sorted(named("config.py", "config") - alone) == IN_TESTS_BROKEN


IN_TESTS_BROKEN = [
    "config/bad-id",
    "config/format-twice",
    "config/licence-unknown",
    "config/no-feeds",
    "config/no-terms",
]
"""Faults of form in config.yaml, which are no matter of rights."""


def test_every_name_of_a_finding_in_the_output_is_in_a_case() -> None:
    """Each name under which `check` finds something on a built site is expected by some case."""
    expected = "\n".join(case.expected.get("check", "") for case in SITES.values())
    assert sorted(name for name in named("audit", "audit") if f" {name}: " not in expected) == IN_NO_CASE


IN_NO_CASE = ["audit/link-dead", "audit/not-utf-8", "audit/symlink", "audit/too-deep"]
"""Found by asking other hosts, or on files that no text can hold."""


def named(where: str, area: str) -> set[str]:
    """The names of findings that are written out in a folder or a file of the package."""
    files = [PACKAGE / where] if where.endswith(".py") else sorted((PACKAGE / where).glob("*.py"))
    source = "\n".join(file.read_text(encoding="utf-8") for file in files)
    return set(re.findall(rf'"({area}/[a-z0-9-]+)"', source))


Sites = dict[str, tuple[Site, frozenset[str]]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Sites:
    """The cases on which `check` finds something, built, each with the rules that it finds broken."""
    sites: Sites = {}
    for name, case in SITES.items():
        if is_faulty(case):
            site = Site(tmp_path_factory.mktemp("built") / "site")
            outcome(case, site)
            sites[name] = (site, found_in(site))
    return sites


def is_faulty(case: Case) -> bool:
    """Whether `check` is to find something on a case's site."""
    return "exit 1" in case.expected.get("check", "")


def found_in(site: Site) -> frozenset[str]:
    """What `check` finds on a site."""
    return frozenset(map(str, audit.audit(site.public, site.root, None, lambda *_: None).problems))


def test_without_a_check_of_pages_a_fault_of_some_site_is_missed(built: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each check that looks at every page finds what no other does."""
    unnoticed = []
    for check in audit.PAGE_CHECKS:
        with monkeypatch.context() as patched:
            patched.setattr(audit, "PAGE_CHECKS", tuple(other for other in audit.PAGE_CHECKS if other is not check))
            if all(found_in(site) == found for site, found in built.values()):
                unnoticed.append(f"{check.__module__}.{check.__name__}")
    assert unnoticed == []


AUDITS: dict[str, tuple[object, str]] = {
    "of the output as a whole": (audit, "_check_whole"),
    "of links that lead nowhere": (links.Web, "check"),
    "of links that do harm": (links.Web, "take"),
    "of caps": (quoting.Quoted, "check"),
    "of words that nobody cleared": (quoting.Quoted, "take"),
    "of feeds": (feeds, "check"),
    "of ids in feeds": (feeds, "check_ids"),
    "of style sheets": (media, "check_style_sheet"),
    "of pictures that are changed": (media, "check_picture"),
    "of pictures that are gone": (media, "check_pictures"),
}
"""By name: a check of the output that looks at more, or at other things, than a page."""


def test_without_another_check_a_fault_of_some_site_is_missed(built: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does each check of all pages together, of feeds and of style sheets."""
    unnoticed = []
    for name, (module, check) in AUDITS.items():
        with monkeypatch.context() as patched:
            patched.setattr(module, check, lambda *_: iter(()))
            if all(found_in(site) == found for site, found in built.values()):
                unnoticed.append(name)
    assert unnoticed == []
