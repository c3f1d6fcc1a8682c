"""The rights gate, attacked: what may not get through it, and what must.

Each table has both sides. A row is a good reprint of Voice of America (`making.ARTICLE`) less its licence, captured as
its body shows it, changed; an empty expectation means that it is cleared. Where a rule needs a publisher that asks for
one thing only, it is one of `PAPERS`, so that no change of the package's register touches it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from broadsheet import url
from broadsheet.build import new
from broadsheet.config import Profile, Rights
from broadsheet.fingerprint import Fingerprint, dump, fingerprint
from broadsheet.model import Article, Kind
from broadsheet.problem import Finding
from broadsheet.reading.article import read_article
from broadsheet.register import (
    Certainty,
    Condition,
    Evidence,
    Exclusion,
    Licence,
    Permission,
    Publisher,
    Terms,
    packaged,
)
from broadsheet.rights import Cleared, Policy, clear
from broadsheet.site import wording
from tests.making import ARTICLE, CONFIG, WORDS, Site, captured, matter

Changes = Mapping[str, Any]
GOOD = cast("dict[str, Any]", ARTICLE)
TODAY = date(2026, 11, 21)


def paper(
    name: str,
    *asked: Condition,
    licence: str = "CC-BY-4.0",
    days: int | None = None,
    known: Certainty = Certainty.READ,
    **more: Any,
) -> Publisher:
    """A publisher that permits every kind under a licence, and asks for what is said here."""
    kinds = (Kind.FULL, Kind.EXCERPT, Kind.LINK)
    terms = Terms(licence=licence, kinds=kinds, conditions=asked, delay_days=days)
    evidence = Evidence(certainty=known, read=datetime(2026, 11, 21, tzinfo=UTC))
    domains = (f"{name}.example",)
    return Publisher(name=f"The {name.title()} Paper", terms=(terms,), evidence=(evidence,), domains=domains, **more)


LENT = Exclusion(what="What others lent", marks=("Courtesy of the Quay Museum", "by arrangement"))
ARCHIVE = Exclusion(what="Its archive", addresses=("partial.example/archive/", "old.partial.example"))
PAPERS = {
    "free": paper("free"),
    "final": paper("final", licence="CC-BY-ND-4.0"),
    "unedited": paper("unedited", Condition.NO_EDITS),
    "untranslated": paper("untranslated", Condition.NO_TRANSLATION),
    "linking": paper("linking", Condition.KEEP_LINKS),
    "linked": paper("linked", Condition.LINK_TO_ARTICLE),
    "leading": paper("leading", Condition.LINK_FIRST),
    "wary": paper("wary", Condition.NO_SALE, Condition.NO_ADVERTISING),
    "unpaid": paper("unpaid", Condition.NO_PAYWALL),
    "unadvertised": paper("unadvertised", Condition.NO_ADVERTISING),
    "counting": paper("counting", Condition.COUNTER, counter=("count.example", "other.example")),
    "pictureless": paper("pictureless", Condition.NO_IMAGES),
    "partial": paper("partial", excludes=(LENT, ARCHIVE)),
    "late": paper("late", days=2),
    "believed": paper("believed", known=Certainty.BELIEVED),
}
"""Publishers of which each asks for one thing."""
REGISTER = packaged().with_own(PAPERS, {})
POLICY = Policy(REGISTER, Rights(), TODAY, "LicenseRef-Own")
COMMERCIAL = Policy(REGISTER, Rights(commercial=True), TODAY, "LicenseRef-Own")
LONG = "\n\n".join(f"Day {n} at the quay was dry, and the crews waited for the tide." for n in range(8))
EXCERPT = {"kind": "excerpt", "body": f"{WORDS}\n\n> The water came at night.\n"}
OWN = {"kind": "own", "origin": None, "retrieved": None}
MONGABAY = {"publisher": "mongabay", "url": "https://news.mongabay.com/2024/river/"}
RFERL = {"publisher": "rferl", "url": "https://www.rferl.org/a/river.html"}
TNA = {"publisher": "the-new-american", "url": "https://thenewamerican.com/river/"}
GAZETTE = {"publisher": "The Quay Gazette", "url": "https://gazette.example/river/"}
WITHDRAWN = {"date": "2024-03-03", "reason": "The publisher asked for it."}


def review(finding: str, note: str | None = "As they wrote to us on 2 March.") -> dict[str, str]:
    """A review with a finding."""
    return {"by": "Ed Editor", "at": "2024-03-02", "finding": finding} | ({"note": note} if note else {})


def of(name: str, page: str = "river") -> Changes:
    """The origin of a work of one of `PAPERS`."""
    return {"publisher": name, "url": f"https://{name}.example/{page}"}


def article(body: str = WORDS, name: str = "river", stored: Fingerprint | None = None, **changes: object) -> Article:
    """The good article with changes; those of `origin` and `retrieved` are changes of it, and None takes them away.

    `retrieved` says that its body is what was captured or, where a fingerprint lies beside it, what that says.
    """
    capture = captured(body) | ({"sha256": stored.sha256, "words": stored.words} if stored else {})
    good = {**GOOD, "retrieved": {**GOOD["retrieved"], **capture}}
    fields: dict[str, object] = {**ARTICLE, "licence": None, **changes}
    for key in ("origin", "retrieved"):
        change = changes.get(key, {})
        fields[key] = {**good[key], **change} if isinstance(change, dict) else change
    read = read_article(f"content/articles/{name}.md", (matter(fields) + body + "\n").encode(), stored)
    assert isinstance(read, Article), read
    return read


def judge(changes: Changes, policy: Policy = POLICY) -> Cleared | tuple[Finding, ...]:
    """What the gate says of the good article with changes."""
    return clear(article(**changes), policy)


def rules(changes: Changes, policy: Policy = POLICY) -> str:
    """The rules that it breaks, without `rights/`; empty where it is cleared."""
    result = judge(changes, policy)
    return "" if isinstance(result, Cleared) else " ".join(sorted(f.rule.removeprefix("rights/") for f in result))


def words(number: int) -> str:
    """So many words."""
    return " ".join(["wave"] * number)


def tides(first: int, end: int) -> str:
    """So many words, no two of them the same."""
    return " ".join(f"tide{n}" for n in range(first, end))


def excerpt(quoted: str, **changes: object) -> Changes:
    """An excerpt that quotes this, of an original so long that its share does not count."""
    return {**EXCERPT, "body": f"{WORDS}\n\n{quoted}", "retrieved": {"words": 10_000}, **changes}


CLAIMS: dict[str, tuple[Changes, str]] = {
    "nothing claimed": ({}, ""),
    "what the register says": ({"licence": "LicenseRef-USGov-PD"}, ""),
    "CC0 for the US government's": ({"licence": "CC0-1.0"}, "licence-widened"),
    "CC BY for the US government's": ({"licence": "CC-BY-4.0"}, "licence-widened"),
    "CC BY-NC-ND for a broadcaster's own terms": (
        {"origin": RFERL, "licence": "CC-BY-NC-ND-4.0"},
        "licence-widened",
    ),
    "narrower within Creative Commons": ({"origin": MONGABAY, "licence": "CC-BY-NC-ND-4.0"}, ""),
    "wider within Creative Commons": ({"origin": MONGABAY, "licence": "CC-BY-4.0"}, "licence-widened"),
    "another version": ({"origin": MONGABAY, "licence": "CC-BY-ND-3.0"}, "licence-widened"),
    "all rights reserved, quoted": ({**EXCERPT, "licence": "LicenseRef-All-Rights-Reserved"}, ""),
    "all rights reserved, reprinted": ({"licence": "LicenseRef-All-Rights-Reserved"}, "kind-not-permitted"),
    "open, of what is reserved": ({**EXCERPT, "origin": TNA, "licence": "CC-BY-4.0"}, "licence-widened"),
    "open, of a stranger": ({**EXCERPT, "origin": GAZETTE, "licence": "CC-BY-4.0"}, "licence-widened"),
    "reserved, of a stranger": ({**EXCERPT, "origin": GAZETTE, "licence": "LicenseRef-All-Rights-Reserved"}, ""),
    "unknown, quoted": ({**EXCERPT, "licence": "unknown"}, ""),
    "unknown, reprinted": ({"licence": "unknown"}, "licence-unknown"),
    "in no register": ({"licence": "CC-BY-4"}, "licence-unknown"),
    "verified": ({"licence": "CC-BY-4.0", "review": review("licence-verified")}, ""),
    "verified and not said where": (
        {"licence": "CC-BY-4.0", "review": review("licence-verified", None)},
        "review-unexplained",
    ),
    "verified, of what is reserved": (
        {"origin": TNA, "licence": "CC-BY-4.0", "review": review("licence-verified")},
        "",
    ),
    "verified, and reserved": (
        {"origin": TNA, "review": review("licence-verified")},
        "kind-not-permitted",
    ),
    "a review of something else": ({"licence": "CC0-1.0", "review": review("wire-facts-only")}, "licence-widened"),
}

KINDS: dict[str, tuple[Changes, str]] = {
    "what is reserved, reprinted": ({"origin": TNA}, "kind-not-permitted"),
    "what is reserved, quoted": ({**EXCERPT, "origin": TNA}, ""),
    "what is reserved, linked": ({"origin": TNA, "kind": "link"}, ""),
    "what is reserved, by permission": ({"origin": TNA, "review": review("permission-granted")}, ""),
    "in the restrictive years": ({"origin": {"published": "2014-06-01"}}, "kind-not-permitted"),
    "of an unknown date": ({"origin": {"published": "unknown"}}, "kind-not-permitted"),
    "of an unknown date, quoted": ({**EXCERPT, "origin": {"published": "unknown"}}, ""),
    "of an unknown date, verified": (
        {"origin": {"published": "unknown"}, "licence": "CC-BY-4.0", "review": review("licence-verified")},
        "",
    ),
    "believed": (
        {"origin": of("believed")},
        "kind-not-permitted",
    ),
    "believed, quoted": ({**EXCERPT, "origin": of("believed")}, ""),
    "believed, verified": (
        {"origin": of("believed"), "review": review("licence-verified")},
        "",
    ),
    "a counter": (
        {"origin": of("counting")},
        "kind-not-permitted",
    ),
    "a counter, verified": (
        {
            "origin": of("counting"),
            "review": review("licence-verified"),
        },
        "kind-not-permitted",
    ),
    "a counter, by permission": (
        {
            "origin": of("counting"),
            "review": review("permission-granted"),
        },
        "",
    ),
    "a stranger's, reprinted": ({"origin": GAZETTE, "licence": "CC-BY-4.0"}, "publisher-unknown"),
    "a stranger's, by permission": (
        {"origin": GAZETTE, "licence": "CC-BY-4.0", "review": review("permission-granted")},
        "publisher-unknown",
    ),
    "a stranger's, quoted": ({**EXCERPT, "origin": GAZETTE}, ""),
    "a misspelled name, quoted": ({**EXCERPT, "origin": {**GAZETTE, "publisher": "ProPublika"}}, "publisher-unknown"),
    "nobody's, quoted": ({**EXCERPT, "origin": {**GAZETTE, "publisher": "Unknown"}}, "publisher-unknown"),
}

ADDRESSES: dict[str, tuple[Changes, str]] = {
    "another publisher's": ({"origin": {"url": TNA["url"]}}, "foreign-address"),
    "another publisher's, quoted": ({**EXCERPT, "origin": {"url": TNA["url"]}}, "foreign-address"),
    "another publisher's, of a stranger": ({**EXCERPT, "origin": {**GAZETTE, "url": TNA["url"]}}, "foreign-address"),
    "another publisher's, in capitals, with a port": (
        {**EXCERPT, "origin": {**GAZETTE, "url": "HTTPS://WWW.TheNewAmerican.COM:443/x".replace("HTTPS", "https")}},
        "foreign-address",
    ),
    "another publisher's, by permission": (
        {"origin": {"url": TNA["url"]}, "review": review("permission-granted")},
        "foreign-address",
    ),
    "below the publisher's": ({"origin": {"url": "https://learningenglish.voanews.com/a/river.html"}}, ""),
    "ends like the publisher's": ({"origin": {"url": "https://notvoanews.com/a/river.html"}}, "foreign-address"),
    "begins like the publisher's": ({"origin": {"url": "https://voanews.com.example/river"}}, "foreign-address"),
    "nobody's": ({"origin": {"url": "https://copies.example/river"}}, "foreign-address"),
    "nobody's, quoted": ({**EXCERPT, "origin": {"url": "https://copies.example/river"}}, ""),
    "nobody's, verified": (
        {"origin": {"url": "https://copies.example/river"}, "review": review("licence-verified")},
        "",
    ),
    "unknown": ({"origin": {"url": "unknown"}}, ""),
    "unknown, of who asks for a link": (
        {"origin": {**of("linked"), "url": "unknown"}},
        "credit-missing foreign-address",
    ),
    "unknown, of who asks for it first": (
        {"origin": {**of("leading"), "url": "unknown"}},
        "credit-missing foreign-address",
    ),
    "unknown, of who asks for a link, quoted": ({**EXCERPT, "origin": {**of("linked"), "url": "unknown"}}, ""),
    "unknown, of who asks for a link, by permission": (
        {"origin": {**of("linked"), "url": "unknown"}, "review": review("permission-granted")},
        "",
    ),
    "unknown, of a link": ({"kind": "link", "origin": {"url": "unknown"}}, "credit-missing"),
    "none, of a link": ({"kind": "link", "origin": {"url": None}}, "credit-missing"),
    "none": ({"origin": {"url": None}}, "credit-missing"),
}

CREDITS: dict[str, tuple[Changes, str]] = {
    "no authors": ({"origin": {"authors": []}}, "credit-missing"),
    "no authors of a link": ({"kind": "link", "origin": {"authors": []}}, ""),
    "no date of a link": ({"kind": "link", "origin": {"published": None}}, "credit-missing"),
    "no capture": ({"retrieved": None}, "credit-missing"),
    "no capture of a link": ({"kind": "link", "retrieved": None}, ""),
    "an empty capture": (
        {"retrieved": {"from": None, "words": None, "sha256": None}},
        "credit-missing credit-missing credit-missing",
    ),
}

TERMS: dict[str, tuple[Changes, str]] = {
    "reworded": ({"origin": of("final"), "changes": ["Two paragraphs left out"]}, "no-derivatives"),
    "formatted": ({"origin": of("final"), "changes": ["formatting: paragraphs restored"]}, ""),
    "formatted without the colon": ({"origin": of("final"), "changes": ["Formatting away the end"]}, "no-derivatives"),
    "reworded by permission": (
        {"origin": of("final"), "changes": ["Shortened"], "review": review("permission-granted")},
        "",
    ),
    "reworded where it may be": ({"changes": ["Two paragraphs left out"]}, ""),
    "reworded where the publisher asks for none": (
        {"origin": {"published": "2012-05-01"}, "changes": ["Shortened"]},
        "no-derivatives",
    ),
    "quoted with a change": ({**EXCERPT, "origin": of("final"), "changes": ["A typing error mended"]}, ""),
    "on the day": ({"origin": {**of("late"), "published": "2024-02-29T08:00:00Z"}}, ""),
    "a minute early": ({"origin": {**of("late"), "published": "2024-02-29T08:01:00Z"}}, "too-early"),
    "a minute early, by permission": (
        {"origin": {**of("late"), "published": "2024-02-29T08:01:00Z"}, "review": review("permission-granted")},
        "",
    ),
    "a minute early, quoted": ({**EXCERPT, "origin": {**of("late"), "published": "2024-02-29T08:01:00Z"}}, ""),
    "a delay from an unknown day": ({"origin": {**of("late"), "published": "unknown"}}, "too-early"),
    "a delay from no day": ({"origin": {**of("late"), "published": None}}, "credit-missing too-early"),
}

COMMERCE: dict[str, tuple[Changes, str]] = {
    "non-commercial, reprinted": ({"origin": RFERL}, "non-commercial"),
    "non-commercial, quoted": ({**EXCERPT, "origin": RFERL}, ""),
    "non-commercial, by permission": ({"origin": RFERL, "review": review("permission-granted")}, ""),
    "non-commercial by claim": ({"origin": MONGABAY, "licence": "CC-BY-NC-ND-4.0"}, "non-commercial"),
    "commercial": ({"origin": MONGABAY}, ""),
}

NOTICES: dict[str, tuple[Changes, str]] = {
    "with a hard space": ({"body": f"{LONG}\n\nOriginally\u00a0published in The Gazette."}, "other-terms"),
    "with an entity": ({"body": f"{LONG}\n\nOriginally&nbsp;published in The Gazette."}, "other-terms"),
    "over two lines": ({"body": f"{LONG}\n\nThis was first\nappeared on gazette.example."}, "other-terms"),
    "first appeared in": ({"body": f"{LONG}\n\nIt first appeared in The Gazette."}, "other-terms"),
    "with a letter that is no i": (
        {"body": f"{LONG}\n\nIt was f\u0131rst publ\u0131shed in The Gazette."},
        "other-terms",
    ),
    "half in italics": ({"body": f"{LONG}\n\nAll *rights* reserved."}, "other-terms"),
    "of a year": ({"body": f"Copyright 2023 The Gazette\n\n{LONG}"}, "other-terms"),
    "in brackets": ({"body": f"{LONG}\n\n(c) 2023 The Gazette"}, "other-terms"),
    "as a sign": ({"body": f"{LONG}\n\n&copy; The Gazette"}, "other-terms"),
    "in a quotation": ({"body": f"{LONG}\n\n> All rights reserved.\n\n{LONG}"}, "other-terms"),
    "in a heading": ({"body": f"## All rights reserved\n\n{LONG}"}, "other-terms"),
    "in a table": ({"body": f"{LONG}\n\n| a |\n| - |\n| © Gazette |\n"}, "other-terms"),
    "in a footnote": ({"body": f"{LONG}[^1]\n\n[^1]: © Gazette\n"}, "other-terms"),
    "in code": ({"body": f"{LONG}\n\n    © Gazette\n"}, "other-terms"),
    "in an excerpt": ({**EXCERPT, "body": "© our own words.\n\n> one"}, ""),
    "verified": ({"body": "© Gazette", "review": review("licence-verified")}, ""),
    "with another review": ({"body": "© Gazette", "review": review("wire-text-removed")}, "other-terms"),
    "of rights in general": ({"body": f"The right to copy was published in 2023.\n\n{LONG}"}, ""),
}

TABLES = {
    "claims": CLAIMS,
    "kinds": KINDS,
    "addresses": ADDRESSES,
    "credits": CREDITS,
    "terms": TERMS,
    "notices": NOTICES,
}


@pytest.mark.parametrize(("table", "row"), [(table, row) for table, rows in TABLES.items() for row in rows])
def test_what_is_refused_and_what_is_cleared(table: str, row: str) -> None:
    """Licences claimed, kinds, addresses, credits, terms and notices: exactly these rules are broken."""
    changes, expected = TABLES[table][row]
    assert rules(changes) == expected


@pytest.mark.parametrize("row", COMMERCE)
def test_a_commercial_site_reprints_nothing_non_commercial(row: str) -> None:
    """On a commercial site the rule holds, on any other it does not."""
    changes, expected = COMMERCE[row]
    assert rules(changes, COMMERCIAL) == expected
    assert rules(changes) == ""


NAMED: dict[str, tuple[Changes, bool]] = {
    "a byline": ({"origin": {"authors": ["Ada Reporter", "Associated Press"]}}, True),
    "a byline with a hard space": ({"origin": {"authors": ["Associated\u00a0Press"]}}, True),
    "a byline with a zero-width space": ({"origin": {"authors": ["A\u200bP"]}}, True),
    "a byline in small letters": ({"origin": {"authors": ["REUTERS", "reuters"]}}, True),
    "a credit line": ({"credits": ["Some information for this report came from Reuters."]}, False),
    "a credit line, adapted": (
        {"credits": ["Ada Learner adapted it for the site from Associated  Press reports."]},
        True,
    ),
    "a dateline": ({"body": f"CAIRO (AP) - One.\n\n{LONG}"}, True),
    "a dateline with no space": ({"body": f"WASHINGTON (AP)—One.\n\n{LONG}"}, True),
    "a dateline without brackets": ({"body": f"CAIRO, AP – One.\n\n{LONG}"}, True),
    "a dateline in full": ({"body": f"CAIRO, March 1 (Reuters) - One.\n\n{LONG}"}, True),
    "a dateline in square brackets": ({"body": f"[ AFP ] One.\n\n{LONG}"}, True),
    "a dateline with a soft hyphen": ({"body": f"CAIRO (A\u00adP) — One.\n\n{LONG}"}, True),
    "a dateline in fullwidth letters": ({"body": f"CAIRO （ＡＰ） — One.\n\n{LONG}"}, True),
    "a dateline below a heading": ({"body": f"## The river\n\nCAIRO, AP — One.\n\n{LONG}"}, True),
    "a dateline below two headings": ({"body": f"# A\n\n## B\n\nBy Ada.\n\nCAIRO, AP — One.\n\n{LONG}"}, True),
    "a dateline in a heading": ({"body": f"## CAIRO (AP)\n\n{LONG}"}, True),
    "a dateline in bold": ({"body": f"**CAIRO (A**P) — One.\n\n{LONG}"}, True),
    "a byline in the text": ({"body": f"By Ada Reporter, Associated Press\n\n{LONG}"}, True),
    "a byline in capitals": ({"body": f"BY ADA REPORTER, REUTERS\n\n{LONG}"}, True),
    "a byline in the middle": ({"body": f"{LONG}\n\n*By Ada Reporter, AFP*\n\n{LONG}"}, True),
    "an adaptation in the middle": ({"body": f"{LONG}\n\nAda adapted it for VOA from AFP.\n\n{LONG}"}, True),
    "brackets in the middle": ({"body": f"{LONG}\n\nThe crane (Reuters).\n\n{LONG}"}, True),
    "the last paragraph": ({"body": f"{LONG}\n\nReuters."}, False),
    "a double space": ({"body": f"{LONG}\n\nAssociated  Press."}, False),
    "a hard space": ({"body": f"{LONG}\n\nAssociated&nbsp;Press."}, False),
    "a line's end": ({"body": f"{LONG}\n\nAssociated\nPress."}, False),
    "above footnotes": (
        {"body": f"{LONG}[^1]\n\nReuters.\n\n[^1]: One.\n\n    Two.\n\n    Three.\n\n    Four.\n"},
        False,
    ),
    "above a table": ({"body": f"{LONG}\n\nReuters.\n\n| a | b |\n| - | - |\n| c | d |\n| e | f |\n"}, False),
    "far from the end": ({"body": f"{LONG}\n\nReuters contributed to this report.\n\n{LONG}"}, False),
    "with reporting by": ({"body": f"{LONG}\n\nWith reporting by AFP.\n\n{LONG}"}, False),
    "in a quotation": ({"body": f"{LONG}\n\n> Reuters contributed to the story.\n\n{LONG}"}, False),
    "in a quotation at the end": ({"body": f"{LONG}\n\n> Reuters."}, False),
    "in a list at the end": ({"body": f"{LONG}\n\n- Reuters.\n"}, False),
}
"""By name: where an agency is named, and whether as the author."""

CLEARED_BY = {"wire-facts-only": False, "wire-text-removed": True, "permission-granted": True}


@pytest.mark.parametrize("row", NAMED)
def test_an_agency_that_is_named_needs_a_review(row: str) -> None:
    """Nothing else clears it; facts alone clear a credit, and no authorship."""
    changes, is_authorship = NAMED[row]
    assert set(rules(changes).split()) == {"wire-unreviewed"}
    assert set(rules({**changes, "review": review("licence-verified")}).split()) == {"wire-unreviewed"}
    for finding, clears_authorship in CLEARED_BY.items():
        cleared = rules({**changes, "review": review(finding)}) == ""
        assert cleared == (clears_authorship or not is_authorship), finding
    assert rules({**changes, **EXCERPT, "body": f"{changes.get('body', 'Ours.')}\n\n> one"}) == ""


UNMARKED = {
    "told in the middle": f"{LONG}\n\nHe told Reuters that the water came at night.\n\n{LONG}",
    "told at the beginning": f"He told Reuters that the water came at night.\n\n{LONG}",
    "within a word": f"CAPE TOWN — One.\n\n{LONG}\n\nThe CAP and the APE.",
    "in small letters": f"{LONG}\n\nThe ap was closed, and so was aFp.",
    "by noon": f"By noon the quay was dry.\n\n{LONG}\n\nBy (Noon) it was not.",
    "after the dash": f"CAIRO — He told AFP that the water came at night.\n\n{LONG}",
    "contributed by somebody": f"{LONG}\n\nBo Writer contributed to this report.",
    "the paper of another press": f"{LONG}\n\nUnassociated Presses.",
}
"""By name: a text that names no agency as its source."""


@pytest.mark.parametrize("row", UNMARKED)
def test_a_text_that_owes_nothing_to_an_agency_is_no_mark(row: str) -> None:
    """An agency that is mentioned in passing, or only looks like one, needs no review."""
    assert rules({"body": UNMARKED[row]}) == ""


def test_two_agencies_on_a_line_are_one_problem_that_the_stricter_decides() -> None:
    """A review of facts clears the credit and not the authorship beside it."""
    changes = {"body": f"{LONG}\n\nReuters and AFP."}
    assert rules(changes) == "wire-unreviewed"
    mixed = {"body": f"CAIRO, AP — With reporting by Reuters.\n\n{LONG}", "review": review("wire-facts-only")}
    assert rules(mixed) == "wire-unreviewed"


PLACES: dict[str, tuple[Changes, object]] = {
    "a byline": ({"origin": {"authors": ["Ada", "AFP"]}}, ("origin", "authors", 1)),
    "a credit": ({"credits": ["Thanks", "Reuters"]}, ("credits", 1)),
    "a notice among the credits": ({"credits": ["Thanks", "© Gazette"]}, ("credits", 1)),
    "a change": ({"origin": MONGABAY, "changes": ["Formatting: x", "Cut"]}, ("changes", 1)),
    "a notice in the text": ({"body": "One.\n\n> All rights reserved."}, 3),
    "an agency in the text": ({"body": "One.\n\nTwo.\n\n(AP)"}, 5),
    "a quotation": (excerpt(f"> one\n\nOurs.\n\n> {words(75)}"), 3),
    "a picture in the text": ({"body": "One.\n\n![x](y.jpg)"}, 3),
    "an excerpt that quotes nothing": ({**EXCERPT, "body": WORDS}, 0),
    "an excerpt that says nothing": ({**EXCERPT, "body": "> one"}, 0),
}


@pytest.mark.parametrize("row", PLACES)
def test_a_finding_points_at_the_fault(row: str) -> None:
    """At the field, or at the line: so many below the front matter's end."""
    changes, place = PLACES[row]
    result = judge(changes)
    assert not isinstance(result, Cleared)
    first = article(**changes).body.line
    expected = first + place if isinstance(place, int) else place
    assert [found.at for found in result] == [expected]


