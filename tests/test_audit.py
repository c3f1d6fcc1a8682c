"""The audit of the built site: whatever is broken in the output is found, at its place, and nothing else is accused.

A good site with everything in it is built once. Each sabotage takes a copy and breaks one thing, as a theme might, a
hand in the output, or a file that somebody puts there; it says which rules are to be raised, and of which files.
"""

from __future__ import annotations

import html
import json
import os
import random
import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from broadsheet import fingerprint
from broadsheet.words import count_words, sha256
from tests.making import Site, matter

BASE = "https://paper.example/repo/"
PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")
CONFIG = """\
title: The Test Paper
description: What stands in other papers, and by what right it stands here too, told by people who looked
base_url: https://paper.example/repo/
editor: Grace Editor
email: grace@paper.example
page_size: 4
feeds: {size: 50}
rights: {counters: true, excerpt_words: 80}
reservation: {prohibits: [ai-train], policy: https://paper.example/licensing}
publishers:
  the-office:
    name: Office of the Harbour
    home: https://harbour.example/
    domains: [harbour.example]
    terms:
    - {licence: LicenseRef-USGov-PD, kinds: [full, excerpt, link]}
    evidence:
    - {certainty: read-at-source, read: 2024-03-01, url: https://harbour.example/terms, clause: Take what you like.}
  the-herald:
    name: Lower Town Herald
    home: https://herald.example/
    domains: [herald.example]
    credit: The Lower Town Herald, herald.example
    index: no
    terms:
    - licence: LicenseRef-Herald
      kinds: [full, excerpt, link]
      conditions: [link-first]
      tagline: First printed in the Lower Town Herald, {year}.
    evidence:
    - {certainty: read-at-source, read: 2024-03-01, url: https://herald.example/terms, clause: "Us, link first."}
  the-gazette:
    name: Upper Town Gazette
    home: https://gazette.example/
    domains: [gazette.example]
    canonical: origin
    counter: [counter.gazette.example]
    terms:
    - {licence: CC-BY-4.0, kinds: [full, excerpt, link], conditions: [counter, link-to-article]}
    evidence:
    - {certainty: read-at-source, read: 2024-03-01, url: https://gazette.example/terms, clause: With our counter.}
  the-courier:
    name: Courier of the East
    home: https://courier.example/
    domains: [courier.example]
    index: news-no
    terms:
    - {licence: LicenseRef-All-Rights-Reserved, kinds: [excerpt, link]}
    evidence:
    - {certainty: read-at-source, read: 2024-03-01, url: https://courier.example/terms, clause: All rights reserved.}
licences:
  LicenseRef-Herald:
    name: The Herald's terms
    statement: You may reprint this as the Herald printed it
    permits: [Reproduction, Distribution]
    requires: [Attribution]
"""


def prose(seed: str, words: int) -> str:
    """A text of words that stand in no dictionary, in sentences; every seed has words of its own."""
    chance = random.Random(seed)  # noqa: S311
    made = ["".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(3)) for _ in range(words)]
    for n in range(0, words, 12):
        made[n] = made[n].capitalize()
        made[min(n + 11, words - 1)] += "."
    return " ".join(made)


SECRET = prose("secret", 400)
"""The original of the excerpt: all rights reserved, and at hand as a captured text."""
SPOKEN = prose("spoken", 30)
"""What an official said to two papers: the reprint has it, and the original of the excerpt."""
SECRET_WORDS = SECRET.split()
ORIGINAL = f"{SECRET} Said the official: {SPOKEN}"
LINKED = prose("linked", 300)
"""The original of the link, of which a fingerprint is at hand."""
UNUSED = prose("unused", 4_000)
"""A captured text of which nothing is published."""
RIVER = f"{prose('river', 60)}\n\nThe official said: “{SPOKEN}”\n\n{prose('river-2', 60)}"
"""A reprint."""
BRIDGE = prose("bridge", 120)
"""Another."""
QUOTED = " ".join(SECRET_WORDS[20:40])
MORE = " ".join(SECRET_WORDS[40:46])
INLINE = " ".join(SECRET_WORDS[60:78])
NOTED = " ".join(SECRET_WORDS[100:116])
EXCERPT = "2024/03/a-secret/index.html"
REPRINT = "2024/03/river/index.html"
HERALD = "2024/03/herald/index.html"
PICTURED = "2024/03/bridge/index.html"
LINK = "2024/03/linked/index.html"
OWN = "2024/03/own/index.html"
GONE = "2024/03/gone/index.html"
HEBREW = "2024/03/hebrew/index.html"
HOSTILE = "<script>window.hit = 1</script> & \"quotes\" 'too' 😀 “of four whole words”"


def origin(publisher: str, host: str, name: str, **more: object) -> dict[str, object]:
    """An origin in the front matter."""
    url = f"https://{host}.example/2024/{name}?page=1&part=2"
    return {"publisher": publisher, "url": url, "authors": ["Ada Reporter"], "published": "2024-03-01", **more}


def taken(text: str, **more: object) -> dict[str, object]:
    """How the digest came by a text."""
    measured = {"sha256": sha256(text), "words": count_words(text)}
    return {"from": "a-file.txt", "at": "2024-03-02", **measured, **more}


def article(site: Site, name: str, body: str, **fields: object) -> None:
    """Write an article; `hour` makes one newer than another."""
    hour = fields.pop("hour", 8)
    path = f"content/articles/2024/03/{name}.md"
    site.write(path, matter({"date": f"2024-03-05T{hour:02}:00:00Z", "slug": name, **fields}) + body + "\n")