CAPS: dict[str, tuple[Changes, int, str]] = {
    "at the cap": (excerpt(f"> {words(75)}"), 75, ""),
    "over the cap": (excerpt(f"> {words(76)}"), 76, "excerpt-too-long"),
    "at the share": (excerpt(f"> {words(59)}", retrieved={"words": 299}), 59, ""),
    "over the share": (excerpt(f"> {words(60)}", retrieved={"words": 299}), 60, "excerpt-share"),
    "at a share without a rest": (excerpt(f"> {words(60)}", retrieved={"words": 300}), 60, ""),
    "of a very short original": (excerpt("> wave", retrieved={"words": 4}), 1, "excerpt-share"),
    "over both": (excerpt(f"> {words(76)}", retrieved={"words": 300}), 76, "excerpt-share excerpt-too-long"),
    "in pieces": (excerpt(f"> {tides(0, 40)}\n\nOurs.\n\n> {tides(40, 76)}"), 76, "excerpt-too-long"),
    "in pieces that say the same": (excerpt(f"> {tides(0, 40)}\n\nOurs.\n\n> {tides(4, 40)}"), 76, ""),
    "in a quotation's quotation": (excerpt(f"> {words(40)}\n>\n> > {words(36)}"), 76, "excerpt-too-long"),
    "in a list's quotation": (excerpt(f"- Ours\n\n  > {words(76)}"), 76, "excerpt-too-long"),
    "in code": (excerpt(f"> one\n>\n>     {words(74)}\n>\n> `wave`"), 76, "excerpt-too-long"),
    "in a fence": (excerpt(f"> one\n>\n> ```\n> {words(75)}\n> ```"), 76, "excerpt-too-long"),
    "in a table": (excerpt(f"> | a |\n> | - |\n> | {words(75)} |"), 76, "excerpt-too-long"),
    "in a heading": (excerpt(f"> ## {words(76)}"), 76, "excerpt-too-long"),
    "in a footnote": (excerpt(f"> one[^1]\n\n[^1]: {words(75)}"), 76, "excerpt-too-long"),
    "in a footnote of a footnote": (
        excerpt(f"> one[^1]\n\n[^1]: two[^2]\n\n[^2]: {words(74)}"),
        76,
        "excerpt-too-long",
    ),
    "in a footnote on the spot": (excerpt(f"> one^[{words(75)}]"), 76, "excerpt-too-long"),
    "in a footnote of our own": (excerpt(f"> one\n\nOurs[^1].\n\n[^1]: {words(200)}"), 1, ""),
    "in a link's title": (excerpt(f'> [one](https://gazette.example "{words(200)}")'), 1, ""),
    "by slashes": (excerpt(f"> {'/'.join(['wave'] * 76)}"), 76, "excerpt-too-long"),
    "by dots": (excerpt(f"> {'.'.join(['wave'] * 76)}"), 76, "excerpt-too-long"),
    "by commas": (excerpt(f"> {','.join(['wave'] * 76)}"), 76, "excerpt-too-long"),
    "by low lines": (excerpt(f"> {'_'.join(['wave'] * 76)}"), 76, "excerpt-too-long"),
    "by at signs": (excerpt(f"> {'@'.join(['wave'] * 76)}"), 76, "excerpt-too-long"),
    "by colons and digits": (excerpt(f"> {'wave:1 ' * 38}"), 76, "excerpt-too-long"),
    "by hyphens": (excerpt(f"> {'-'.join(['wave'] * 304)}"), 76, "excerpt-too-long"),
    "by hard hyphens": (excerpt(f"> {chr(0x2011).join(['wave'] * 304)}"), 76, "excerpt-too-long"),
    "in circled letters": (excerpt(f"> {'ⓦⓐⓥⓔ ' * 76}"), 76, "excerpt-too-long"),
    "in fullwidth letters": (excerpt(f"> {'ｗａｖｅ ' * 76}"), 76, "excerpt-too-long"),
    "with zero-width spaces": (excerpt("> " + f"wa\u200bve{chr(0x200B)} " * 76), 76, "excerpt-too-long"),
    "with soft hyphens": (excerpt("> " + "wa\u00adve " * 75), 75, ""),
    "by wide spaces": (excerpt(f"> {chr(0x3000).join(['wave'] * 76)}"), 76, "excerpt-too-long"),
    "in signs": (excerpt(f"> {'雨' * 76}"), 76, "excerpt-too-long"),
}
"""By name: an excerpt, how many words it quotes, and what it breaks."""


@pytest.mark.parametrize("row", CAPS)
def test_an_excerpt_keeps_within_both_caps(row: str) -> None:
    """Exactly as many words as are allowed are allowed, however they are quoted."""
    changes, number, expected = CAPS[row]
    assert rules(changes) == expected
    result = judge(changes, Policy(packaged(), Rights(excerpt_words=999, excerpt_share=1.0), TODAY, "LicenseRef-Own"))
    assert not isinstance(result, Cleared) or result.words_quoted == number


QUOTING: dict[str, tuple[Changes, str]] = {
    "an excerpt that quotes nothing": ({**EXCERPT, "body": WORDS}, "excerpt-empty"),
    "an excerpt that quotes no word": ({**EXCERPT, "body": f"{WORDS}\n\n> …"}, "excerpt-empty"),
    "an excerpt that says nothing": ({**EXCERPT, "body": "> one"}, "excerpt-without-own-words"),
    "an excerpt with a heading of its own": ({**EXCERPT, "body": "## Ours\n\n> one"}, ""),
    "an excerpt with a footnote of its quotation only": (
        {**EXCERPT, "body": "> one[^1]\n\n[^1]: two"},
        "excerpt-without-own-words",
    ),
    "a link": ({"kind": "link"}, ""),
    "a link that quotes": ({"kind": "link", "body": f"{WORDS}\n\n> one"}, "quotation-in-link"),
    "a reprint that quotes": ({"body": f"{WORDS}\n\n> {words(200)}"}, ""),
    "of our own, as much quoted": ({**OWN, "body": f"{words(75)}\n\n> {words(75)}"}, ""),
    "of our own, more quoted": ({**OWN, "body": f"{words(74)}\n\n> {words(75)}"}, "own-mostly-quoted"),
    "of our own, more quoted in pieces": (
        {**OWN, "body": f"{words(79)}\n\n> {words(40)}\n\n---\n\n> {words(40)}"},
        "own-mostly-quoted",
    ),
    "of our own, a long piece": ({**OWN, "body": f"{words(200)}\n\n> {words(76)}"}, "excerpt-too-long"),
    "of our own, many pieces": ({**OWN, "body": f"{words(200)}\n\n> {words(75)}\n\n---\n\n> {words(75)}"}, ""),
    "of our own, a long footnote": (
        {**OWN, "body": f"{words(200)}\n\n> one[^1]\n\n[^1]: {words(76)}"},
        "excerpt-too-long",
    ),
    "of our own, freely": ({**OWN, "licence": "CC-BY-4.0"}, ""),
    "of our own, under no licence": ({**OWN, "licence": "CC-BY"}, "licence-unknown"),
}


@pytest.mark.parametrize("row", QUOTING)
def test_each_kind_quotes_as_it_may(row: str) -> None:
    """An excerpt has two voices, a link one, and what is our own is mostly ours."""
    changes, expected = QUOTING[row]
    assert rules(changes) == expected


def picture(**changes: object) -> Changes:
    """A picture with all its rights, changed."""
    good = {"file": "quay.jpg", "alt": "The quay", "creator": "Bo", "credit": "Bo for us", "licence": "CC-BY-4.0"}
    return {"image": {**good, **changes}}


PICTURES: dict[str, tuple[Changes, str]] = {
    "with all its rights": (picture(), ""),
    "of our own": (picture(licence="LicenseRef-Own"), ""),
    "shown in the text": ({**picture(), "body": "![The quay](quay.jpg) ![again](./quay.jpg)"}, ""),
    "with no rights": (
        picture(creator=None, credit=None, licence=None),
        "image-unlicensed image-unlicensed image-unlicensed",
    ),
    "credited to an agency": (picture(credit="Bo / Getty Images"), "image-agency"),
    "made by an agency": (picture(creator="A\u200bFP"), "image-agency"),
    "under no known licence": (picture(licence="CC-BY-9"), "image-unlicensed"),
    "with all rights reserved": (picture(licence="LicenseRef-All-Rights-Reserved"), "image-unlicensed"),
    "verified by a review of the text": (
        {**picture(credit="Bo, AP"), "review": review("permission-granted")},
        "image-agency",
    ),
    "not described": ({"body": "![x](other.jpg)"}, "image-unlicensed"),
    "beside the one described": ({**picture(), "body": "![x](other.jpg)"}, "image-unlicensed"),
    "from elsewhere": ({**picture(), "body": "![x](https://gazette.example/quay.jpg)"}, "image-unlicensed"),
    "in a quotation's footnote": (excerpt("> one[^1]\n\n[^1]: ![x](other.jpg)"), "image-unlicensed"),
    "in an article of our own": ({**OWN, "body": "Ours. ![x](other.jpg)"}, "image-unlicensed"),
    "under the licence of our own words": ({**OWN, **picture(licence="LicenseRef-Own")}, ""),
}


@pytest.mark.parametrize("row", PICTURES)
def test_a_picture_has_rights_of_its_own(row: str) -> None:
    """Creator, credit and a licence that permits it; an agency's never, and no other picture is shown."""
    changes, expected = PICTURES[row]
    assert rules(changes) == expected


def test_a_commercial_site_shows_no_non_commercial_picture() -> None:
    """The site decides, not the kind of the article."""
    for changes in ({}, EXCERPT, OWN):
        shown = {**changes, **picture(licence="CC-BY-NC-4.0")}
        assert (rules(shown), rules(shown, COMMERCIAL)) == ("", "non-commercial")


def test_what_is_cleared_says_under_what_terms() -> None:
    """A stranger's work has a name and no terms; ours has no publisher; the register's has its own."""
    stranger, ours, voa = (judge(changes) for changes in ({**EXCERPT, "origin": GAZETTE}, OWN, {}))
    assert isinstance(stranger, Cleared)
    assert isinstance(ours, Cleared)
    assert isinstance(voa, Cleared)
    assert stranger.publisher is not None
    assert (stranger.publisher.name, stranger.publisher_id, stranger.licence_id) == (
        "The Quay Gazette",
        None,
        "unknown",
    )
    assert (ours.publisher, ours.licence_id) == (None, "LicenseRef-Own")
    assert voa.terms in packaged().publishers["voa"].terms
    assert wording.what_may_be_done(stranger)[1].startswith("The article is under copyright.")