def write_good(site: Site) -> None:
    """Everything that a site may have, by its rights."""
    site.write("config.yaml", CONFIG)
    article(
        site, "river", RIVER, title="A river rises", kind="full", hour=9, summary="Water in the lower town.",
        topics=["Weather", "Städte"], story="flood", origin=origin("the-office", "harbour", "river"),
        retrieved=taken(RIVER), corrections=[{"date": "2024-03-06", "text": "The level was four metres, not forty."}],
        changes=["Formatting: one list made of three lines"], credits=["With the help of the *bridge master* & son."],
        aliases=["/river/", "/old/river.html"],
    )  # fmt: skip
    site.write(".captures/river.txt", RIVER)
    article(
        site, "bridge", f"{BRIDGE}\n\nSee [the river](/2024/03/river/) and [its level](river#s-none).\n".replace(
            "river#s-none", "/2024/03/own/#s-the-level"
        ),
        title="A bridge “of three words” stands", kind="full", hour=10, summary="The bridge of the upper town stands.",
        topics=["Weather"],
        origin=origin("the-gazette", "gazette", "bridge", counter="https://counter.gazette.example/1"),
        retrieved=taken(BRIDGE), review={"by": "Grace Editor", "at": "2024-03-03", "finding": "wire-facts-only"},
        image={"file": "bridge.png", "alt": "At noon", "creator": "Bo Photographer", "credit": "B. P. / Paper",
               "licence": "CC-BY-SA-4.0", "source": "https://pictures.example/bridge"},
    )  # fmt: skip
    site.write("content/articles/2024/03/bridge.png", PIXEL)
    herald = "\n\n".join(prose(f"herald-{n}", 20) for n in range(6))
    article(
        site, "herald", herald, title="At night in the town", kind="full", hour=11, topics=["Night"],
        summary=f"Our own words on it: {prose('summary', 30)}",
        origin=origin("the-herald", "herald", "night", title="A Night in the Lower Town"), retrieved=taken(herald),
    )  # fmt: skip
    body = (
        f"It is worth reading for what a witness says.\n\n> {QUOTED}\n>\n> {MORE}[^1]\n\nShe adds: “{INLINE}” – "
        f"and that is new.\n\n[^1]: {NOTED}\n"
    )
    article(
        site, "a-secret", body, title=f"{HOSTILE} at the quay", kind="excerpt", hour=12, topics=["Weather"],
        story="flood", summary="What the witness saw at the quay, and who did not want it to be “known to us all”.",
        origin=origin("the-courier", "courier", "secret", title=f"The Secret: {HOSTILE}"), retrieved=taken(ORIGINAL),
        credits=["With material of the Courier's own correspondents in all of the harbours of the sea."],
    )  # fmt: skip
    site.write(".captures/deep/a-secret.txt", ORIGINAL)
    site.write(".captures/unused.txt", UNUSED)
    site.write(
        "content/articles/2024/03/a-secret.fingerprint",
        fingerprint.dump(fingerprint.fingerprint(ORIGINAL, [f"{QUOTED} {MORE}", INLINE, NOTED])),
    )
    article(
        site, "hebrew", "מילים משלנו על הספר, ולמה כדאי לקרוא אותו עד סופו.\n\n> לנהר אין זיכרון, וגם לנו אין.\n",
        title="הנהר עולה", kind="excerpt", hour=13, language="he", topics=["Weather"],
        origin={"publisher": "The Daily Unknown", "url": "unknown", "authors": ["Ed Writer"], "published": "unknown"},
        retrieved=taken(prose("hebrew", 90)), licence="unknown",
    )  # fmt: skip
    article(
        site, "linked", "Our own words say why it is worth the way.", title="東京の橋", kind="link", hour=14,
        topics=["Städte"], origin=origin("the-courier", "courier", "linked"), retrieved=taken(LINKED),
    )  # fmt: skip
    site.write("content/articles/2024/03/linked.fingerprint", fingerprint.dump(fingerprint.fingerprint(LINKED)))
    own = (
        "# The level\n\nAll is well.[^1] We looked at every gauge, every bridge and every boat of the lower town. "
        'See [the note](#fn1), [the secret](/2024/03/a-secret/ "gone"), [a mail]'
        "(mailto:grace@paper.example), [a query](https://harbour.example/a%20b?x=1&y=2#z) and [us](/about/#s-who).\n\n"
        f"> {QUOTED}\n\n[^1]: Read at noon.\n"
    )
    article(
        site,
        "own",
        own,
        title=f"Ours: {HOSTILE}",
        kind="own",
        licence="CC-BY-4.0",
        hour=15,
        topics=["Night"],
        summary=f"Ours {HOSTILE}",
    )
    article(
        site, "gone", f"> {QUOTED}", title="What was withdrawn", kind="excerpt", hour=7, topics=["Weather"],
        origin=origin("the-courier", "courier", "gone"), retrieved=taken(prose("gone", 200)),
        withdrawn={"date": "2024-03-07", "reason": "The Courier wrote: “take it down, if you please”."},
    )  # fmt: skip
    article(site, "ete-a-東京", "Ours again.", title="Été à 東京", kind="own", hour=6, topics=["Städte"])
    about = (
        "## Who\n\nWe are [the editors](/2024/03/own/), see [the level](/2024/03/own/#s-the-level).\n\n> So be it.\n"
    )
    site.write(
        "content/pages/about.md", matter({"title": f"About {HOSTILE}", "slug": "about", "aliases": ["/who/"]}) + about
    )
    site.write("static/notes.txt", "A file of the site's own.")
    site.write("static/CNAME", "paper.example")
    site.write("static/logo.svg", '<svg xmlns="http://www.w3.org/2000/svg"><path fill="url(#a)" d="M0 0"/></svg>')


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The good site, built."""
    site = Site(tmp_path_factory.mktemp("audit") / "site")
    write_good(site)
    result = site.build()
    assert (result.code, result.err) == (0, "")
    return site


@pytest.fixture
def site(good: Site, tmp_path: Path) -> Site:
    """A copy of it."""
    return Site(Path(shutil.copytree(good.root, tmp_path / "site")))


def found(site: Site) -> list[dict[str, Any]]:
    """The problems that a check finds."""
    result = site.run("check", "--format", "json")
    assert "Traceback" not in result.err
    problems: list[dict[str, Any]] = json.loads(result.out)
    assert result.code == (1 if problems else 0)
    return problems


def raised(site: Site) -> set[str]:
    """Rule and file of each problem."""
    return {f"{it['rule']} {it['path'].removeprefix('public/')}" for it in found(site)}


def test_a_good_site_keeps_the_promise(site: Site) -> None:
    """All kinds of articles, hostile headlines, a base path, right-to-left: no problem."""
    assert [str(it) for it in found(site)] == []


@pytest.mark.parametrize("base", ["https://paper.example/", "https://bücher.example/a/b/", "http://localhost:8000/x/"])
def test_a_good_site_anywhere(site: Site, base: str) -> None:
    """At the root of a host, at one whose name is not ASCII, on a port."""
    assert site.build("--base-url", base).code == 0
    assert [str(it) for it in found(site)] == []


WRITTEN: dict[str, Callable[[str], str]] = {
    "without white space": lambda it: re.sub(r">\s+<", "><", re.sub(r"\s+", " ", it)),
    "with much of it": lambda it: it.replace(">", ">\r\n\t"),
    "with comments": lambda it: re.sub("(?=</(?:p|a|dd|dt|span|h1|li)>)", "<!-- a comment -->", it),
    "with tags in capitals": lambda it: re.sub(r"</?\w+", lambda tag: tag[0].upper(), it),
    "without optional tags": lambda it: re.sub(r"</(?:p|li|dd|dt)>|</?(?:head|body)[^>]*>|</html>", "", it),
    "with a byte order mark": lambda it: f"\ufeff{it}",
    "with words in elements of their own": lambda it: re.sub(r"(?<=>)([^<>]+)(?=</(?:p|dd|h1)>)", r"<i>\1</i>", it),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_good_site_however_it_is_written(site: Site, name: str) -> None:
    """Markup that says the same is the same to the audit."""
    for file in site.public.rglob("*.html"):
        file.write_text(WRITTEN[name](file.read_text(encoding="utf-8")), encoding="utf-8")
    assert [str(it) for it in found(site)] == []


@dataclass(frozen=True)
class Sabotage:
    """Something broken in the output."""

    name: str
    do: Callable[[Site], object]
    expected: frozenset[str]
    """Rule and file of each problem."""


def raised_by(site: Site, cases: Mapping[Any, str | bytes]) -> dict[Any, set[str]]:
    """What each of many files is accused of, by its name here: pages, unless they have a suffix of their own."""
    files = {name: name if isinstance(name, Path) else f"case-{n}.html" for n, name in enumerate(cases)}
    for name, file in files.items():
        site.write(f"public/{file}", cases[name])
    said = [it.removeprefix("audit/").split(" ", 1) for it in raised(site)]
    assert {file for _, file in said} <= {str(file) for file in files.values()}
    return {name: {rule for rule, accused in said if accused == str(file)} for name, file in files.items()}


def sabotage(name: str, do: Callable[[Site], object], *expected: str) -> Sabotage:
    """A sabotage; what is expected is written as `rule file`."""
    return Sabotage(name, do, frozenset(f"audit/{it}" for it in expected))


def edit(path: str, *pairs: tuple[str, str]) -> Callable[[Site], None]:
    """Replace every occurrence of a text in a built file, which must be there."""

    def do(site: Site) -> None:
        text = site.read(path)
        for old, new in pairs:
            assert old in text, f"{old!r} is not in {path}"
            text = text.replace(old, new)
        (site.public / path).write_text(text, encoding="utf-8")

    return do


def within(path: str, pattern: str, new: str) -> Callable[[Site], None]:
    """The same with a regular expression."""

    def do(site: Site) -> None:
        text, number = re.subn(pattern, new, site.read(path), flags=re.DOTALL)
        assert number, f"{pattern!r} is not in {path}"
        (site.public / path).write_text(text, encoding="utf-8")

    return do


def add(path: str, markup: str, before: str = "</main>") -> Callable[[Site], None]:
    """Put markup into a built page."""
    return edit(path, (before, markup + before))


def put(path: str, content: str | bytes) -> Callable[[Site], Path]:
    """Put a file into the output."""
    return lambda site: site.write(f"public/{path}", content)


def swapped(name: str, path: str, old: str, new: str, *rules: str) -> Sabotage:
    """A sabotage of one page: a text in it becomes another, and the page is what is accused."""
    return sabotage(name, edit(path, (old, new)), *(f"{rule} {path}" for rule in rules))


def rewritten(name: str, path: str, pattern: str, new: str, *rules: str) -> Sabotage:
    """The same with a regular expression."""
    return sabotage(name, within(path, pattern, new), *(f"{rule} {path}" for rule in rules))


def added(name: str, path: str, markup: str, *rules: str) -> Sabotage:
    """The same with markup that comes to what is there."""
    return sabotage(name, add(path, markup), *(f"{rule} {path}" for rule in rules))


def placed(name: str, path: str, content: str | bytes, *rules: str) -> Sabotage:
    """The same with a file of its own."""
    return sabotage(name, put(path, content), *(f"{rule} {path}" for rule in rules))


def many(*steps: Callable[[Site], object]) -> Callable[[Site], None]:
    """Several things at once."""

    def do(site: Site) -> None:
        for step in steps:
            step(site)

    return do


def of_bill(change: Callable[[dict[str, Any]], object]) -> Callable[[Site], None]:
    """Change the bill of materials."""

    def do(site: Site) -> None:
        bill = json.loads(site.read("rights.json"))
        change(bill)
        (site.public / "rights.json").write_text(json.dumps(bill), encoding="utf-8")

    return do


def item_of(bill: dict[str, Any], file: str) -> dict[str, Any]:
    """An article in the bill, by the file of its page."""
    url = BASE + file.removesuffix("index.html")
    item: dict[str, Any] = next(it for it in bill["items"] if it["url"] == url)
    return item


def remove(path: str) -> Callable[[Site], None]:
    """Remove a built file."""
    return lambda site: (site.public / path).unlink()


def append(site: Site, css: str) -> None:
    """Add to the style sheet of the theme."""
    with (site.public / "theme/style.css").open("a", encoding="utf-8") as file:
        file.write(css)


SUMMARY = "What the witness saw at the quay"
WHOLE_SUMMARY = f"{SUMMARY}, and who did not want it to be “known to us all”."
NEIGHBOUR = r'(<h3 class="headline"><a href="/repo/2024/03/a-secret/">.*?</h3>)'
SLIP = (
    r'<section class="slip slip-summary" aria-labelledby="slip">(.*?)</section>',
    r'<section class="slip slip-summary"{} aria-labelledby="slip">\1</section>',
)
SENTENCE = "The article is under copyright. We quote 42 of its words; the rest is at Courier of the East."
"""Stands in the slip and nowhere else."""

OF_CREDIT = [
    rewritten("no slip", EXCERPT, SLIP[0], "", "credit-missing"),
    rewritten("no facts", EXCERPT, r'<section class="slip slip-facts".*?</section>', "", "credit-missing"),
    swapped("no label", EXCERPT, 'kind"><span class="label kind-excerpt">Excerpt</span>', 'kind">', "credit-missing"),
    swapped("no label of a link", LINK, 'kind"><span class="label kind-link">Link</span>', 'kind">', "credit-missing"),
    swapped("another label", LINK, ">Link</span>", ">Our own</span>", "credit-missing"),
    swapped("no licence", REPRINT, "US government work (public domain in the US)", "", "credit-missing"),
    swapped(
        "no licence of the quotations",
        EXCERPT,
        "Quotations and credit lines: All rights reserved",
        "",
        "credit-missing",
    ),
    swapped("no author", REPRINT, "Ada Reporter", "", "credit-missing"),
    swapped("an author within another", REPRINT, "Ada Reporter", "Canada Reporters", "credit-missing"),
    swapped("no credit line", REPRINT, "With the help of the *bridge master* &amp; son.", "", "credit-missing"),
    swapped("no change", REPRINT, "<dd>Formatting: one list made of three lines</dd>", "", "credit-missing"),
    swapped(
        "no tagline",
        HERALD,
        '<p class="tagline">First printed in the Lower Town Herald, 2024.</p>',
        "",
        "credit-missing",
    ),
    swapped("no correction", REPRINT, "<dd>The level was four metres, not forty.</dd>", "", "credit-missing"),
    swapped("no review", PICTURED, "by Grace Editor:", "", "credit-missing"),
    swapped("no credit of the picture", PICTURED, ". B. P. / Paper", "", "credit-missing"),
    swapped("no creator of the picture", PICTURED, "Bo Photographer", "", "credit-missing"),
    swapped("no licence of the picture", PICTURED, "Creative Commons Attribution-ShareAlike 4.0", "", "credit-missing"),
    swapped("no withdrawal", GONE, "The Courier wrote:", "", "credit-missing"),
    rewritten("no counter", PICTURED, '<img src="https://counter[^>]*>', "", "credit-missing"),
    swapped(
        "no link to the original",
        EXCERPT,
        '<a href="https://courier.example/2024/secret',
        '<a href="https://courier.example/2024/other',
        "credit-missing",
    ),
    rewritten(
        "links to the original that nobody sees",
        EXCERPT,
        '(<a href="https://courier.example/2024/secret[^>]*>)[^<]*</a>',
        r"\1</a>",
        "credit-missing",
    ),
    rewritten(
        "the link after the text",
        HERALD,
        '<p><a href="https://herald.example/2024[^>]*>The original</a></p>',
        "",
        "link-late",
    ),
    rewritten("hidden", EXCERPT, SLIP[0], SLIP[1].format(" hidden"), "credit-missing"),
    rewritten("hidden by style", EXCERPT, SLIP[0], SLIP[1].format(' style="display : none"'), "credit-missing"),
    rewritten("hidden by escapes", EXCERPT, SLIP[0], SLIP[1].format(r' style="d\\69splay:/**/none"'), "credit-missing"),
    rewritten(
        "moved away", EXCERPT, SLIP[0], SLIP[1].format(' style="position:absolute;left:-9999px"'), "credit-missing"
    ),
    rewritten("in a template", EXCERPT, SLIP[0], r"<template>\1</template>", "credit-missing"),
    rewritten("in a comment", EXCERPT, SLIP[0], r"<!--\1-->", "credit-missing"),
    rewritten("in noscript", EXCERPT, SLIP[0], r"<noscript>\1</noscript>", "credit-missing"),
    rewritten("in a dialog", EXCERPT, SLIP[0], r"<dialog>\1</dialog>", "credit-missing"),
    rewritten("in a canvas", EXCERPT, SLIP[0], r"<canvas>\1</canvas>", "credit-missing"),
    swapped(
        "in a list to choose from",
        EXCERPT,
        f"<p>{SENTENCE}</p>",
        f"<select><option>{SENTENCE}</option></select>",
        "credit-missing",
    ),
    swapped("in a box to type in", EXCERPT, f"<p>{SENTENCE}</p>", f"<textarea>{SENTENCE}</textarea>", "credit-missing"),
    swapped(
        "in an attribute",
        EXCERPT,
        f"<p>{SENTENCE}</p>",
        f'<p title="{SENTENCE}" aria-label="{SENTENCE}"></p>',
        "credit-missing",
    ),
    swapped(
        "hidden in the midst",
        EXCERPT,
        "We quote 42 of its words",
        "We quote 42 <span hidden>of</span> its words",
        "credit-missing",
    ),
    sabotage(
        "hidden by the style sheet",
        lambda site: append(site, ".slip { display: none }"),
        *(
            f"credit-missing {it}"
            for it in (EXCERPT, REPRINT, HERALD, PICTURED, LINK, OWN, GONE, HEBREW, "2024/03/ete-a-東京/index.html")
        ),
    ),
    sabotage(
        "hidden by a style element",
        add(EXCERPT, "<style>@media screen { main .slip-summary { visibility: hidden } }</style>", "</head>"),
        f"credit-missing {EXCERPT}",
    ),
    swapped(
        "a card without a publisher",
        "index.html",
        '<a href="/repo/publishers/the-courier/">Courier of the East</a>',
        "",
        "credit-missing",
    ),
    rewritten(
        "cards without credit on a topic",
        "topics/weather/index.html",
        '<p class="credit">.*?</p>',
        "",
        "credit-missing",
    ),
    rewritten(
        "cards without label in a story", "stories/flood/index.html", '<p class="kind">.*?</p>', "", "credit-missing"
    ),
    rewritten(
        "cards without terms beside an article",
        REPRINT,
        '<span class="terms">All rights reserved</span>',
        "",
        "credit-missing",
    ),
    rewritten("a summary among the neighbours, with its credit", REPRINT, NEIGHBOUR, rf"\1<p>{WHOLE_SUMMARY}</p>"),
    sabotage(
        "and without it",
        many(
            within(REPRINT, NEIGHBOUR, rf"\1<p>{WHOLE_SUMMARY}</p>"), within(REPRINT, '<p class="credit">.*?</p>', "")
        ),
        f"credit-missing {REPRINT}",
    ),
    sabotage(
        "the beginning of a summary, without credit",
        many(
            edit(
                "index.html",
                (", and who did not want it to be “known to us all”.", " and who did not …"),
                (SUMMARY, f"{SUMMARY},"),
            ),
            within("index.html", '<p class="credit">.*?</p>', ""),
        ),
        "credit-missing index.html",
    ),
    added(
        "a summary without a link",
        "about/index.html",
        f"<p>{SUMMARY}, and who did not want it to be “known to us all”.</p>",
        "credit-missing",
    ),
    sabotage(
        "cards without an element round each",
        many(within("index.html", "</?article[^>]*>", ""), within("index.html", '<p class="credit">.*?</p>', "")),
        "credit-missing index.html",
    ),
    added(
        "a picture on the front page",
        "index.html",
        '<img src="/repo/2024/03/bridge/bridge.png" alt="">',
        "credit-missing",
    ),
]


@pytest.mark.parametrize("it", OF_CREDIT, ids=lambda it: it.name)
def test_credit(site: Site, it: Sabotage) -> None:
    """Credit that is dropped, or that no reader can see."""
    it.do(site)
    assert raised(site) == it.expected


ELSEWHERE = "https://evil.example/x.png"
LOADING = [
    '<img src="{}">',
    '<IMG SRC="{}" hidden>',
    '<img srcset="/repo/theme/icon.svg 1x, {} 2x">',
    '<img srcset="{}">',
    '<picture><source srcset="{}"><img src="/repo/theme/icon.svg" alt=""></picture>',
    '<video poster="{}"></video>',
    '<video src="{}"></video>',
    '<video><source src="{}"></video>',
    '<audio src="{}"></audio>',
    '<track src="{}">',
    '<input type="image" src="{}">',
    '<svg><image href="{}"/></svg>',
    '<svg><image xlink:href="{}"/></svg>',
    '<svg><use href="{}#a"/></svg>',
    '<svg><a href="/repo/about/"><image><set attributeName="href" to="{}"/></image></a></svg>',
    '<svg><rect fill="url({})"/></svg>',
    '<div style="background: url({})"></div>',
    "<div style=\"background: u\\72l('{}')\"></div>",
    "<div style='background: image-set(\"{}\" 1x)'></div>",
    '<style>p {{ background: url( "{}" ) }}</style>',
    '<style>@import "{}";</style>',
    "<style>/* url(x) */ a {{ b: url({}",
    '<script src="{}"></script>',
    '<iframe src="{}"></iframe>',
    '<iframe srcdoc="<img src=&quot;{}&quot;>"></iframe>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<template><img src="{}"></template>',
    '<noscript><img src="{}"></noscript>',
    '<a href="/repo/about/" ping="{}">x</a>',
    '<table background="{}"></table>',
]
IN_HEAD = [
    '<meta property="og:image" content="{}">',
    '<meta property="og:image:secure_url" content="{}">',
    '<meta name="twitter:image" content="{}">',
    '<meta name="twitter:player" content="{}">',
    '<meta itemprop="image" content="{}">',
    '<meta name="msapplication-TileImage" content="{}">',
    '<link rel="preload" as="image" href="{}">',
    '<link rel="preload" as="image" imagesrcset="{} 1x">',
    '<link rel="shortcut icon" href="{}">',
    '<link rel="alternate stylesheet" href="{}">',
    '<link rel="prefetch" href="{}">',
    '<link rel="dns-prefetch" href="{}">',
    '<link rel="preconnect" href="{}">',
    '<link rel="manifest" href="{}">',
    '<link rel="mask-icon" href="{}">',
    '<noscript><link rel="stylesheet" href="{}"></noscript>',
    '<script type="application/ld+json">{{"@type": "WebPage", "image": ["{}"]}}</script>',
    '<script type="application/ld+json">[{{"a": {{"@type": "ImageObject", "contentUrl": "{}"}}}}]</script>',
]
FOREIGN = [
    "//evil.example/x.png",
    "///evil.example/x.png",
    "/\\evil.example/x.png",
    "\\\\evil.example/x.png",
    "http:evil.example/x.png",
    "HTTPS://EVIL.EXAMPLE/x.png",
    "ht\ntps://evil.example/x.png",
    " https://evil.example/x.png",
    "https://paper.example@evil.example/x.png",
    "https://paper.example:8443/repo/theme/icon.svg",
    "https://paper.example.evil.example/x.png",
    "https://evil.example/paper.example/x.png",
    "https://xn--ppr-ula.example/x.png",
    "https://pаper.example/repo/theme/icon.svg",
    "ftp://paper.example/x.png",
    "file:///x.png",
    "http://[::1]/x.png",
    "https://[bad/x.png",
]
"""Addresses elsewhere, however they are written; one of them has a Cyrillic letter."""
HERE = [
    "/repo/theme/icon.svg",
    "theme/icon.svg",
    "./theme/../theme/icon.svg?x=1#y",
    "https://paper.example/repo/theme/icon.svg",
    "http://paper.example/repo/theme/icon.svg",
    "//paper.example/repo/theme/icon.svg",
    "https://PAPER.EXAMPLE:443/repo/theme/icon.svg",
    "https://user@paper.example./repo/theme/icon.svg",
    "https://ｐaper.example/repo/theme/icon.svg",
    "/repo/theme/%69con.svg",
    "\\repo\\theme\\icon.svg",
    "https:theme/icon.svg",
    "data:image/gif;base64,R0lGODlhAQABAAAAACw=",
    "about:blank",
]
"""Addresses that load nothing from elsewhere, however they are written."""


def test_ways_to_load(site: Site) -> None:
    """What a browser loads from elsewhere, by any way there is and however the address is written; not what is here."""
    pages = {it: f"<body>{it.format(ELSEWHERE)}" for it in LOADING}
    pages |= {it: f"<head>{it.format(ELSEWHERE)}</head>" for it in IN_HEAD}
    pages |= {it: f'<img src="{it}">' for it in FOREIGN}
    good = {it: f'<img src="{it}">' for it in HERE}
    expected = {name: {"foreign-media"} if name in pages else set() for name in (*pages, *good)}
    assert raised_by(site, {**pages, **good}) == expected


OF_MEDIA = [
    added("the counter of another page", REPRINT, '<img src="https://counter.gazette.example/1">', "foreign-media"),
    swapped(
        "a base elsewhere", "404.html", "<title>", '<base href="https://evil.example/repo/"><title>', "foreign-media"
    ),
    sabotage(
        "a base elsewhere, and what it moves",
        many(
            edit("404.html", ("<title>", '<base href="//evil.example"><title>')), add("404.html", '<img src="x.png">')
        ),
        "foreign-media 404.html",
    ),
    sabotage(
        "a base in the site",
        many(
            edit("404.html", ("<title>", '<base href="/repo/theme/"><title>')), add("404.html", '<img src="icon.svg">')
        ),
        "link-broken 404.html",
    ),
    sabotage(
        "in a style sheet", lambda site: append(site, "a { b: url(//evil.example/x) }"), "foreign-media theme/style.css"
    ),
    placed("imported by a style sheet", "theme/more.css", "@import url(https://evil.example/x.css);", "foreign-media"),
    placed(
        "in a comment of a style sheet",
        "theme/more.css",
        "/* url(https://evil.example/) */ @namespace url(http://www.w3.org/2000/svg);",
    ),
    placed(
        "in a picture of the site's own",
        "logo.svg",
        '<svg><image href="https://evil.example/x"/></svg>',
        "foreign-media",
    ),
    swapped(
        "in a feed",
        "feed.xml",
        "&lt;p&gt;All is well.",
        '&lt;p&gt;&lt;img src="https://evil.example/x"&gt;All is well.',
        "foreign-media",
    ),
    swapped(
        "in a feed, as readers do not show it",
        "feed.xml",
        "&lt;p&gt;All is well.",
        '&lt;p style="background:url(//evil.example)"&gt;All is well.',
        "foreign-media",
    ),
    swapped(
        "in a feed, enclosed",
        "feed.xml",
        "<category>Night</category>",
        '<enclosure url="https://evil.example/x.mp3" length="1" type="audio/mpeg"/>',
        "foreign-media",
    ),
    swapped(
        "in a feed's head",
        "feed.xml",
        "<docs>",
        "<image><url>https://evil.example/x.png</url><title>x</title><link>https://paper.example/</link></image><docs>",
        "foreign-media",
    ),
    placed("another picture", "2024/03/bridge/bridge.png", PIXEL + b"\0", "picture-changed"),
    sabotage(
        "no picture",
        remove("2024/03/bridge/bridge.png"),
        "picture-changed 2024/03/bridge/bridge.png",
        f"link-broken {PICTURED}",
    ),
]


@pytest.mark.parametrize("it", OF_MEDIA, ids=lambda it: it.name)
def test_media(site: Site, it: Sabotage) -> None:
    """What a browser would load from elsewhere, by any way there is; and what only looks so."""
    it.do(site)
    assert raised(site) == it.expected


PASTED = " ".join(SECRET_WORDS[150:350])
"""Words of the original that nobody has cleared."""
SHORT = " ".join(SECRET_WORDS[200:215])
"""As few of them as are always found."""
UNCLEARED = "uncleared-words"
QUOTED_TOO_MUCH = f"quoted-too-much {EXCERPT}"
WAYS = [
    "<p>{}</p>",
    "<div hidden>{}</div>",
    "<!-- {} -->",
    "<textarea>{}</textarea>",
    "<template><p>{}</p></template>",
    "<template><template>{}</template></template>",
    "<noscript>{}</noscript>",
    '<img src="/repo/theme/icon.svg" alt="{}">',
    '<p title="{}">x</p>',
    '<p data-text="{}">x</p>',
    '<p made-up="{}">x</p>',
    '<input value="{}">',
    "<select><option>{}</option></select>",
    "<canvas>{}</canvas>",
    "<svg><text>{}</text></svg>",
    "<svg><desc>{}</desc></svg>",
    "<iframe>{}</iframe>",
    '<iframe srcdoc="&lt;p&gt;{}&lt;/p&gt;"></iframe>',
    "<script>let text = '{}'</script>",
    "<style>/* {} */</style>",
    "<details><summary>x</summary>{}</details>",
    "<table><tr><td>{}</td></tr></table>",
    "<pre><code>{}</code></pre>",
    "<plaintext>{}",
]
IN_DATA = [
    '<script type="application/ld+json">{{"@type": "WebPage", "text": "{}"}}</script>',
    '<script type="application/ld+json">{{not JSON: {}</script>',
    '<meta name="abstract" content="{}">',
    "<title>{}</title>",
]


def each(words: str, form: str) -> str:
    """Every word in a form of its own."""
    return "".join(form.format(word) for word in words.split())


DISGUISES: dict[str, Callable[[str], str]] = {
    "upper case": str.upper,
    "soft hyphens": lambda it: it.replace("a", "a\u00ad"),
    "zero width": lambda it: it.replace("o", "o\u200b").replace("i", "\u2060i"),
    "wide letters": lambda it: it.translate({n: n + 0xFEE0 for n in range(ord("a"), ord("z") + 1)}),
    "other spaces": lambda it: it.replace(" ", "\u3000"),
    "non-breaking spaces": lambda it: it.replace(" ", "&nbsp;"),
    "entities": lambda it: "".join(f"&#{ord(sign)};" for sign in it),
    "markup within words": lambda it: it.replace("a", "<b>a</b>"),
    "comments within words": lambda it: it.replace("a", "<!-- x y -->a"),
    "possible breaks": lambda it: it.replace("a", "a<wbr>"),
    "other punctuation": lambda it: it.replace(" ", " – ").replace(".", " …"),
    "paragraphs": lambda it: each(it, "<p>{}</p>"),
    "cells": lambda it: f"<table><tr>{each(it, '<td>{}</td>')}</tr></table>",
    "line breaks": lambda it: it.replace(" ", "<br>"),
    "hidden words between": lambda it: each(it, "<p>{}</p><p hidden>nothing of the kind</p>"),
    "attributes between": lambda it: each(it, '<p title="nothing of the kind">{}</p>'),
    "attributes": lambda it: each(it, '<p data-x="{}"></p>'),
    "a page within a page": lambda it: f"<textarea>{html.escape(it.replace('a', '<b>a</b>'))}</textarea>",
    "as few words as are too many": lambda it: f"<p>Ours. {' '.join(it.split()[:15])}. Ours.</p>",
}
FILES: dict[str, Callable[[str], str | bytes]] = {
    "search-index.json": lambda it: json.dumps([{"title": "x", "text": it}]),
    "words.json": lambda it: json.dumps({"tokens": it.split()}),
    "names.json": lambda it: json.dumps({it: 1}),
    "escaped.json": lambda it: json.dumps({"text": it}).replace("a", "\\u0061"),
    "surrogates.json": lambda it: json.dumps({"text": f"\ud800 {it}"}),
    "broken.json": lambda it: f'{{"text": "{it}',
    "site.webmanifest": lambda it: json.dumps({"description": it}),
    "text.txt": str,
    "TEXT.TXT": str,
    "no-suffix": str,
    "data.js": lambda it: f"export const text = `{it}`",
    "style.css": lambda it: f"/* {it} */",
    "data.xml": lambda it: f"<x><y>{it}</y></x>",
    "data.csv": lambda it: it.replace(" ", ","),
    "notes.md": str,
    "picture.svg": lambda it: f"<svg><text>{it}</text></svg>",
    ".well-known/text": str,
    "old.htm": lambda it: f"<p>{it}</p>",
    "a-page": lambda it: f"<!doctype html><p>{it}</p>",
    "utf-16.txt": lambda it: it.encode("utf-16"),
    "latin-1.txt": lambda it: f"Caf\u00e9 {it}".encode("latin-1"),
}


def test_ways_to_hold_words(site: Site) -> None:
    """Words of a captured text, other ones in each place, wherever they stand and however they are disguised."""
    pieces = (" ".join(UNUSED.split()[n : n + 40]) for n in range(0, 4_000, 40))
    cases: dict[str | Path, str | bytes] = {it: f"<body>{it.format(next(pieces))}" for it in WAYS}
    cases |= {it: f"<head>{it.format(next(pieces))}</head>" for it in IN_DATA}
    cases |= {name: f"<div>{disguise(next(pieces))}</div>" for name, disguise in DISGUISES.items()}
    cases |= {Path(name): content(next(pieces)) for name, content in FILES.items()}
    assert raised_by(site, cases) == {name: {UNCLEARED} for name in cases}


OF_WORDS = [
    added("on its own page", EXCERPT, f"<p>{SHORT}</p>", UNCLEARED),
    added("on a reprint's page", REPRINT, f"<p>{PASTED}</p>", UNCLEARED),
    swapped(
        "in its description",
        EXCERPT,
        f'name="description" content="{SUMMARY}',
        f'name="description" content="{SHORT}',
        UNCLEARED,
    ),
    sabotage(
        "in JSON-LD as a body",
        edit(EXCERPT, ('"@type":"Article"', f'"@type":"Article","articleBody":"{PASTED}"')),
        f"{UNCLEARED} {EXCERPT}",
        f"linked-data {EXCERPT}",
    ),
    swapped(
        "in a feed's item",
        "feed.xml",
        "<p>All".replace("<", "&lt;").replace(">", "&gt;"),
        f"&lt;p&gt;{PASTED}&lt;/p&gt;&lt;p&gt;All",
        UNCLEARED,
    ),
    swapped("in an item's description", "feed.xml", f"<description>{SUMMARY}", f"<description>{SHORT}", UNCLEARED),
    swapped(
        "in an element of its own in an item",
        "feed.xml",
        "<category>Night</category>",
        f'<x:y xmlns:x="urn:x">{PASTED}</x:y>',
        UNCLEARED,
    ),
    swapped("in a comment of a feed", "feed.xml", "<docs>", f"<!-- {PASTED} --><docs>", UNCLEARED),
    swapped("in a feed's head", "feed.xml", "<copyright>", f"<copyright>{PASTED}", UNCLEARED),
    sabotage(
        "in the bill of materials",
        of_bill(lambda bill: item_of(bill, OWN).update(changes=[PASTED[:900]])),
        f"{UNCLEARED} rights.json",
        f"credit-missing {OWN}",
    ),
    added("of what is not published", "about/index.html", f"<p>{UNUSED[-900:]}</p>", UNCLEARED),
    added(
        "of which a fingerprint is at hand, on its own page",
        LINK,
        f"<p>{' '.join(LINKED.split()[40:55])}</p>",
        UNCLEARED,
    ),
    added("and on another", "index.html", f"<p>{' '.join(LINKED.split()[40:63])}</p>", UNCLEARED),
    added(
        "fewer words than are looked for",
        "index.html",
        f"<p>{' '.join(SHORT.split()[:7])}</p><p>Ours {' '.join(SHORT.split()[8:])}</p>",
    ),
    added(
        "the words of a reprint, credited",
        HEBREW,
        f"<p>{prose('river', 60)}</p><p>Office of the Harbour, US government work (public domain in the US)</p>",
    ),
    added("the words of a reprint, uncredited", "404.html", f"<p>{prose('river', 60)}</p>", "credit-missing"),
    placed("the words of a reprint in a file", "search.json", json.dumps([prose("river", 60)]), "credit-missing"),
    added(
        "what two papers have",
        HEBREW,
        f"<p>{SPOKEN}</p><p>Office of the Harbour, US government work (public domain in the US)</p>",
    ),
    rewritten("a quotation outside its blockquote", EXCERPT, "</?blockquote[^>]*>", "", UNCLEARED),
    sabotage(
        "the same quotation everywhere",
        many(
            *(
                add(it, f"<blockquote><p>{QUOTED}</p></blockquote>")
                for it in ("index.html", "topics/weather/index.html", "404.html")
            )
        ),
    ),
    sabotage(
        "another quotation",
        add(EXCERPT, f"<blockquote>{' '.join(SECRET_WORDS[250:280])}</blockquote>"),
        QUOTED_TOO_MUCH,
    ),
    sabotage(
        "another quotation in another place",
        add("index.html", f"<blockquote>{' '.join(SECRET_WORDS[250:280])}</blockquote>"),
        QUOTED_TOO_MUCH,
    ),
    sabotage(
        "another, between quotation marks",
        add(EXCERPT, f"<p>She said: “{' '.join(SECRET_WORDS[250:280])}”</p>"),
        QUOTED_TOO_MUCH,
    ),
    sabotage(
        "between marks that browsers set",
        add("about/index.html", f"<p>She said: <q>{' '.join(SECRET_WORDS[250:280])}</q></p>"),
        QUOTED_TOO_MUCH,
    ),
    sabotage(
        "another, in a feed",
        edit(
            "feed.xml",
            (
                "&lt;p&gt;All is",
                f"&lt;blockquote&gt;{' '.join(SECRET_WORDS[250:280])}&lt;/blockquote&gt;&lt;p&gt;All is",
            ),
        ),
        QUOTED_TOO_MUCH,
    ),
    added(
        "a long quotation of which nothing is known",
        HEBREW,
        f"<blockquote>{prose('other', 20)}</blockquote>",
        "quoted-too-much",
    ),
    sabotage("a third paragraph", add(EXCERPT, "<blockquote><p>Kefo.</p></blockquote>"), QUOTED_TOO_MUCH),
    added("a quotation of what was withdrawn", GONE, "<blockquote>Three words more.</blockquote>", "quoted-too-much"),
    sabotage(
        "a quotation of the whole", add("about/index.html", f"<blockquote>{SECRET}</blockquote>"), QUOTED_TOO_MUCH
    ),
    sabotage(
        "a footnote of a quotation with too many words",
        edit(EXCERPT, ("simife", f"{' '.join(SECRET_WORDS[250:280])} simife")),
        QUOTED_TOO_MUCH,
    ),
    sabotage(
        "fewer words allowed",
        lambda site: site.write("config.yaml", CONFIG.replace("excerpt_words: 80", "excerpt_words: 40")),
        QUOTED_TOO_MUCH,
    ),
]


@pytest.mark.parametrize("it", OF_WORDS, ids=lambda it: it.name[:60])
def test_words(site: Site, it: Sabotage) -> None:
    """Words that are nobody's to show, and what is quoted of them on all surfaces."""
    it.do(site)
    assert raised(site) == it.expected