def test_a_publisher_of_the_site_s_own_is_held_to_its_terms() -> None:
    """Kinds that its terms leave out are refused; without domains any host may be its."""
    terms = Terms(licence="CC-BY-4.0", kinds=())
    register = packaged().with_own({"gazette": Publisher(name="The Quay Gazette", terms=(terms,), evidence=())}, {})
    policy = Policy(register, Rights(), TODAY, "LicenseRef-Own")
    origin = {**GAZETTE, "publisher": "gazette"}
    assert rules({**EXCERPT, "origin": origin}, policy) == "kind-not-permitted"
    assert rules({"origin": origin, "review": review("permission-granted")}, policy) == ""
    assert rules({"origin": origin, "kind": "link"}, policy) == ""


WORDS_GONE = ("Zebrafish", "Quokka", "Wombat", "Axolotl", "Pangolin", "Narwhal")


@pytest.mark.parametrize("wrong", [{}, {"licence": "CC-BY-9"}, {"origin": TNA}, {"origin": {"url": TNA["url"]}}])
def test_what_is_withdrawn_is_gone_whatever_is_wrong_with_it(wrong: Changes, site: Site) -> None:
    """It is cleared, its page says so, and no file holds a word or the picture that was there before.

    Its topics are the digest's own words; the feed that tells subscribers of the withdrawal still names them.
    """
    body, summary, topic, story, credit, change = WORDS_GONE
    origin = {**GOOD["origin"], **wrong.get("origin", {})}
    fields: dict[str, Any] = {
        **wrong,
        "origin": origin,
        "summary": summary,
        "topics": [topic],
        "story": story.casefold(),
        "credits": [credit],
        "changes": [change],
        **picture(),
    }
    file = site.write("content/articles/2024/03/quay.jpg", b"\xff\xd8\xff\xe0 picture")
    if not wrong:
        site.article("other", story=story.casefold(), kind="own", origin=None, retrieved=None, licence=None)
        site.article(body=f"{body}\n\n![x](quay.jpg)", **fields)
        assert site.build().err == ""
        assert holding(site) == set(WORDS_GONE)
        assert "2024/03/river/quay.jpg" in site.files()
        (site.root / "content/articles/2024/03/other.md").unlink()
    file.unlink()
    site.article(body=f"{body} (AP)\n\n![x](quay.jpg)", withdrawn=WITHDRAWN, **fields)
    assert site.build().err == ""
    assert holding(site) == {topic}
    assert [name for name, data in site.files().items() if topic.encode() in data] == ["feed.json", "feed.xml"]
    assert [name for name in site.files() if name.endswith(".jpg")] == []
    assert WITHDRAWN["reason"] in site.read("2024/03/river/index.html")


def holding(site: Site) -> set[str]:
    """Which of the words the output holds anywhere, in content or in names."""
    found = b"\n".join([*site.files().values(), *(name.encode() for name in site.files())]).lower()
    return {word for word in WORDS_GONE if word.lower().encode() in found}


SAME = {
    "the same": GOOD["origin"]["url"],
    "by a parameter that counts": "https://www.voanews.com/a/river.html?utm_source=x&fbclid=y",
    "without www": "https://voanews.com/a/river.html",
    "by scheme, port, slash and fragment": "http://voanews.com:80/a/river.html/#top",
    "by a percent sign": "https://www.voanews.com/a/r%69ver.html",
    "by a dot in the path": "https://www.voanews.com/a/./river.html",
    "by two slashes": "https://www.voanews.com/a//river.html",
}
OTHER = {
    "another page": "https://www.voanews.com/a/river-2.html",
    "another parameter": "https://www.voanews.com/a/river.html?page=2",
    "another host": "https://learningenglish.voanews.com/a/river.html",
}


@pytest.mark.parametrize("row", [*SAME, *OTHER])
def test_one_work_is_taken_in_once(row: str, site: Site) -> None:
    """Two addresses of one page are seen through, and two pages are not taken for one."""
    site.article("one")
    site.article("two", **EXCERPT, origin={**GOOD["origin"], "url": (SAME | OTHER)[row]})
    result = site.build()
    is_same = row not in OTHER
    assert ("site/same-work" in result.err) == is_same
    assert result.code == (1 if is_same else 0)


@pytest.mark.parametrize(("digest", "code"), [("0" * 64, 1), ("1" * 64, 0)])
def test_one_work_without_an_address_is_known_by_its_hash(digest: str, code: int, site: Site) -> None:
    """Where no address is known, the captured text tells works apart."""
    origin = {**GOOD["origin"], "url": "unknown"}
    site.article("one", origin=origin, retrieved={**GOOD["retrieved"], "sha256": "0" * 64})
    site.article("two", origin=origin, retrieved={**GOOD["retrieved"], "sha256": digest})
    result = site.build()
    assert result.code == code
    assert ("site/same-work" in result.err) == (code == 1)


def test_names_are_compared_where_they_give_one_address(site: Site) -> None:
    """Two spellings of a topic and of a stranger, and what no address can be made from, are problems of the later."""
    origin: dict[str, object] = {**GOOD["origin"], **GAZETTE}
    other = {**origin, "publisher": "the quay gazette!", "url": "https://gazette.example/2"}
    site.article("one", **EXCERPT, licence=None, origin=origin, topics=["Trade"])
    site.article("two", **EXCERPT, licence=None, origin=other, topics=["trade", "?"])
    assert [line.split(": ")[1] for line in site.build().err.splitlines()[:-1]] == [
        "site/topic-spelling",
        "site/topic-unnameable",
        "site/publisher-spelling",
    ]


BAD = {"licence": "CC0-1.0"}


def test_a_draft_is_judged_when_it_is_published(site: Site) -> None:
    """A draft may be wrong; no build with drafts publishes it so."""
    site.article(draft="true", **BAD)
    assert site.build().code == 0
    assert site.build("--drafts").code == 1
    site.article(**BAD)
    assert site.build().code == 1


def test_what_is_to_come_is_judged_today(site: Site) -> None:
    """What is wrong with an article is said before it is due, and a good one is held back."""
    site.article(date="2027-01-01", **BAD)
    assert "rights/licence-widened" in site.build().err
    site.article(date="2027-01-01")
    result = site.build()
    assert result.code == 0
    assert "Held back 1 future article" in result.out
    assert not (site.public / "2027").exists()


def test_a_setting_sets_the_caps_and_no_more(site: Site) -> None:
    """`rights` in the configuration moves the numbers, for all articles alike."""
    site.write("config.yaml", CONFIG + "rights: {excerpt_words: 4, excerpt_share: 100 %}\n")
    site.article(**EXCERPT)
    assert "5 words are quoted, credits included, and 4 are allowed. Quote 1 fewer." in site.build().err


def test_a_capture_is_measured_as_the_gate_measures() -> None:
    """`new article --captured` counts what `retrieved.words` is compared with, whatever the layout."""
    one, other = new.capture("Ｗave  by\u200b wave.\r\n".encode()), new.capture(b"\xef\xbb\xbfwave")
    assert (one.words, other.words) == (3, 1)


LINES = {f"in the middle: {line}": {"body": f"{LONG}\n\n{line}\n\n{LONG}"} for line in (
    "(AP Photo/Bo Painter)",
    "The crane (AP, Reuters)",
    "Reporting by Ada Reporter of Reuters; editing by Bo.",
    "Additional reporting by Reuters.",
    "Agence France Presse contributed to this report.",
    "Agence France\u2010Presse contributed to this report.",
    "By Ada Reporter (A.P.)",
)}  # fmt: skip
OPENINGS = {f"at the beginning: {line}": {"body": f"{line}\n\n{LONG}"} for line in (
    "CAIRO — AP — The quay was dry.",
    "Ada Reporter, Associated Press",
    "Reuters",
)}  # fmt: skip
ADAPTED = (
    "Ada Learner adapted this story from Associated Press reports.",
    "Ada Learner adapted this Reuters story for the site.",
    "Ada Learner wrote this story for the site based on reporting from AFP.",
)
ATTACKS: dict[str, tuple[Changes, str]] = {
    **{name: (changes, "wire-unreviewed") for name, changes in (LINES | OPENINGS).items()},
    **{
        f"facts only: {line}": ({"credits": [line], "review": review("wire-facts-only")}, "wire-unreviewed")
        for line in ADAPTED
    },
    "an agency told something by noon": ({"body": f"{LONG}\n\nBy noon Bo told Reuters it was dry.\n\n{LONG}"}, ""),
    "a reprint verified under no licence": (
        {"origin": {"published": "unknown"}, "review": review("licence-verified")},
        "licence-unknown",
    ),
    "a public licence by a permission for us": (
        {"origin": TNA, "licence": "CC-BY-4.0", "review": review("permission-granted")},
        "licence-widened",
    ),
    "all rights reserved where they are not": (
        {**EXCERPT, "origin": MONGABAY, "licence": "LicenseRef-All-Rights-Reserved"},
        "",
    ),
    "our own words for theirs": ({**EXCERPT, "licence": "LicenseRef-Own"}, "licence-widened"),
    "one publisher's terms for another": ({**EXCERPT, "licence": "LicenseRef-Guardian"}, "licence-widened"),
    "a host with a dot at its end": (
        {**EXCERPT, "origin": {**GAZETTE, "url": "https://thenewamerican.com./river/"}},
        "foreign-address",
    ),
    "a host in fullwidth letters": (
        {**EXCERPT, "origin": {**GAZETTE, "url": "https://ｔhenewamerican.com/river/"}},
        "foreign-address",
    ),
    "a registered name with invisible characters": (
        {**EXCERPT, "origin": {**GAZETTE, "publisher": "\u200b".join("Voice of America")}},
        "publisher-unknown",
    ),
    "words joined by a filler that is a blank": (excerpt(f"> {chr(0x3164).join(['wave'] * 200)}"), "excerpt-too-long"),
    "words joined by a letter that is a bar": (excerpt(f"> {chr(0x01C0).join(['wave'] * 200)}"), "excerpt-too-long"),
    "an original among the credits": ({**EXCERPT, "credits": [words(390)] * 5}, "excerpt-share excerpt-too-long"),
    "a text's own terms for a picture": (picture(credit="Bo", licence="LicenseRef-RFERL"), "image-unlicensed"),
    "an agency beside a picture": (picture(alt="AP Photo/Bo Painter"), "image-agency"),
    "a picture whose name has an umlaut": ({**picture(file="größe.jpg"), "body": "![x](größe.jpg)"}, ""),
    "published with words between": ({"body": "Originally published 1 March 2023 in The Gazette."}, "other-terms"),
    "copyright without a year": ({"body": "Copyright The Quay Gazette"}, "other-terms"),
    "reprinted by their permission": ({"body": "Reprinted with permission of The Gazette."}, "other-terms"),
}
"""By name: an attack that got through once, or a good article that did not, and what comes of it."""


@pytest.mark.parametrize("row", ATTACKS)
def test_what_got_through_once(row: str) -> None:
    """Attacks that were found by trying, each refused for its reason; good articles that were refused are not."""
    changes, expected = ATTACKS[row]
    assert rules(changes) == expected


def test_a_licence_permits_a_reprint_only_by_saying_so() -> None:
    """Copying without spreading, or the reverse, is no reprint."""
    half = Licence(name="Half", statement="You may copy.", permits=(Permission.REPRODUCTION,))
    terms = Terms(licence="LicenseRef-Half", kinds=packaged().publishers["voa"].terms[0].kinds)
    evidence = packaged().publishers["voa"].evidence
    gazette = Publisher(name="The Quay Gazette", terms=(terms,), evidence=evidence)
    register = packaged().with_own({"gazette": gazette}, {"LicenseRef-Half": half})
    policy = Policy(register, Rights(), TODAY, "LicenseRef-Own")
    assert rules({"origin": {**GAZETTE, "publisher": "gazette"}}, policy) == "kind-not-permitted"


STATED = {
    "a text for free beside advertising": (
        Rights(advertising=True),
        {"origin": of("unadvertised")},
        "advertising",
    ),
    "an excerpt of it": (Rights(advertising=True), {**EXCERPT, "origin": of("unadvertised")}, ""),
    "a text that may stand beside advertising": (Rights(advertising=True), {}, ""),
    "a text for free where readers pay": (Rights(paywall=True), {"origin": of("unpaid")}, "paywall"),
    "a text not to be sold where readers pay": (Rights(paywall=True), {"origin": of("wary")}, "paywall"),
    "a text that may be sold": (Rights(paywall=True), {}, ""),
    "all of it by permission": (
        Rights(paywall=True, advertising=True),
        {"origin": of("wary"), "review": review("permission-granted")},
        "",
    ),
    "neither, on a site without": (Rights(), {"origin": of("unadvertised")}, ""),
    "evidence of 63 days where 62 are allowed": (Rights(evidence_days=62), {"origin": of("free")}, "evidence-old"),
    "evidence of 63 days where 63 are allowed": (Rights(evidence_days=63), {"origin": of("free")}, ""),
    "an excerpt, whatever the evidence": (Rights(evidence_days=1), {**EXCERPT, "origin": of("free")}, ""),
    "old evidence, read again for this item": (
        Rights(evidence_days=1),
        {"origin": of("free"), "licence": "CC-BY-4.0", "review": review("licence-verified")},
        "",
    ),
}
"""By name: what config.yaml states, an article, and the rule that refuses it."""


@pytest.mark.parametrize("row", STATED)
def test_what_a_site_states_of_itself_is_held_to_what_publishers_ask(row: str) -> None:
    """Advertising, a paywall and the age of evidence, each on both sides."""
    stated, changes, expected = STATED[row]
    assert rules(changes, Policy(REGISTER, stated, date(2027, 1, 23), "LicenseRef-Own")) == expected


QUAY = "The river rose in the night, and the crews at the café said: “We are dry.”\n\nBy noon it fell – slowly."
KEPT: dict[str, tuple[str, bool]] = {
    "as it was": (QUAY, True),
    "with words in italics, in bold, struck out": (
        QUAY.replace("river", "*river*").replace("night", "**night**"),
        True,
    ),
    "with a link": (QUAY.replace("crews", "[crews](https://crews.example/)"), True),
    "with a heading": (f"## {QUAY}", True),
    "as a list": ("- " + QUAY.replace("\n\n", "\n- "), True),
    "with a quotation set off": (QUAY.replace("By noon", "> By noon"), True),
    "in one paragraph": (QUAY.replace("\n\n", " "), True),
    "in more paragraphs": (QUAY.replace("night, ", "night,\n\n"), True),
    "with hard line breaks": (QUAY.replace("night, ", "night,\\\n").replace("café ", "café  \n"), True),
    "with entities": (QUAY.replace("“", "&ldquo;").replace("é", "&eacute;"), True),
    "with letters put together": (QUAY.replace("é", "e\u0301"), True),
    "with a hard space": (QUAY.replace("By noon", "By\u00a0noon"), True),
    "one word changed": (QUAY.replace("night", "dark"), False),
    "one word left out": (QUAY.replace(" – slowly", ""), False),
    "one word put in": (QUAY.replace("By noon", "By noon today"), False),
    "cut at the end": (QUAY.split("\n\n", maxsplit=1)[0], False),
    "cut at the beginning": (QUAY.split("\n\n")[1], False),
    "its paragraphs in another order": ("\n\n".join(reversed(QUAY.split("\n\n"))), False),
    "its quotation marks straightened": (QUAY.replace("“", '"').replace("”", '"'), False),
    "another dash": (QUAY.replace("–", "—"), False),
    "a capital": (QUAY.replace("crews", "Crews"), False),
    "without an accent": (QUAY.replace("é", "e"), False),
    "with a footnote": (f"{QUAY}[^1]\n\n[^1]: Ours.", False),
    "with a word between brackets": (QUAY.replace("fell", "fell [again]"), False),
}
"""By name: what is made of a text, and whether it is still that text, letter for letter."""


@pytest.mark.parametrize("row", KEPT)
def test_a_text_that_may_not_be_changed_is_the_captured_one(row: str) -> None:
    """CC BY-ND, `no-edits` and `no-translation` alike; markup is a change of format, and elsewhere nobody minds."""
    body, is_kept = KEPT[row]
    changes = {"body": body, "retrieved": {"sha256": captured(QUAY)["sha256"]}}
    for name in ("final", "unedited", "untranslated"):
        assert rules({**changes, "origin": of(name)}) == ("" if is_kept else "not-verbatim"), name
    assert rules({**changes, "origin": of("free")}) == ""
    result = judge({**changes, "origin": of("free")})
    assert isinstance(result, Cleared)
    assert result.proof is not None
    assert result.proof.is_verbatim == is_kept


CREDIT = "Ada and Bo wrote this at the quay."
UNKEPT = {"origin": of("final"), "retrieved": {"sha256": "0" * 64}}
VERBATIM: dict[str, tuple[Changes, str]] = {
    "credits captured at its end": (
        {"origin": of("final"), "credits": [CREDIT], "retrieved": captured(f"{WORDS}\n\n{CREDIT}")},
        "",
    ),
    "credits captured apart": (
        {"origin": of("final"), "credits": [CREDIT], "retrieved": captured(WORDS)},
        "",
    ),
    "credits captured at its end, and left out": (
        {"origin": of("final"), "retrieved": captured(f"{WORDS}\n\n{CREDIT}")},
        "not-verbatim",
    ),
    "credits captured at its beginning": (
        {"origin": of("final"), "credits": [CREDIT], "retrieved": captured(f"{CREDIT}\n\n{WORDS}")},
        "not-verbatim",
    ),
    "another text": (UNKEPT, "not-verbatim"),
    "another text, said to be changed in format only": ({**UNKEPT, "changes": ["Formatting: x"]}, "not-verbatim"),
    "another text, said to be changed": ({**UNKEPT, "changes": ["Shortened"]}, "no-derivatives not-verbatim"),
    "another text, by permission": ({**UNKEPT, "review": review("permission-granted")}, ""),
    "another text, of an agency's facts": ({**UNKEPT, "review": review("wire-facts-only")}, "not-verbatim"),
    "another text, under a licence that was verified": (
        {
            "origin": TNA,
            "licence": "CC-BY-ND-4.0",
            "retrieved": {"sha256": "0" * 64},
            "review": review("licence-verified"),
        },
        "not-verbatim",
    ),
    "another text, under a freer licence that was verified": (
        {
            "origin": TNA,
            "licence": "CC-BY-4.0",
            "retrieved": {"sha256": "0" * 64},
            "review": review("licence-verified"),
        },
        "",
    ),
    "another text, quoted": ({**EXCERPT, **UNKEPT}, ""),
    "a text whose hash nobody took": ({"origin": of("final"), "retrieved": {"sha256": None}}, "credit-missing"),
    "a broadcaster's, in the years in which it asked for no edits": (
        {"origin": {"published": "2012-05-01"}, "retrieved": {"sha256": "0" * 64}},
        "not-verbatim",
    ),
}


@pytest.mark.parametrize("row", VERBATIM)
def test_who_may_change_a_text(row: str) -> None:
    """The rights holder's permission lifts it, no other review does; an excerpt is no changed copy."""
    changes, expected = VERBATIM[row]
    assert rules(changes) == expected


TWO_LINKS = "One [boat](https://boat.example/a) and one [quay](https://quay.example/b?page=2)."
ONE_LINK = "One [boat](https://boat.example/a) and one quay."
FOUND_LINKS = fingerprint(
    "One boat and one quay.", links=map(url.same, ("https://boat.example/a", "https://quay.example/b?page=2"))
)
LINKS: dict[str, tuple[Changes, str]] = {
    "all, by their number": ({"body": TWO_LINKS, "retrieved": {"links": 2}}, ""),
    "one of two, by their number": ({"body": ONE_LINK, "retrieved": {"links": 2}}, "links-dropped"),
    "none, and there was none": ({"retrieved": {"links": 0}}, ""),
    "more than there were": ({"body": TWO_LINKS, "retrieved": {"links": 1}}, ""),
    "one of two beside one within this site": (
        {"body": ONE_LINK.replace("quay.", "[quay](/quay/)."), "retrieved": {"links": 2}},
        "links-dropped",
    ),
    "nobody knows how many": ({"body": TWO_LINKS, "retrieved": {"links": None}}, "credit-missing"),
    "all, by the fingerprint": ({"body": TWO_LINKS, "stored": FOUND_LINKS, "retrieved": {"links": None}}, ""),
    "one of two, by the fingerprint": (
        {"body": ONE_LINK, "stored": FOUND_LINKS, "retrieved": {"links": None}},
        "links-dropped",
    ),
    "another in the place of one": (
        {"body": TWO_LINKS.replace("quay.example", "sea.example"), "stored": FOUND_LINKS},
        "links-dropped",
    ),
    "another page in the place of one": (
        {"body": TWO_LINKS.replace("page=2", "page=3"), "stored": FOUND_LINKS},
        "links-dropped",
    ),
    "one twice in the place of another": (
        {"body": TWO_LINKS.replace("https://quay.example/b?page=2", "https://boat.example/a"), "stored": FOUND_LINKS},
        "links-dropped",
    ),
    "the same, written otherwise": (
        {
            "body": TWO_LINKS.replace("https://boat.example/a", "http://www.BOAT.example/a/?utm_source=x#top"),
            "stored": FOUND_LINKS,
        },
        "",
    ),
    "one of two, by permission": (
        {"body": ONE_LINK, "retrieved": {"links": 2}, "review": review("permission-granted")},
        "",
    ),
    "one of two, verified": (
        {"body": ONE_LINK, "retrieved": {"links": 2}, "review": review("licence-verified")},
        "links-dropped",
    ),
    "one of two, quoted": ({**EXCERPT, "retrieved": {"links": 2}}, ""),
}
"""By name: which links of the original are kept by a reprint whose publisher asks for all."""


@pytest.mark.parametrize("row", LINKS)
def test_links_are_kept_where_they_must_be(row: str) -> None:
    """As many as there were and, where a fingerprint knows them, the same ones; elsewhere they may go."""
    changes, expected = LINKS[row]
    assert rules({**changes, "origin": of("linking")}) == expected
    assert rules({**changes, "origin": of("free")}) == ""


@pytest.mark.parametrize("name", ["final", "unedited", "untranslated"])
def test_a_text_that_may_not_be_changed_keeps_its_links_where_they_are_known(name: str) -> None:
    """Nobody has to count them; who has is taken at the word."""
    capture = {"sha256": captured(TWO_LINKS)["sha256"]}
    changes = {"origin": of(name), "body": ONE_LINK}
    assert rules({**changes, "retrieved": {**capture, "links": None}}) == ""
    assert rules({**changes, "retrieved": {**capture, "links": 2}}) == "links-dropped"
    assert rules({**changes, "body": TWO_LINKS, "retrieved": {**capture, "links": 2}}) == ""


LEAD = (
    "The ferry left the long quay before dawn, with nine crates of lamp oil, two goats and a clerk who couldn’t swim. "
    "By the second bell the fog had taken the lighthouse, and the helmsman steered by the sound of the surf until the "
    "islands answered."
)
ORIGINAL = f"{LEAD}\n\n{tides(0, 560)}"
"""A work of some six hundred words, so that a fifth of it is no narrower than the cap in words."""
COPY = "The ferry left the long quay before dawn, with nine crates of lamp oil, two goats"
"""Sixteen of its words."""
QUOTE = LEAD[LEAD.index("By the second") :]
"""Twenty-four others."""
KNOWN = fingerprint(ORIGINAL)
FIRST, SECOND = COPY[: COPY.index(", with")], COPY[COPY.index("with") :]


OWN_PICTURE = {"creator": "Ed", "credit": "Ed for us", "licence": "LicenseRef-Own"}


def commented(body: str = WORDS, **changes: object) -> Changes:
    """An excerpt of the work whose fingerprint is known, with this said beside its quotation."""
    return {"kind": "excerpt", "stored": KNOWN, "body": f"{body}\n\n> {QUOTE}", **changes}