def guid(site: Site, file: str) -> str:
    """The id of an article."""
    number: str = item_of(json.loads(site.read("rights.json")), file)["id"]
    return number


FEEDS = ("feed.xml", "atom.xml", "feed.json")


def in_feeds(rule: str, *folders: str) -> list[str]:
    """A rule with the feeds, in all formats, in which it is found."""
    return [f"{rule} {folder}{name}" for folder in folders for name in FEEDS]


OF_OWN_IN_FEEDS = [f"{folder}{name}" for folder in ("", "topics/night/") for name in FEEDS]
ALL_OF_OWN = (*OF_OWN_IN_FEEDS, "rights.json", ".broadsheet.json")
"""Where the id of an article stands."""


def change_guid(site: Site, *paths: str, number: str = "urn:uuid:0") -> None:
    """Give an article another id."""
    old = guid(site, OWN)
    for path in paths:
        text = site.read(path)
        assert old in text
        (site.public / path).write_text(text.replace(old, number), encoding="utf-8")


def in_json_ld(file: str, old: str, new: str) -> Callable[[Site], None]:
    """Change a page's JSON-LD."""

    def do(site: Site) -> None:
        before, start, rest = site.read(file).partition('<script type="application/ld+json">')
        data, end, after = rest.partition("</script>")
        assert old in data
        (site.public / file).write_text(before + start + data.replace(old, new) + end + after, encoding="utf-8")

    return do


NOINDEX = '<meta name="robots" content="noindex">'
CANONICAL = '<link rel="canonical" href="https://paper.example/repo/2024/03/river/">'
CC = "https://creativecommons.org/licenses/by/4.0/"
ORIGINAL_OF_BRIDGE = "https://gazette.example/2024/bridge?page=1&amp;part=2"
OF_MACHINES = [
    swapped("a publisher's noindex dropped", HERALD, NOINDEX, "", "robots"),
    sabotage("in the body", many(edit(HERALD, (NOINDEX, "")), add(HERALD, NOINDEX)), f"robots {HERALD}"),
    swapped("in a template", HERALD, NOINDEX, f"<template>{NOINDEX}</template>", "robots"),
    swapped("in noscript", HERALD, NOINDEX, f"<noscript>{NOINDEX}</noscript>", "robots"),
    swapped("in a comment", HERALD, NOINDEX, f"<!--{NOINDEX}-->", "robots"),
    swapped("said in other words", HERALD, NOINDEX, '<META NAME="ROBOTS" CONTENT="nofollow,NoIndex">'),
    swapped("said with a word", HERALD, NOINDEX, '<meta name="robots" content="none">'),
    swapped("said twice", HERALD, NOINDEX, f'{NOINDEX}<meta name="robots" content="index">'),
    swapped("nearly said", HERALD, NOINDEX, '<meta name="robots" content="noindexing">', "robots"),
    swapped("the news only", EXCERPT, '<meta name="googlebot-news" content="noindex">', "", "robots"),
    swapped("more than the news", EXCERPT, "<title>", f"{NOINDEX}<title>", "robots"),
    swapped("nobody's noindex", REPRINT, "<title>", f"{NOINDEX}<title>", "robots"),
    swapped(
        "nobody's noindex for one", REPRINT, "<title>", '<meta name="googlebot" content="noindex"><title>', "robots"
    ),
    swapped("a withdrawn article's noindex dropped", GONE, NOINDEX, "", "robots"),
    swapped("no canonical", REPRINT, CANONICAL, "", "canonical"),
    swapped("a relative canonical", REPRINT, CANONICAL, '<link rel="Canonical" href="./">'),
    swapped(
        "a foreign canonical", REPRINT, CANONICAL, '<link rel="canonical" href="https://evil.example/">', "canonical"
    ),
    swapped("two canonicals", REPRINT, CANONICAL, f'{CANONICAL}<link rel="canonical" href="/repo/">', "canonical"),
    sabotage(
        "a canonical in the body", many(edit(REPRINT, (CANONICAL, "")), add(REPRINT, CANONICAL)), f"canonical {REPRINT}"
    ),
    swapped(
        "its own where the publisher asks for its",
        PICTURED,
        f'rel="canonical" href="{ORIGINAL_OF_BRIDGE}"',
        'rel="canonical" href="/repo/2024/03/bridge/"',
        "canonical",
    ),
    swapped(
        "a canonical of what was withdrawn", GONE, "<title>", '<link rel="canonical" href="./"><title>', "canonical"
    ),
    rewritten(
        "a foreign canonical of a listing",
        "index.html",
        '<link rel="canonical"[^>]*>',
        '<link rel="canonical" href="https://evil.example/">',
        "canonical",
    ),
    rewritten(
        "a canonical of a listing that leads nowhere",
        "index.html",
        '<link rel="canonical"[^>]*>',
        '<link rel="canonical" href="/repo/none/">',
        "canonical",
    ),
    rewritten("no JSON-LD", REPRINT, "<script.*?</script>", "", "linked-data"),
    sabotage("broken JSON-LD", in_json_ld(REPRINT, '"@type"', "@type"), f"linked-data {REPRINT}"),
    sabotage(
        "JSON-LD of another page",
        in_json_ld(REPRINT, '"@id":"https://paper.example/repo/2024/03/river/"', '"@id":"https://paper.example/"'),
        f"linked-data {REPRINT}",
    ),
    sabotage(
        "another licence",
        in_json_ld(PICTURED, f'"license":"{CC}"', '"license":"https://creativecommons.org/publicdomain/zero/1.0/"'),
        f"linked-data {PICTURED}",
    ),
    sabotage(
        "a licence for an excerpt",
        in_json_ld(EXCERPT, '"@type":"Article"', f'"@type":"Article","license":"{CC}"'),
        f"linked-data {EXCERPT}",
    ),
    sabotage(
        "a licence for what is cited",
        in_json_ld(EXCERPT, '"citation":{', f'"citation":{{"license":"{CC}",'),
        f"linked-data {EXCERPT}",
    ),
    sabotage(
        "an excerpt as a reprint",
        in_json_ld(EXCERPT, '"@type":"Article"', '"@type":"NewsArticle"'),
        f"linked-data {EXCERPT}",
    ),
    sabotage("no citation", in_json_ld(EXCERPT, '"citation"', '"cited"'), f"linked-data {EXCERPT}"),
    sabotage(
        "another original",
        in_json_ld(PICTURED, '"isBasedOn":"https://gazette.example', '"isBasedOn":"https://gazettes.example'),
        f"linked-data {PICTURED}",
    ),
    sabotage(
        "another credit",
        in_json_ld(HERALD, '"creditText":"The Lower', '"creditText":"The Upper'),
        f"linked-data {HERALD}",
    ),
    sabotage(
        "another notice",
        in_json_ld(HERALD, '"copyrightNotice":"Rights', '"copyrightNotice":"No rights'),
        f"linked-data {HERALD}",
    ),
    sabotage(
        "another credit of the picture",
        in_json_ld(PICTURED, '"creditText":"B. P.', '"creditText":"P. B.'),
        f"linked-data {PICTURED}",
    ),
    sabotage(
        "another picture", in_json_ld(PICTURED, 'bridge/bridge.png"', 'bridge/other.png"'), f"linked-data {PICTURED}"
    ),
    sabotage(
        "a body in another script",
        add(EXCERPT, '<script type="application/ld+json">{"@graph": [{"articleBody": "x"}]}</script>', "</head>"),
        f"linked-data {EXCERPT}",
    ),
    sabotage(
        "a body on a listing",
        add("index.html", '<script type="application/ld+json">[{"a": {"articleBody": "x"}}]</script>', "</head>"),
        "linked-data index.html",
    ),
    sabotage(
        "a body of a reprint", in_json_ld(REPRINT, '"@type":"NewsArticle"', '"@type":"NewsArticle","articleBody":"x"')
    ),
    sabotage(
        "a second statement",
        add(
            EXCERPT,
            f'<script type="application/ld+json">{{"@type": "NewsArticle", "url": "{BASE}2024/03/a-secret/"}}</script>',
            "</head>",
        ),
        f"linked-data {EXCERPT}",
    ),
    sabotage(
        "a statement on something else",
        add(
            EXCERPT,
            f'<script type="application/ld+json">{{"@type": "BreadcrumbList", "url": "{BASE}"}}</script>',
            "</head>",
        ),
    ),
    sabotage(
        "deep JSON-LD", add("404.html", f'<script type="application/ld+json">{"[" * 100_000}</script>', "</head>")
    ),
    added("rel=license of an excerpt", EXCERPT, f'<a rel="license" href="{CC}">x</a>', "linked-data"),
    sabotage("rel=license of a reprint", add(PICTURED, f'<link rel="license" href="{CC}">', "</head>")),
    sabotage(
        "another rel=license of a reprint",
        add(PICTURED, '<link rel="license" href="https://evil.example/">', "</head>"),
        f"linked-data {PICTURED}",
    ),
    placed("a page that the bill does not name", "2024/03/other/index.html", "<p>Other.</p>", "unbilled"),
    placed(
        "one that only sends on",
        "2024/03/other/index.html",
        '<meta http-equiv="refresh" content="0; url=/repo/2024/03/river/">',
    ),
    placed(
        "one that sends on after a text",
        "2024/03/other/index.html",
        f'<meta http-equiv="refresh" content="9; url=/repo/"><p>{prose("x", 80)}</p>',
        "unbilled",
    ),
    sabotage(
        "one that sends elsewhere",
        put("2024/03/other/index.html", '<meta http-equiv="refresh" content="0; url=https://evil.example/">'),
        "unbilled 2024/03/other/index.html",
        "link-escapes 2024/03/other/index.html",
    ),
    sabotage(
        "an article without a page",
        remove("2024/03/ete-a-東京/index.html"),
        "page-missing rights.json",
        f"link-broken {REPRINT}",
    ),
    sabotage(
        "an article that the bill does not name",
        of_bill(lambda bill: bill["items"].remove(item_of(bill, LINK))),
        f"unbilled {LINK}",
        *in_feeds("feed-item", "", "publishers/the-courier/", "topics/stadte/"),
    ),
    sabotage(
        "an article that it names twice",
        of_bill(lambda bill: bill["items"].append(item_of(bill, LINK))),
        "page-missing rights.json",
    ),
    sabotage(
        "two articles with one id",
        lambda site: change_guid(site, *ALL_OF_OWN, number=guid(site, LINK)),
        "guid-twice rights.json",
        *in_feeds("guid-twice", ""),
    ),
    sabotage(
        "an article elsewhere",
        of_bill(
            lambda bill: item_of(bill, "2024/03/ete-a-%E6%9D%B1%E4%BA%AC/index.html").update(
                url="https://evil.example/2024/03/ete-a-x/"
            )
        ),
        "page-missing rights.json",
        "unbilled 2024/03/ete-a-東京/index.html",
        *in_feeds("feed-item", "", "topics/stadte/"),
    ),
]