COPIES: dict[str, tuple[Changes, object]] = {
    "in the text": (commented(COPY), 1),
    "fifteen words": (commented(COPY.removesuffix(" goats")), 1),
    "among our own words": (commented(f"{WORDS}\n\nWe add that {COPY[0].lower()}{COPY[1:]} were aboard."), 3),
    "over two paragraphs": (commented(f"{FIRST}\n\n{SECOND}"), 1),
    "round the quotation": ({**commented(), "body": f"{FIRST}\n\n> {QUOTE}\n\n{SECOND}"}, 1),
    "in a heading": (commented(f"## {COPY}\n\n{WORDS}"), 1),
    "over a list": (commented(f"- {FIRST}\n- {SECOND}\n\n{WORDS}"), 1),
    "over a table": (commented(f"| {FIRST} | {SECOND} |\n| - | - |\n| a | b |\n\n{WORDS}"), 1),
    "in code": (commented(f"{WORDS}\n\n    {COPY}"), 3),
    "in a footnote": (commented(f"{WORDS}[^1]\n\n[^1]: {COPY}"), 3),
    "as a picture's description in the text": (
        commented(f"![{COPY}](quay.jpg)", image={"file": "quay.jpg", "alt": "The quay"} | OWN_PICTURE),
        1,
    ),
    "in the summary": (commented(summary=COPY), ("summary",)),
    "in a topic": (commented(topics=["Boats", COPY]), ("topics", 1)),
    "in what was changed": (commented(changes=["Formatting: x", COPY]), ("changes", 1)),
    "in a correction": (commented(corrections=[{"date": "2024-03-04", "text": COPY}]), ("corrections", 0, "text")),
    "in a review's note": (commented(review=review("wire-facts-only", COPY)), ("review", "note")),
    "as a picture's description": (
        commented(image={"file": "quay.jpg", "alt": COPY} | OWN_PICTURE),
        ("image", "alt"),
    ),
    "as a picture's credit": (
        commented(image={"file": "quay.jpg", "alt": "The quay"} | OWN_PICTURE | {"credit": COPY}),
        ("image", "credit"),
    ),
    "in a headline of our own": (commented(title=COPY, origin={"title": "The night boat"}), ("title",)),
    "in a link": ({"kind": "link", "stored": KNOWN, "body": f"{WORDS}\n\n{COPY}"}, 3),
    "in a link's summary": ({"kind": "link", "stored": KNOWN, "summary": COPY}, ("summary",)),
    "in capitals": (commented(COPY.upper()), 1),
    "with other punctuation": (commented(COPY.replace(",", " –").replace(" of", "; of") + "!"), 1),
    "with markup and links": (
        commented(COPY.replace("ferry", "*ferry*").replace("long", "[long](https://a.example)")),
        1,
    ),
    "with letters that nobody sees": (commented(COPY.replace("a", "a\u200b").replace("e", "e\u00ad")), 1),
    "in fullwidth letters": (commented(COPY.replace("lamp", "ｌａｍｐ")), 1),
    "with a straight apostrophe": (
        commented("two goats and a clerk who couldn't swim. By the second bell the fog had"),
        1,
    ),
    "three of its words quoted further on": (commented(f"{COPY}. It was “before dawn, with” no wind."), 1),
    "three of its words quoted before": (commented(f"It was “before dawn, with” no wind. {COPY}"), 1),
    "between single quotation marks": (commented(f"‘{COPY}’"), 1),
    "between marks over two paragraphs": (commented(f"“{FIRST}\n\n{SECOND}”"), 1),
    "the quotation, in a summary, without a fingerprint": (
        commented(summary=QUOTE, stored=None, retrieved={"words": 600}),
        ("summary",),
    ),
    "the quotation, again in the text, without a fingerprint": (
        commented(f"{WORDS} {QUOTE}", stored=None, retrieved={"words": 600}),
        1,
    ),
}
"""By name: sixteen words of the original that are not quoted, and where."""


@pytest.mark.parametrize("row", COPIES)
def test_words_that_are_copied_without_saying_so_are_found(row: str) -> None:
    """Wherever a reader sees them, however they are disguised; the finding points at the field or the line."""
    changes, place = COPIES[row]
    result = judge(changes)
    assert not isinstance(result, Cleared)
    first = article(**changes).body.line
    expected = first + place if isinstance(place, int) else place
    assert [(found.rule, found.at) for found in result] == [("rights/copied-unquoted", expected)]


SEVEN = "the fog had taken the lighthouse and"
NO_COPIES: dict[str, Changes] = {
    "seven words": commented(f"We read that {SEVEN} nobody knew."),
    "seven words, and seven": commented(f"{SEVEN} so {SEVEN} then {SEVEN}"),
    "seven words in each place": commented(SEVEN, summary=SEVEN, topics=[SEVEN], changes=[SEVEN]),
    "between quotation marks": commented(f"They say that “{COPY[0].lower()}{COPY[1:]}” were aboard."),
    "between straight ones": commented(f'They say: "{COPY}".'),
    "between guillemets": commented(f"They say: «{COPY}»."),
    "between low and high ones": commented(f"They say: „{COPY}“."),
    "between corner brackets": commented(f"They say: 「{COPY}」."),
    "between quotation marks in the summary": commented(summary=f"“{COPY}”"),
    "in the quotation": {**commented(), "body": f"{WORDS}\n\n> {COPY}"},
    "in the publisher's own headline": commented(title=COPY),
    "in the publisher's own headline, said twice": commented(title=COPY, origin={"title": COPY}),
    "in the publisher's own headline beside ours": commented(origin={"title": COPY}),
    "in a reprint": {"stored": KNOWN, "body": COPY, "summary": COPY},
    "by permission": commented(COPY, review=review("permission-granted")),
    "where nobody can know": commented(COPY, stored=None, retrieved={"words": 600}),
    "in words of our own": commented("A boat set out at night with oil, goats and a man who was afraid of the water."),
}
"""By name: an article that repeats no more of the original than it may without quoting."""


@pytest.mark.parametrize("row", NO_COPIES)
def test_what_is_quoted_or_ours_is_no_copy(row: str) -> None:
    """Up to seven words are never held against anybody, and what stands between quotation marks says what it is."""
    assert rules(NO_COPIES[row]) == ""


TAKEN = fingerprint(ORIGINAL, [QUOTE])
"""With the pairs of words of the quotation that was taken at import."""
QUOTATIONS: dict[str, tuple[str, bool, bool]] = {
    "as it was taken": (QUOTE, False, False),
    "a part of it": ("the fog had taken the lighthouse", False, False),
    "in another case, with other punctuation": (QUOTE.upper().replace(",", " –"), False, False),
    "with markup": (QUOTE.replace("fog", "*fog*"), False, False),
    "words left out, marked": ("By the second bell […] the helmsman steered by the sound of the surf", False, False),
    "words left out, marked with dots": ("By the second bell [...] the helmsman steered", False, False),
    "words left out, with an ellipsis": (
        "By the second bell … the helmsman steered … the islands answered.",
        False,
        False,
    ),
    "words left out, with three dots": ("By the second bell ... the helmsman steered", False, False),
    "words left out, in round brackets": ("By the second bell (…) the helmsman steered", False, False),
    "words put in": (QUOTE.replace("helmsman", "helmsman [Bo]"), False, False),
    "words put in for others": (QUOTE.replace("the helmsman", "[he]"), False, False),
    "a letter put in for another": (QUOTE.replace("By the", "[B]y the"), True, False),
    "one word changed": (QUOTE.replace("surf", "bells"), True, True),
    "one word put in": (QUOTE.replace("sound", "distant sound"), True, True),
    "one word left out": (QUOTE.replace("second ", ""), True, True),
    "the meaning turned": (QUOTE.replace("had taken", "had not taken"), True, True),
    "the last word changed": (QUOTE.replace("answered", "burned"), True, False),
    "two pieces joined": ("the fog had taken the helmsman by the sound of the surf", True, False),
    "two pieces joined at a word that both have": (
        "By the second bell the helmsman steered by the sound",
        False,
        False,
    ),
    "pieces in another order": (
        "the helmsman steered by the sound of the surf. By the second bell the fog had taken the lighthouse",
        True,
        True,
    ),
    "another passage of it": (COPY, False, False),
    "another passage of it, a word changed": (COPY.replace("lamp oil", "olive oil"), True, True),
    "a short passage of it that was not taken": ("a clerk who couldn’t swim", False, False),
    "something else": (" ".join(reversed(COPY.split())), True, True),
    "something else, short": ("The clerk could swim after all.", False, False),
}
"""By name: a quotation; whether it is found to be altered by who has the pairs of the one that was taken at import, and
whether by who has the chosen runs alone. Those vouch for fifteen words or more, and less surely for the ends."""


@pytest.mark.parametrize("row", QUOTATIONS)
def test_a_quotation_stands_so_in_the_original(row: str) -> None:
    """But for what is marked; a finding points at its first line."""
    quotation, when_taken, when_not = QUOTATIONS[row]
    for stored, is_altered in ((TAKEN, when_taken), (KNOWN, when_not)):
        changes = {**commented(), "body": f"{WORDS}\n\n> {quotation}", "stored": stored}
        result = judge(changes)
        line = article(**changes).body.line + 3
        found = () if isinstance(result, Cleared) else tuple((f.rule, f.at) for f in result)
        assert found == ((("rights/quote-altered", line),) if is_altered else ()), is_altered
    assert (
        rules({**commented(), "body": f"{WORDS}\n\n> {quotation}", "stored": None, "retrieved": {"words": 600}}) == ""
    )


MISMATCHES: dict[str, tuple[Changes, object]] = {
    "of this text": (commented(), ""),
    "of another text": (commented(retrieved={"sha256": "0" * 64}), ("retrieved", "sha256")),
    "of as many words": (commented(retrieved={"words": KNOWN.words}), ""),
    "of more words": (commented(retrieved={"words": KNOWN.words + 1}), ("retrieved", "words")),
    "of another text by permission": (
        commented(retrieved={"sha256": "0" * 64}, review=review("permission-granted")),
        ("retrieved", "sha256"),
    ),
    "beside a reprint of another text": ({"stored": KNOWN, "retrieved": {"sha256": "0" * 64}}, ("retrieved", "sha256")),
    "beside a link that says nothing of a capture": ({"kind": "link", "stored": KNOWN, "retrieved": None}, ""),
}


@pytest.mark.parametrize("row", MISMATCHES)
def test_a_fingerprint_is_that_of_the_text_that_was_captured(row: str) -> None:
    """Whoever changes the one by hand has to change the other; no review makes two texts one."""
    changes, place = MISMATCHES[row]
    result = judge(changes)
    found = "" if isinstance(result, Cleared) else [(f.rule, f.at) for f in result]
    assert found == ([("rights/fingerprint-mismatch", place)] if place else "")


@pytest.mark.parametrize("data", [b"", b"{}", dump(KNOWN).encode()[:-9], dump(KNOWN).replace("1", "2", 1).encode()])
def test_a_file_that_is_no_fingerprint_leaves_its_article_out(data: bytes, site: Site) -> None:
    """What cannot be read vouches for nothing, and is not passed over as though there were none."""
    path = site.article(**{**commented(), "stored": None, "retrieved": {**GOOD["retrieved"], **BY_HAND}})
    site.write(path.replace(".md", ".fingerprint"), dump(KNOWN))
    assert site.build().err == ""
    site.write(path.replace(".md", ".fingerprint"), data)
    result = site.build()
    assert result.err.startswith("content/articles/2024/03/river.fingerprint:1:1: file/not-a-fingerprint: ")
    assert (result.code, result.err.count("\n")) == (1, 2)


BY_HAND = {"sha256": KNOWN.sha256, "words": KNOWN.words}
FIELDS: dict[str, Callable[[str], Changes]] = {
    "the summary": lambda said: {"summary": said},
    "a topic": lambda said: {"topics": ["Boats", said]},
    "a change": lambda said: {"changes": [said]},
    "a correction": lambda said: {"corrections": [{"date": "2024-03-04", "text": said}]},
    "a review's note": lambda said: {"review": review("wire-facts-only", said)},
    "a picture's description": lambda said: {"image": {"file": "quay.jpg", "alt": said} | OWN_PICTURE},
    "a picture's credit": lambda said: {"image": {"file": "quay.jpg", "alt": "x"} | OWN_PICTURE | {"credit": said}},
    "a credit line": lambda said: {"credits": [said]},
    "two fields": lambda said: {"summary": said, "credits": [said]},
}
MARKS = ("“{}”", '"{}"', "«{}»", "„{}“", "„{}”", "「{}」")


@pytest.mark.parametrize("row", FIELDS)
def test_the_caps_hold_over_every_field_that_readers_see(row: str) -> None:
    """Sixty words in a blockquote leave fifteen for everything else; what says the same again counts once."""
    for said, expected in (
        (tides(60, 75), ""),
        (tides(60, 76), "excerpt-too-long"),
        (tides(0, 60), ""),
        (f"{tides(10, 40)} {tides(60, 75)}", ""),
        (f"{tides(10, 40)} {tides(60, 76)}", "excerpt-too-long"),
    ):
        assert rules({**excerpt(f"> {tides(0, 60)}"), **FIELDS[row](f"“{said}”")}) == expected, said


def test_what_somebody_said_counts_in_the_text_where_it_is_long_or_known_for_the_original_s() -> None:
    """News reports speech in the curator's sentences: up to 29 words, unless the fingerprint knows fifteen of them."""
    for where in ("{}", "{}\n\nOurs.", "## {}", "- {}", "x[^1]\n\n[^1]: {}"):
        for said, expected in ((tides(60, 89), ""), (tides(60, 90), "excerpt-too-long"), (tides(0, 60), "")):
            body = f"> {tides(0, 60)}\n\n{where.format(f'He said: “{said}”')}"
            assert rules({**excerpt(""), "body": body}) == expected, (where, said)
    spoken = commented(f"He said: “{COPY}”")
    for most, stored, expected in ((40, KNOWN, ""), (39, KNOWN, "excerpt-too-long"), (39, None, "")):
        policy = Policy(REGISTER, Rights(excerpt_words=most), TODAY, "LicenseRef-Own")
        assert (
            rules({**spoken, "stored": stored, "retrieved": {"words": 599 if stored is None else KNOWN.words}}, policy)
            == expected
        )