@pytest.mark.parametrize("it", OF_MACHINES, ids=lambda it: it.name)
def test_machines(site: Site, it: Sabotage) -> None:
    """What pages say to search engines and other programs, and what the bill of materials says of the pages."""
    it.do(site)
    assert raised(site) == it.expected


@pytest.mark.parametrize(
    "data",
    [
        None,
        b"",
        b"\xff\xfe{",
        b"[]",
        b"null",
        b"{}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"version": ' + b"9" * 5_000 + b"}",
        b'{"version": 1e999}',
        b'{"version": NaN}',
        b'{"version": 1, "items": [[[]]], "unknown": true}',
        b'{"url": "javascript:x"}',
    ],
    ids=lambda data: repr(data)[:30],
)
def test_a_bill_that_is_none(site: Site, data: bytes | None) -> None:
    """Without a bill of materials nothing can be said, but that."""
    file = site.public / "rights.json"
    file.unlink() if data is None else file.write_bytes(data)
    assert raised(site) == {"audit/no-bill rights.json"}


@pytest.mark.parametrize(
    "change", [{"version": 2}, {"url": "https://paper.example/repo"}, {"limits": {"words": 10**30}}]
)
def test_a_bill_of_something_else(site: Site, change: dict[str, Any]) -> None:
    """One of another version, of no folder, or with numbers that no site has."""
    of_bill(lambda bill: bill.update(change))(site)
    assert raised(site) == {"audit/no-bill rights.json"}