def in_pieces(number: int, words_each: int) -> str:
    """Sentences that quote so many words in pieces too short to be the work's."""
    starts = range(0, number * words_each, words_each)
    return " ".join(f"He said: “{tides(start, start + words_each)}.”" for start in starts)


def test_what_others_said_has_a_cap_of_its_own() -> None:
    """Twice the words in an excerpt, once in a link; the same words count once; a reprint is no excerpt."""
    for kind, body, expected in (
        ("excerpt", f"> one\n\n{in_pieces(10, 15)}", ""),
        ("excerpt", f"> one\n\n{in_pieces(11, 14)}", "excerpt-too-long"),
        ("excerpt", f"> one\n\n{in_pieces(10, 15)} {in_pieces(2, 15)}", ""),
        ("link", in_pieces(6, 12), ""),
        ("link", in_pieces(7, 12), "excerpt-too-long"),
        ("full", in_pieces(20, 14), ""),
    ):
        assert rules({"kind": kind, "body": body, "retrieved": {"words": 4000}}) == expected, (kind, expected)


def test_a_text_in_the_guise_of_a_headline_is_a_copy() -> None:
    """Forty words of the original may be its headline; no headline has more."""
    long = " ".join(ORIGINAL.split()[:60])
    for words_in_it, expected in ((40, ""), (41, "copied-unquoted")):
        headline = " ".join(long.split()[:words_in_it])
        assert rules({**commented("Ours."), "title": headline}) == expected
        assert rules({**commented("Ours."), "origin": {"title": headline}}) == expected


@pytest.mark.parametrize("mark", MARKS)
def test_what_counts_as_quoted_in_a_line(mark: str) -> None:
    """Three words between quotation marks of any usual kind; two are a name, and unmarked words are ours."""
    quoted = excerpt(f"> {tides(0, 74)}")
    assert rules({**quoted, "summary": f"They call it {mark.format('the night')} boat."}) == ""
    assert rules({**quoted, "summary": f"They call it {mark.format('the night boat')}."}) == "excerpt-too-long"
    assert rules({**quoted, "summary": "They call it the night boat."}) == ""


def test_what_is_said_twice_counts_once_where_it_is_three_words_or_more() -> None:
    """Two words in common are chance."""
    quoted = excerpt(f"> {tides(0, 73)}")
    assert rules({**quoted, "summary": "“tide1 tide2 tide3 sea”"}) == ""
    assert rules({**quoted, "summary": "“tide1 tide2 sea”"}) == "excerpt-too-long"
    assert rules({**quoted, "summary": "“TIDE1, tide2; tide3 …”"}) == ""


def test_what_is_quoted_in_a_line_counts_in_a_text_of_our_own_and_in_a_link() -> None:
    """In our own text each piece is within the cap by itself, in a link fifteen words are a quotation."""
    assert rules({**OWN, "body": f"{words(200)} “{tides(0, 75)}”"}) == ""
    assert rules({**OWN, "body": f"{words(200)} “{tides(0, 76)}”"}) == "excerpt-too-long"
    for said, expected in ((tides(0, 14), ""), (tides(0, 15), "quotation-in-link")):
        assert rules({"kind": "link", "body": f"{WORDS} “{said}”"}) == expected
        assert rules({"kind": "link", "summary": f"“{said}”"}) == expected


PARAGRAPHS: dict[str, tuple[str, str]] = {
    "two": ("> One.\n>\n> Two.", ""),
    "three": ("> One.\n>\n> Two.\n>\n> Three.", "excerpt-paragraphs"),
    "three in pieces": ("> One.\n\nOurs.\n\n> Two.\n\nOurs.\n\n> Three.", "excerpt-paragraphs"),
    "three within each other": ("> One.\n>\n> > Two.\n> >\n> > > Three.", "excerpt-paragraphs"),
    "three items of a list": ("> - One.\n> - Two.\n> - Three.", "excerpt-paragraphs"),
    "two below a heading": ("> ## Zero\n>\n> One.\n>\n> Two.", ""),
    "two with line breaks": ("> One.\\\n> And a half.\n>\n> Two.", ""),
    "two among many of ours": ("Ours.\n\nOurs.\n\n> One.\n\nOurs.\n\n> Two.", ""),
}


@pytest.mark.parametrize("row", PARAGRAPHS)
def test_two_paragraphs_of_a_work_are_quoted_at_most(row: str) -> None:
    """However few words they have; config.yaml may set another number."""
    quoted, expected = PARAGRAPHS[row]
    assert rules(excerpt(quoted)) == expected
    assert rules(excerpt(quoted), Policy(REGISTER, Rights(excerpt_paragraphs=3), TODAY, "LicenseRef-Own")) == ""


def letters(number: int) -> str:
    """Twenty words of so many characters, the spaces between them counted."""
    return " ".join([*("abcdefghi" for _ in range(19)), "z" * (number - 190)])


EU = Rights(profile=Profile.EU)
EUROPE: dict[str, tuple[Changes, Rights, str]] = {
    "25 words": (excerpt(f"> {words(25)}"), EU, ""),
    "26 words": (excerpt(f"> {words(26)}"), EU, "excerpt-too-long"),
    "26 words in the United States": (excerpt(f"> {words(26)}"), Rights(), ""),
    "200 characters": (excerpt(f"> {letters(200)}"), EU, ""),
    "201 characters": (excerpt(f"> {letters(201)}"), EU, "excerpt-too-long"),
    "201 characters in the United States": (excerpt(f"> {letters(201)}"), Rights(), ""),
    "200 characters, and the same again": (excerpt(f"> {letters(200)}", summary=f"“{letters(200)}”"), EU, ""),
    "195 characters, and others": (excerpt(f"> {letters(195)}", summary="“To be continued”"), EU, "excerpt-too-long"),
    "26 words of 201 characters and more": (excerpt(f"> {letters(201)} {words(6)}"), EU, "excerpt-too-long " * 2),
    "40 words where they were set": (
        excerpt(f"> {words(40)}"),
        Rights(profile=Profile.EU, excerpt_words=40),
        "",
    ),
    "41 words where 40 were set": (
        excerpt(f"> {words(41)}"),
        Rights(profile=Profile.EU, excerpt_words=40, excerpt_characters=900),
        "excerpt-too-long",
    ),
    "a reprint": ({"body": words(400)}, EU, ""),
    "our own with a piece of 25": ({**OWN, "body": f"{words(200)}\n\n> {words(25)}"}, EU, ""),
    "our own with a piece of 26": ({**OWN, "body": f"{words(200)}\n\n> {words(26)}"}, EU, "excerpt-too-long"),
}


@pytest.mark.parametrize("row", EUROPE)
def test_the_profile_sets_the_caps_that_are_not_set(row: str) -> None:
    """In the European Union very short extracts are free, and nobody has said how short: 25 words, 200 characters."""
    changes, rights, expected = EUROPE[row]
    assert rules(changes, Policy(REGISTER, rights, TODAY, "LicenseRef-Own")) == expected.strip()


NINE = "The night boat came late: it came, and left"
EIGHT = "The night boat came late: it came, and …"
HEADLINES: dict[str, tuple[Changes, Rights, str, str | None]] = {
    "theirs on an excerpt": ({**EXCERPT, "title": NINE}, EU, EIGHT, None),
    "theirs on a link": ({"kind": "link", "title": NINE}, EU, EIGHT, None),
    "theirs, said twice": ({"kind": "link", "title": NINE, "origin": {"title": NINE}}, EU, EIGHT, None),
    "theirs of eight words": ({"kind": "link", "title": EIGHT[:-2]}, EU, EIGHT[:-2], None),
    "ours, and theirs": ({**EXCERPT, "title": f"Ours: {NINE}", "origin": {"title": NINE}}, EU, f"Ours: {NINE}", EIGHT),
    "ours, and theirs that is short": ({**EXCERPT, "title": NINE, "origin": {"title": "Late"}}, EU, NINE, "Late"),
    "cut after a sign": ({"kind": "link", "title": "One two, three"}, Rights(headline_words=2), "One two …", None),
    "of a reprint": ({"title": NINE}, EU, NINE, None),
    "of our own": ({**OWN, "title": NINE}, EU, NINE, None),
    "in the United States": ({**EXCERPT, "title": NINE}, Rights(), NINE, None),
}
"""By name: an article, what the site says, and what is shown: the headline and, where it is another, the original's."""


@pytest.mark.parametrize("row", HEADLINES)
def test_a_publisher_s_headline_is_cut_where_its_text_is_not_reprinted(row: str) -> None:
    """To as many words as the site shows; our own headline is ours."""
    changes, rights, title, theirs = HEADLINES[row]
    result = judge(changes, Policy(REGISTER, rights, TODAY, "LicenseRef-Own"))
    assert isinstance(result, Cleared)
    matter = result.article.matter
    original = matter.origin.title if matter.origin else None
    assert (matter.title, None if original == matter.title else original) == (title, theirs)


EXCLUDED: dict[str, tuple[Changes, object]] = {
    "nothing of it": ({"origin": of("partial")}, None),
    "a mark in the text": ({"origin": of("partial"), "body": f"{WORDS}\n\nCourtesy of the Quay Museum."}, ("kind",)),
    "in capitals, over two lines": (
        {"origin": of("partial"), "body": f"{WORDS}\n\nCOURTESY\nOF THE QUAY MUSEUM"},
        ("kind",),
    ),
    "with a hard space": ({"origin": of("partial"), "body": "Printed by&nbsp;arrangement."}, ("kind",)),
    "in a footnote": ({"origin": of("partial"), "body": f"{WORDS}[^1]\n\n[^1]: By arrangement."}, ("kind",)),
    "in the credits": ({"origin": of("partial"), "credits": ["By arrangement with Bo"]}, ("kind",)),
    "in the byline": ({"origin": {**of("partial"), "authors": ["Ada", "Bo, by arrangement"]}}, ("kind",)),
    "half a mark": ({"origin": of("partial"), "body": "Courtesy of the Museum; an arrangement."}, None),
    "an address": ({"origin": of("partial", "archive/river")}, ("origin", "url")),
    "an address written otherwise": (
        {"origin": {"publisher": "partial", "url": "http://WWW.partial.example:80/archive/%72iver?x=y"}},
        ("origin", "url"),
    ),
    "an address beside it": ({"origin": of("partial", "archives/river")}, None),
    "a host": ({"origin": {"publisher": "partial", "url": "https://old.partial.example/river"}}, ("origin", "url")),
    "a host beside it": ({"origin": {"publisher": "partial", "url": "https://bold.partial.example/r"}}, None),
    "an unknown address": ({"origin": {**of("partial"), "url": "unknown"}, "retrieved": {"from": "river.txt"}}, None),
    "quoted": ({**EXCERPT, "origin": of("partial", "archive/river"), "credits": ["By arrangement"]}, None),
    "linked": ({"kind": "link", "origin": of("partial", "archive/river")}, None),
    "verified for this item": (
        {"origin": of("partial", "archive/river"), "licence": "CC-BY-4.0", "review": review("licence-verified")},
        None,
    ),
    "by permission": ({"origin": of("partial", "archive/river"), "review": review("permission-granted")}, None),
    "with another review": (
        {"origin": of("partial", "archive/river"), "review": review("wire-facts-only")},
        ("origin", "url"),
    ),
    "of another publisher": ({"origin": of("free", "archive/river"), "credits": ["By arrangement"]}, None),
}
"""By name: an item, and where it is seen to be one that its publisher keeps out of its terms."""


@pytest.mark.parametrize("row", EXCLUDED)
def test_what_a_publisher_keeps_out_of_its_terms_is_not_reprinted(row: str) -> None:
    """Known by words that only such items carry, or by where they stand."""
    changes, place = EXCLUDED[row]
    result = judge(changes)
    found = None if isinstance(result, Cleared) else [(f.rule, f.at) for f in result]
    assert found == ([("rights/excluded", place)] if place else None)


def shown(name: str, **changes: object) -> Changes:
    """A reprint of one of `PAPERS` with a picture."""
    return {"origin": of(name), **picture(licence="CC-BY-3.0", **changes)}


THEIRS = "https://pictures.pictureless.example/quay"
KEPT_OUT: dict[str, tuple[Changes, object]] = {
    "from its own site": (shown("pictureless", source=THEIRS), ("image", "source")),
    "under the licence of its text, from nowhere": (
        {**shown("pictureless"), **picture(licence="CC-BY-4.0")},
        ("image", "licence"),
    ),
    "under the licence of its text, from elsewhere": (
        {**shown("pictureless"), **picture(licence="CC-BY-4.0", source="https://painter.example/quay")},
        None,
    ),
    "under another licence": (shown("pictureless"), None),
    "from elsewhere": (shown("pictureless", source="https://painter.example/quay"), None),
    "of our own": ({**shown("pictureless"), **picture(licence="LicenseRef-Own")}, None),
    "beside an excerpt": ({**shown("pictureless", source=THEIRS), **EXCERPT}, ("image", "source")),
    "beside a link": ({**shown("pictureless", source=THEIRS), "kind": "link"}, ("image", "source")),
    "by permission": ({**shown("pictureless", source=THEIRS), "review": review("permission-granted")}, None),
    "verified": (
        {**shown("pictureless", source=THEIRS), "review": review("licence-verified")},
        ("image", "source"),
    ),
    "of a publisher that does not mind": (shown("free", source="https://free.example/quay"), None),
}