def test_a_bill_of_another_site(site: Site) -> None:
    """A bill that names none of the pages: each of them stands there unbilled, and each that it names is missing."""
    text = site.read("rights.json").replace("https://paper.example/repo/", "https://other.example/")
    (site.public / "rights.json").write_text(text, encoding="utf-8")
    rules = {it.split()[0] for it in raised(site)}
    assert "audit/canonical" in rules
    assert "audit/feed-item" in rules


BYLINE = ' · &lt;a href="https://herald.example/2024/night?page=1&amp;amp;part=2"&gt;Lower Town Herald&lt;/a&gt;'
ITEM = "<link>https://paper.example/repo/2024/03/own/</link>"
OF_FEEDS = [
    rewritten("cut off", "feed.xml", "</channel>.*", "", "feed-broken"),
    swapped("a sign that XML has not", "feed.xml", "<docs>", "\x01<docs>", "feed-broken"),
    swapped("a sign that is none", "feed.xml", "<docs>", "&#xD800;<br><docs>", "feed-broken"),
    swapped("an entity that nobody declares", "feed.xml", "<docs>", "&nbsp;<docs>", "feed-broken"),
    placed("the beginning of one", "feed.xml", "<rss version='2.0'><channel>", "feed-broken"),
    rewritten("no sentence", "feed.xml", "The digest&amp;#39;s own words.[^&]*", "", "credit-missing"),
    swapped("no label", "feed.xml", "&lt;strong&gt;Excerpt", "&lt;strong&gt;", "credit-missing"),
    swapped("no terms", "feed.xml", "Terms: The digest’s own, all rights reserved&lt;", "Terms:&lt;", "credit-missing"),
    sabotage(
        "no publisher", edit("feed.xml", ("Lower Town Herald", "")), "credit-missing feed.xml", "link-late feed.xml"
    ),
    swapped("no correction", "feed.xml", "The level was four metres", "", "credit-missing"),
    swapped(
        "no link to the original",
        "feed.xml",
        'href="https://herald.example/2024',
        'href="https://herald.example/2023',
        "credit-missing",
    ),
    swapped("the link after the text", "feed.xml", BYLINE, "", "link-late"),
    swapped(
        "credit that nobody sees", "feed.xml", "&lt;p&gt;The digest", "&lt;p hidden&gt;The digest", "credit-missing"
    ),
    sabotage(
        "an id in one feed",
        lambda site: change_guid(site, "topics/night/feed.xml"),
        "guid-changed topics/night/feed.xml",
    ),
    sabotage(
        "an id everywhere",
        lambda site: change_guid(site, *ALL_OF_OWN[:-1]),
        *in_feeds("guid-changed", "", "topics/night/"),
        "guid-changed rights.json",
    ),
    sabotage(
        "the first id",
        lambda site: change_guid(site, ".broadsheet.json"),
        *in_feeds("guid-changed", "", "topics/night/"),
        "guid-changed rights.json",
    ),
    rewritten("the same item twice", "topics/night/feed.xml", "(<item>.*?</item>)", r"\1\1", "guid-twice"),
    swapped("an item of no article", "feed.xml", ITEM, "<link>https://paper.example/repo/about/</link>", "feed-item"),
    swapped("an item elsewhere", "feed.xml", ITEM, "<link>https://evil.example/</link>", "feed-item"),
    swapped("an item without a link", "feed.xml", ITEM, "", "feed-item"),
    placed(
        "a feed under another name",
        "other.rss",
        "<rss version='2.0'><channel><item><link>x</link></item></channel></rss>",
        "feed-item",
    ),
    rewritten("Atom cut off", "atom.xml", "</entry>.*", "", "feed-broken"),
    rewritten("no sentence in Atom", "atom.xml", "The digest&amp;#39;s own words.[^&]*", "", "credit-missing"),
    swapped(
        "an entry of no article",
        "atom.xml",
        'href="https://paper.example/repo/2024/03/own/"',
        'href="/about/"',
        "feed-item",
    ),
    swapped("words in Atom", "atom.xml", "<rights>", f"<rights>{PASTED} ", UNCLEARED),
    rewritten("JSON cut off", "feed.json", r"\]\}\s*$", "", "feed-broken"),
    placed("a JSON Feed without items", "other.json", '{"version": "https://jsonfeed.org/version/1.1"}', "feed-broken"),
    placed(
        "a JSON Feed of what is none",
        "other.json",
        '{"version": "https://jsonfeed.org/version/1.1", "items": [3]}',
        "feed-broken",
    ),
    swapped("a JSON Feed of odd kinds", "feed.json", '"home_page', '"icon": 3, "favicon": [3, {"url": 3}], "home_page'),
    swapped("an item of odd kinds", "feed.json", '{"id"', '{"attachments": [3], "image": {}, "id"'),
    swapped("no label in JSON", "feed.json", "<strong>Excerpt", "<strong>", "credit-missing"),
    swapped(
        "an item of no article in JSON",
        "feed.json",
        '/repo/2024/03/own/", "title',
        '/repo/about/", "title',
        "feed-item",
    ),
    swapped("words in JSON", "feed.json", '"statement": "', f'"statement": "{PASTED} ', UNCLEARED),
    swapped(
        "a picture without its credit",
        "feed.json",
        "<figcaption>Bo Photographer. B. P. / Paper",
        "<figcaption>",
        "credit-missing",
    ),
    sabotage("no manifest", remove(".broadsheet.json"), "no-manifest .broadsheet.json"),
    placed("a manifest that is none", ".broadsheet.json", "[" * 100_000, "no-manifest"),
    placed("a manifest of nothing", ".broadsheet.json", '{"files": 3, "ids": [1]}', "no-manifest"),
]


@pytest.mark.parametrize("it", OF_FEEDS, ids=lambda it: it.name)
def test_feeds(site: Site, it: Sabotage) -> None:
    """Feeds as readers read them."""
    it.do(site)
    assert raised(site) == it.expected


LEADING = {
    "nowhere-1/": "link-broken",
    "/repo/nowhere-2/": "link-broken",
    "https://paper.example/repo/nowhere-3/": "link-broken",
    "http://paper.example/repo/nowhere-4/": "link-broken",
    "/repo/about": "link-broken",
    "/repo/theme/none.css?x=1": "link-broken",
    "/other/": "link-escapes",
    "/": "link-escapes",
    "/about/": "link-escapes",
    "../../..?1": "link-escapes",
    "%2e%2e/%2E%2E/x-1": "link-escapes",
    "/repo/../x-2/": "link-escapes",
    "https://paper.example/?2": "link-escapes",
    "https://paper.example/repo/../x-3/": "link-escapes",
    "//paper.example/x-4": "link-escapes",
    "\\\\paper.example\\x-5": "link-escapes",
    "#nowhere": "anchor-broken",
    "/repo/about/#s-whom": "anchor-broken",
    "/repo/about/?x=1#s-whom": "anchor-broken",
    "javascript:alert(1)": "link-runs",
    " JavaScript:alert(1)": "link-runs",
    "java&#10;script:alert(1)": "link-runs",
    "vbscript:x": "link-runs",
    "data:text/html,x": "link-runs",
}
GOOD_LINKS = [
    "",
    "#",
    "#main",
    "#top",
    "#TOP",
    "?x=1",
    "/repo/",
    "/repo/index.html",
    "/repo/?utm_source=x",
    "/repo/about/#s-who",
    "/repo/about/#%73-who",
    "/repo/about/#s-who:~:text=We",
    "/repo/about/#:~:text=We",
    " /repo/about/ ",
    "/repo/%61bout/",
    "/repo/2024/03/ete-a-東京/",
    "/repo/2024/03/ete-a-%E6%9D%B1%e4%ba%ac/",
    "http://PAPER.example:80/repo/about/",
    "../repo/./about/../about/",
    "/repo/theme/style.css#x",
    "/repo/2024/03/bridge/bridge.png#xywh=1,2,3,4",
    "mailto:grace@paper.example?subject=a%20b",
    "tel:+49-1",
    "sms:1",
    "https://elsewhere.example/nowhere/#x",
    "https://paper.example.elsewhere.example/",
    "http://[bad",
]


def test_ways_to_link(site: Site) -> None:
    """Addresses as browsers read them."""
    links = {**{url: {rule} for url, rule in LEADING.items()}, **{url: set() for url in GOOD_LINKS}}
    assert raised_by(site, {url: f'<main id="main"><a href="{url}">x</a></main>' for url in links}) == links


OF_LINKS = [
    added("an area", "404.html", '<map name="x"><area href="/repo/nowhere/" alt="x"></map>', "link-broken"),
    added("a link in SVG", "404.html", '<svg><a xlink:href="/repo/nowhere/"><text>x</text></a></svg>', "link-broken"),
    added("a form", "404.html", '<form action="javascript:x"></form>', "link-runs"),
    swapped(
        "a feed that is not there",
        "404.html",
        '<link rel="alternate" type="application/rss+xml" title="The Test Paper (RSS)" href="/repo/feed.xml">',
        '<link rel="alternate" href="/repo/none.xml">',
        "link-broken",
    ),
    added("a picture that is not there", "404.html", '<img src="/repo/none.png" alt="">', "link-broken"),
    sabotage(
        "a picture that a style sheet wants",
        lambda site: append(site, "a { b: url(none.png) }"),
        "link-broken theme/style.css",
    ),
    swapped(
        "sent on elsewhere",
        "404.html",
        "<title>",
        '<meta http-equiv="Refresh" content="1;URL=\'//evil.example/\'"><title>',
        "link-escapes",
    ),
    swapped(
        "sent on elsewhere, briefly",
        "404.html",
        "<title>",
        '<meta http-equiv="refresh" content="0,https://evil.example/"><title>',
        "link-escapes",
    ),
    swapped(
        "sent on nowhere",
        "404.html",
        "<title>",
        '<meta http-equiv="refresh" content="0; url=/repo/nowhere/"><title>',
        "link-broken",
    ),
    swapped("read again", "404.html", "<title>", '<meta http-equiv="refresh" content="600"><title>'),
    sabotage(
        "an alias that leads nowhere",
        edit("who/index.html", ("/repo/about/", "/repo/abouts/")),
        "link-broken who/index.html",
        "canonical who/index.html",
    ),
]