@pytest.mark.parametrize("row", KEPT_OUT)
def test_a_publisher_s_pictures_are_left_out_where_it_asks_for_that(row: str) -> None:
    """Known by where they come from or, where that is not said, by the licence of the text beside them."""
    changes, place = KEPT_OUT[row]
    result = judge(changes)
    found = None if isinstance(result, Cleared) else [(f.rule, f.at) for f in result]
    assert found == ([("rights/image-excluded", place)] if place else None)


PICTURES_OFF: dict[str, tuple[Changes, str]] = {
    "of somebody else": (picture(), "image-off"),
    "of somebody else, beside an excerpt": ({**picture(), **EXCERPT}, "image-off"),
    "of somebody else, in our own article": ({**picture(), **OWN}, "image-off"),
    "of our own": (picture(licence="LicenseRef-Own"), ""),
    "in the public domain": (picture(licence="CC0-1.0"), "image-off"),
    "by permission": ({**picture(), "review": review("permission-granted")}, "image-off"),
    "none": ({}, ""),
}


@pytest.mark.parametrize("row", PICTURES_OFF)
def test_a_site_may_show_no_pictures_but_its_own(row: str) -> None:
    """The site says so once, and no article says otherwise."""
    changes, expected = PICTURES_OFF[row]
    assert rules(changes, Policy(REGISTER, Rights(images=False), TODAY, "LicenseRef-Own")) == expected
    assert rules(changes) == ""


def counting(address: str | None, **changes: object) -> Changes:
    """A reprint of a publisher that asks for its counter, with one."""
    return {"origin": {**of("counting"), "counter": address}, **changes}


COUNTER = "https://count.example/17.gif"
COUNTERS: dict[str, tuple[Changes, str, str]] = {
    "its own": (counting(COUNTER), "", "counter kind-not-permitted"),
    "its other one": (counting("https://other.example/17.gif"), "", "counter kind-not-permitted"),
    "in capitals": (counting("https://COUNT.example/17.gif"), "", "counter kind-not-permitted"),
    "somebody else's": (counting("https://ads.example/17.gif"), "counter", "counter kind-not-permitted"),
    "below its own": (counting("https://x.count.example/17.gif"), "counter", "counter kind-not-permitted"),
    "begins like its own": (counting("https://count.example.ads.example/"), "counter", "counter kind-not-permitted"),
    "none": (counting(None), "counter", "kind-not-permitted"),
    "none, by permission": (counting(None, review=review("permission-granted")), "", ""),
    "somebody else's, by permission": (
        counting("https://ads.example/17.gif", review=review("permission-granted")),
        "counter",
        "counter",
    ),
    "none, verified": (counting(None, review=review("licence-verified")), "counter", "kind-not-permitted"),
    "on an excerpt": (counting(COUNTER, **EXCERPT), "counter", "counter"),
    "on a link": (counting(COUNTER, kind="link"), "counter", "counter"),
    "of a publisher that asks for none": ({"origin": {**of("free"), "counter": COUNTER}}, "counter", "counter"),
    "of a stranger": ({**EXCERPT, "origin": {**GAZETTE, "counter": COUNTER}}, "counter", "counter"),
}
"""By name: a counter, what is wrong where the site accepts counters, and where it does not."""


@pytest.mark.parametrize("row", COUNTERS)
def test_a_counter_stands_where_it_is_asked_for_and_accepted(row: str) -> None:
    """It is the publisher's own, by its host; nobody else learns who reads."""
    changes, accepted, refused = COUNTERS[row]
    assert rules(changes, Policy(REGISTER, Rights(counters=True), TODAY, "LicenseRef-Own")) == accepted
    assert rules(changes) == refused


def test_no_counter_is_left_on_what_was_withdrawn() -> None:
    """Its words are gone, and so is what told of their readers."""
    result = judge(counting(COUNTER, withdrawn=WITHDRAWN))
    assert isinstance(result, Cleared)
    assert result.article.matter.origin is not None
    assert result.article.matter.origin.counter is None


def test_a_day_s_excerpts_of_one_publisher_are_numbered(site: Site) -> None:
    """The first of a day (UTC) stay; reprints, links, other days and other publishers do not count."""
    site.write("config.yaml", CONFIG + "rights: {excerpts_per_day: 2}\n")
    voa, tna = ({**GOOD["origin"], **origin} for origin in ({}, TNA))
    late = "2024-03-02T23:59:59Z"
    for name, origin, changes in (
        ("a-first", voa, {**EXCERPT, "date": "2024-03-02T07:00:00Z"}),
        ("b-fourth", voa, {**EXCERPT, "date": late}),
        ("c-third", voa, {**EXCERPT, "date": "2024-03-02T09:00:00Z"}),
        ("d-second", voa, {**EXCERPT, "date": "2024-03-03T00:30:00+16:00"}),
        ("e-reprint", voa, {"date": late}),
        ("f-link", voa, {"kind": "link", "date": late}),
        ("g-next-day", voa, {**EXCERPT, "date": "2024-03-03"}),
        ("h-another", tna, {**EXCERPT, "date": late}),
        ("i-gone", voa, {**EXCERPT, "date": "2024-03-02T06:00:00Z", "withdrawn": WITHDRAWN}),
    ):
        site.article(name, licence=None, **{**changes, "origin": {**origin, "url": f"{origin['url']}?page={name}"}})
    result = site.build()
    assert [line.split(": ")[:2] for line in result.err.splitlines()[:-1]] == [
        ["content/articles/2024/03/b-fourth.md:3:7", "rights/too-many-excerpts"],
        ["content/articles/2024/03/c-third.md:3:7", "rights/too-many-excerpts"],
    ]
    assert "this is excerpt 3 of Voice of America on 2024-03-02, and 2 are allowed" in result.err
    site.write("config.yaml", CONFIG)
    assert site.build().err == ""


def parts(changes: Changes) -> list[tuple[str, str, str, str]]:
    """(part, status, licence, holder) of each part of a cleared article."""
    result = judge(changes)
    assert isinstance(result, Cleared), result
    return [(part.name.value, part.status.value, part.licence_id, part.holder) for part in result.parts]


FREE = ("CC-BY-4.0", "The Free Paper")
OURS = ("own", "LicenseRef-Own", "")
PARTS: dict[str, tuple[Changes, list[tuple[str, ...]]]] = {
    "a reprint": (
        {"origin": of("free"), "credits": ["Ada and Bo"]},
        [
            ("headline", "licensed", *FREE),
            ("summary", *OURS),
            ("text", "licensed", *FREE),
            ("credit lines", "licensed", *FREE),
        ],
    ),
    "a reprint that quotes, under our headline": (
        {"origin": {**of("free"), "title": "Theirs"}, "summary": None, "body": "> One."},
        [("headline", *OURS), ("text", "licensed", *FREE)],
    ),
    "in the public domain": (
        {"summary": None},
        [(part, "public-domain", "LicenseRef-USGov-PD", "Voice of America") for part in ("headline", "text")],
    ),
    "by permission": (
        {"origin": TNA, "summary": None, "review": review("permission-granted")},
        [(part, "permitted", "LicenseRef-All-Rights-Reserved", "The New American") for part in ("headline", "text")],
    ),
    "an excerpt": (
        {**EXCERPT, "origin": of("free"), "credits": ["Ada and Bo"]},
        [
            ("headline", "quotation", *FREE),
            ("summary", *OURS),
            ("text", *OURS),
            ("quotations", "quotation", *FREE),
            ("credit lines", "quotation", *FREE),
        ],
    ),
    "an excerpt of the public domain": (
        {**EXCERPT, "summary": None, "origin": {"title": "Theirs"}},
        [
            ("headline", *OURS),
            ("text", *OURS),
            ("quotations", "quotation", "LicenseRef-USGov-PD", "Voice of America"),
        ],
    ),
    "an excerpt of a stranger": (
        {**EXCERPT, "origin": GAZETTE, "summary": None},
        [
            ("headline", "quotation", "unknown", "The Quay Gazette"),
            ("text", *OURS),
            ("quotations", "quotation", "unknown", "The Quay Gazette"),
        ],
    ),
    "a link": (
        {"kind": "link", "origin": of("free")},
        [("headline", "quotation", *FREE), ("summary", *OURS), ("text", *OURS)],
    ),
    "a link under their headline, said twice": (
        {"kind": "link", "body": "", "summary": None, "origin": {**of("free"), "title": GOOD["title"]}},
        [("headline", "quotation", *FREE)],
    ),
    "a link without a word": (
        {"kind": "link", "body": "", "summary": None, "origin": of("free")},
        [("headline", "quotation", *FREE)],
    ),
    "our own": ({**OWN, "body": f"{WORDS}\n\n> One."}, [("headline", *OURS), ("summary", *OURS), ("text", *OURS)]),
    "our own, freely, with a picture": (
        {**OWN, "summary": None, "licence": "CC-BY-4.0", **picture(licence="CC-BY-3.0")},
        [
            ("headline", "own", "CC-BY-4.0", ""),
            ("text", "own", "CC-BY-4.0", ""),
            ("picture", "licensed", "CC-BY-3.0", "Bo"),
            ("caption", "quotation", "CC-BY-3.0", "Bo"),
        ],
    ),
    "a link with a picture of our own": (
        {"kind": "link", "body": "", "summary": None, "origin": of("free"), **picture(licence="LicenseRef-Own")},
        [
            ("headline", "quotation", *FREE),
            ("picture", "own", "LicenseRef-Own", "Bo"),
            ("caption", "own", "LicenseRef-Own", "Bo"),
        ],
    ),
    "a link with a picture in the public domain": (
        {"kind": "link", "body": "", "summary": None, "origin": of("free"), **picture(licence="CC0-1.0")},
        [
            ("headline", "quotation", *FREE),
            ("picture", "public-domain", "CC0-1.0", "Bo"),
            ("caption", "quotation", "CC0-1.0", "Bo"),
        ],
    ),
    "what was withdrawn": ({"withdrawn": WITHDRAWN, **picture()}, []),
}
"""By name: an article, and each of its parts with what it stands under and whose it is."""


@pytest.mark.parametrize("row", PARTS)
def test_each_part_stands_under_its_own_terms(row: str) -> None:
    """In the order in which readers meet them; a headline is theirs unless the original's is named beside it."""
    changes, expected = PARTS[row]
    assert parts(changes) == expected


PROOFS: dict[str, tuple[Changes, tuple[bool | None, bool, int] | None]] = {
    "a reprint, letter for letter": ({}, (True, False, 0)),
    "a reprint that was changed": ({"retrieved": {"sha256": "0" * 64}}, (False, False, 0)),
    "a reprint by permission whose hash nobody took": (
        {"origin": TNA, "review": review("permission-granted"), "retrieved": {"sha256": "1" * 64}},
        (False, False, 0),
    ),
    "an excerpt of which nothing is stored": (
        commented(stored=None, retrieved={"words": 600}),
        (None, False, 1),
    ),
    "an excerpt that was taken at import": (commented(stored=TAKEN), (None, True, 0)),
    "a long quotation that was not": (commented(), (None, True, 0)),
    "a short quotation that was not": (
        {**commented(), "body": f"{WORDS}\n\n> two goats and a clerk\n\nOurs.\n\n> {QUOTE}"},
        (None, True, 1),
    ),
    "a link": ({"kind": "link"}, (None, False, 0)),
    "a link that was compared": ({"kind": "link", "stored": KNOWN}, (None, True, 0)),
    "our own": (OWN, None),
    "what was withdrawn": ({"withdrawn": WITHDRAWN}, None),
}
"""By name: an article; whether it is verbatim, whether copies were looked for, quotations that nothing vouches for."""


@pytest.mark.parametrize("row", PROOFS)
def test_what_a_machine_has_compared_is_told_from_what_is_believed(row: str) -> None:
    """None stands for a question that does not arise."""
    changes, expected = PROOFS[row]
    result = judge(changes)
    assert isinstance(result, Cleared), result
    proof = result.proof
    assert (proof and (proof.is_verbatim, proof.is_fingerprinted, proof.quotations_unchecked)) == expected