@pytest.mark.parametrize("it", OF_LINKS, ids=lambda it: it.name[:60])
def test_links(site: Site, it: Sabotage) -> None:
    """Links within the site, as browsers read them."""
    it.do(site)
    assert raised(site) == it.expected


DEEP = 100_000
OF_FILES = [
    placed("empty", "extra.html", ""),
    sabotage(
        "an empty page of an article",
        put(OWN, ""),
        f"credit-missing {OWN}",
        f"canonical {OWN}",
        f"linked-data {OWN}",
        f"anchor-broken {PICTURED}",
    ),
    placed("white space", "extra.html", " \n\t"),
    placed("no page at all", "extra.html", "\x00\x01" * 600),
    placed("Latin-1", "extra.html", "<p>caf\u00e9".encode("latin-1"), "not-utf-8"),
    sabotage(
        "UTF-16", put("extra.html", f"<p>{PASTED}".encode("utf-16")), "not-utf-8 extra.html", f"{UNCLEARED} extra.html"
    ),
    placed("a byte order mark", "extra.html", "\ufeff<p>x"),
    placed("UTF-8 cut off", "extra.html", "<p>caf\u00e9".encode()[:-1], "not-utf-8"),
    placed("deep", "extra.html", "<div>" * DEEP, "too-deep"),
    placed("deep quotations", "extra.html", "<blockquote>x" * DEEP, "too-deep"),
    placed("deep SVG", "extra.svg", "<svg>" + "<g>" * DEEP),
    placed("long", "extra.html", "<p>A word <b>and</b> another</p>\n" * 160_000),
    placed("a long line", "extra.html", f"<p>{'word ' * 1_000_000}"),
    placed("many links", "extra.html", '<a href="/repo/2024/03/river/">A river rises</a> ' * 20_000),
    placed("many attributes", "extra.html", f"<p {' '.join(f'a{n}=b' for n in range(10_000))}>"),
    placed("many stray tags", "extra.html", "<p></b></i></p><li><td>" * 50_000),
    placed("a style sheet without an end", "extra.css", "a{" * DEEP + "b:url(" * DEEP, "foreign-media"),
    added("an address without an end", "404.html", f'<a href="/repo/{"a/../" * 20_000}about/">x</a>'),
    placed("deep JSON", "extra.json", "[" * DEEP),
    placed("a file without a suffix", "LICENCE", "Words."),
    placed("history", ".git/objects/x.html", f"<p>{PASTED}</p>"),
    sabotage(
        "a link to a file", lambda site: (site.public / "extra.html").symlink_to("index.html"), "symlink extra.html"
    ),
    sabotage("a link to elsewhere", lambda site: (site.public / "extra").symlink_to("/etc"), "symlink extra"),
    sabotage(
        "a link to itself", lambda site: (site.public / "extra.html").symlink_to("extra.html"), "symlink extra.html"
    ),
    sabotage(
        "a link to nothing", lambda site: (site.public / "extra.html").symlink_to("nothing.html"), "symlink extra.html"
    ),
    sabotage(
        "a link in a page's place",
        many(remove("who/index.html"), lambda site: (site.public / "who/index.html").symlink_to("../about/index.html")),
        "symlink who/index.html",
    ),
    sabotage("a pipe", lambda site: os.mkfifo(site.public / "extra.html")),
    sabotage("a folder named like a page", lambda site: (site.public / "extra.html").mkdir()),
    sabotage(
        "a name that is no text",
        lambda site: Path(os.fsdecode(os.fsencode(site.public) + b"/caf\xe9.html")).write_text("<p>x"),
    ),
    placed("an odd name", "a#b ?c%41/index.html", '<a href="x">x</a>', "link-broken"),
]


@pytest.mark.parametrize("it", OF_FILES, ids=lambda it: it.name)
def test_files(site: Site, it: Sabotage) -> None:
    """Files that no build writes: none breaks the audit, none takes it long."""
    it.do(site)
    started = time.perf_counter()
    assert raised(site) == it.expected
    assert time.perf_counter() - started < 60


def test_a_file_that_cannot_be_read(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one problem, and the others are read."""
    read_bytes = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.parts[-2:] == ("about", "index.html"):
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    add("404.html", "<p>x</p><img src=//evil.example/x>")(site)
    assert raised(site) == {"file/unreadable about/index.html", "audit/foreign-media 404.html"}


def test_an_output_behind_a_link(site: Site) -> None:
    """The output itself may be a link, and may have any name."""
    site.public.rename(site.root / "built")
    site.public.symlink_to(site.root / "built")
    assert found(site) == []
    result = site.run("check", "--output", str(site.root / "built"), "--format", "json")
    assert json.loads(result.out) == []


def test_an_output_that_is_not_there(site: Site) -> None:
    """Nothing was built, or the folder is no folder."""
    shutil.rmtree(site.public)
    assert raised(site) == {"audit/no-bill rights.json"}
    site.public.write_text("x")
    result = site.run("check")
    assert result.code in (1, 2)
    assert "Traceback" not in result.err


def test_without_the_folder_of_the_site(site: Site, tmp_path: Path) -> None:
    """What was built is held to the bill's caps, and what is not at hand is said."""
    (tmp_path / "empty").mkdir()
    elsewhere = Site(tmp_path / "empty")
    result = elsewhere.run("check", "--output", str(site.public), "--verbose")
    assert (result.code, result.err) == (0, "")
    assert "2024/03/a-secret/: the fingerprint of its original is not here" in result.out
    assert "2024/03/hebrew/: no fingerprint of its original" in result.out
    assert "2024/03/bridge/: the reprint was not compared" in result.out


THEMES = {
    "cards without credit": (
        "partials/card.html",
        "{{ credit(it) }}",
        "",
        {"credit-missing index.html", "credit-missing 404.html"},
    ),
    "a slip that is hidden": (
        "partials/slip.html",
        '<section class="slip slip-summary"',
        '<section hidden class="slip slip-summary"',
        {f"credit-missing {EXCERPT}"},
    ),
    "a body twice": (
        "article.html",
        "{{ page.body }}",
        "{{ page.body }}<div>{{ page.body|striptags }}</div>",
        {f"uncleared-words {EXCERPT}"},
    ),
    "a picture from elsewhere": (
        "base.html",
        "<body>",
        '<body background="https://evil.example/x.png">',
        {"foreign-media index.html"},
    ),
    "no JSON-LD": (
        "base.html",
        '<script type="application/ld+json">{{ page.head.linked_data }}</script>',
        "",
        {f"linked-data {OWN}"},
    ),
    "no metas": (
        "base.html",
        '<meta {{ meta.attribute }}="{{ meta.name }}" content="{{ meta.content }}">',
        "",
        {f"robots {HERALD}"},
    ),
    "no canonical": ("base.html", '<link rel="canonical" href="{{ page.head.canonical }}">', "", {f"canonical {OWN}"}),
    "no tagline": ("article.html", '<p class="tagline">{{ page.tagline }}</p>', "", {f"credit-missing {HERALD}"}),
    "no corrections": ("article.html", "<dd>{{ it.text }}</dd>", "", {f"credit-missing {REPRINT}"}),
    "no reason": ("article.html", "<p>{{ page.withdrawn.text }}</p>", "", {f"credit-missing {GONE}"}),
    "no original in the byline": (
        "article.html",
        '<p><a href="{{ page.original.href }}">The original</a></p>',
        "",
        {f"link-late {HERALD}"},
    ),
}
"""By name: a template, what stands in it, what stands there instead, and some of what is raised."""


@pytest.mark.parametrize("name", THEMES)
def test_a_theme(site: Site, name: str) -> None:
    """What a theme leaves out or adds is found in what it makes."""
    template, old, new, expected = THEMES[name]
    text = (Path(__file__).parent.parent / "themes/default/templates" / template).read_text(encoding="utf-8")
    assert old in text
    site.write(f"templates/{template}", text.replace(old, new))
    assert site.build().code == 0
    assert {f"audit/{it}" for it in expected} <= raised(site)


@pytest.mark.parametrize(
    ("file", "markup", "rule", "shown"),
    [
        (
            "404.html",
            '<img src="https://evil.example/?a=1&amp;b=2">',
            "foreign-media",
            "https://evil.example/?a=1&amp;b=2",
        ),
        ("404.html", '\n <a href="/repo/nowhere/">x</a>', "link-broken", "/repo/nowhere/"),
        ("404.html", f"<p>Ours. <b>{SHORT.replace(' ', '</b> <b>')}</b></p>", "uncleared-words", SHORT.split()[0]),
        ("404.html", '<blockquote cite="javascript:x"></blockquote>', "link-runs", "javascript:x"),
    ],
)
def test_a_problem_has_its_place(site: Site, file: str, markup: str, rule: str, shown: str) -> None:
    """Line and column lead to the fault in the built file."""
    add(file, markup)(site)
    (problem,) = found(site)
    line = site.read(file).split("\n")[problem["line"] - 1]
    assert (problem["path"], problem["rule"]) == (f"public/{file}", f"audit/{rule}")
    assert line[problem["column"] - 1 :].startswith(shown)


def test_a_broken_feed_has_its_place(site: Site) -> None:
    """The line and the column at which a parser gives up."""
    edit("feed.xml", ("<docs>", "&nope;<docs>"))(site)
    (problem,) = found(site)
    assert site.read("feed.xml").split("\n")[problem["line"] - 1][problem["column"] - 1 :].startswith("&nope;")
