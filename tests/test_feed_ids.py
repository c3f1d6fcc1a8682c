"""An item's id: the same for ever, whatever is done to its article, and never that of another."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from broadsheet.config import Config
from broadsheet.model import Article
from broadsheet.reading.article import read_article
from broadsheet.rights import Cleared, Policy, clear
from broadsheet.site import urls
from broadsheet.site.identifier import identifier
from broadsheet.site.imprint import imprint
from tests.making import ARTICLE, WORDS, Site, matter
from tests.subscriber import read

CONFIG = Config(title="The Test Paper", base_url="https://paper.example/")
POLICY = Policy(CONFIG.register, CONFIG.rights, date(2026, 11, 21), CONFIG.licence)
UNKNOWN = {**ARTICLE["origin"], "url": "unknown"}  # type: ignore[dict-item]
ELSEWHERE = {"publisher": "Some Paper", "url": "https://some.example/?id=7", "published": "unknown"}
OWN = {"kind": "own", "origin": None, "retrieved": None, "licence": None}
SORTS: dict[str, dict[str, object]] = {
    "an original whose address is known": {},
    "an original whose address is not known, but its text": {"origin": UNKNOWN},
    "an original that is linked": {"kind": "link", "origin": ELSEWHERE, "retrieved": None, "licence": None},
    "an own one that is named": {**OWN, "id": "tag:paper.example,2024:first"},
    "an own one": OWN,
    "another own one": OWN,
}


@dataclass
class Filed:
    """An article in its file."""

    path: str
    fields: dict[str, object]
    addresses: list[str] = field(default_factory=list)
    """All that it has had, the first at first."""

    def cleared(self) -> Cleared:
        """As the gate lets it through."""
        article = read_article(self.path, f"{matter(self.fields)}{WORDS}\n".encode())
        assert isinstance(article, Article), article
        cleared = clear(article, POLICY)
        assert isinstance(cleared, Cleared), cleared
        return cleared


def filed() -> list[Filed]:
    """One article of each sort."""
    made = []
    for n, changes in enumerate(SORTS.values()):
        retrieved = {**ARTICLE["retrieved"], "sha256": f"{n:064}"}  # type: ignore[dict-item]
        fields = {**ARTICLE, "retrieved": retrieved, **changes}
        made.append(Filed(f"content/articles/2024/03/a{n}.md", fields))
    for it in made:
        it.addresses.append(urls.article(it.cleared()))
    return made


def ids(articles: list[Filed]) -> list[str]:
    """In order."""
    return [identifier(imprint(CONFIG), it.cleared()) for it in articles]


DAYS = st.dates(date(2024, 3, 2), date(2026, 11, 19)).map(str)
NAMES = st.sampled_from(["quay", "weir", "loom", "kiln", "cask", "a0", "a4"])
CHANGES = st.one_of(
    st.tuples(
        st.just("file"), st.builds("content/articles/{}/{}.md".format, st.sampled_from(["2024/03", "x/y"]), NAMES)
    ),
    st.tuples(st.just("title"), st.sampled_from(["A river rises", "The other", "A river falls"])),
    st.tuples(st.just("date"), DAYS),
    st.tuples(st.just("updated"), st.none() | DAYS.map(lambda day: f"2026-11-20T{day[5:7]}:00:00Z")),
    st.tuples(st.just("slug"), st.none() | NAMES),
    st.tuples(st.just("topics"), st.lists(st.sampled_from(["Weather", "Ports", "Trade"]), unique=True)),
    st.tuples(st.just("story"), st.none() | NAMES),
    st.tuples(st.just("language"), st.none() | st.sampled_from(["de", "ar"])),
    st.tuples(st.just("summary"), st.none() | st.just("Other words.")),
    st.tuples(st.just("corrections"), st.none() | st.just([{"date": "2026-11-20", "text": "Not so."}])),
    st.tuples(st.just("withdrawn"), st.none() | st.just({"date": "2026-11-20", "reason": "It was wrong."})),
)


def change(articles: list[Filed], one: Filed, what: str, value: object) -> None:
    """Do it as an editor does: two files have two names, two pages two addresses, and an old address is kept."""
    path, fields = one.path, one.fields
    if what == "file":
        one.path = str(value)
    else:
        one.fields = {**fields, what: value}
    address = urls.article(one.cleared())
    taken = {it.path for it in articles if it is not one} & {one.path}
    taken |= {old for it in articles if it is not one for old in it.addresses} & {address}
    if taken:
        one.path, one.fields = path, fields
    elif address != one.addresses[-1]:
        one.fields = {**one.fields, "aliases": list(one.addresses)}
        one.addresses.append(address)


@given(changes=st.lists(st.tuples(st.integers(0, len(SORTS) - 1), CHANGES), max_size=25))
def test_an_id_stays_whatever_is_done(changes: list[tuple[int, tuple[str, object]]]) -> None:
    """Files renamed and moved; titles, dates, slugs, topics, stories and languages changed; put right; withdrawn."""
    articles = filed()
    first = ids(articles)
    assert len(set(first)) == len(first)
    for number, (what, value) in changes:
        change(articles, articles[number], what, value)
        assert ids(articles) == first


def test_the_property_would_see_an_id_that_changes() -> None:
    """An own article whose old address is forgotten has another id; all others keep theirs without it."""
    articles = filed()
    first = ids(articles)
    for it in articles:
        it.fields = {**it.fields, "slug": f"moved-{it.path[-4]}"}
    stays = [one == other for one, other in zip(first, ids(articles), strict=True)]
    assert stays == [True, True, True, True, False, False]


def test_an_id_is_a_name_made_of_the_work() -> None:
    """A UUID of version 5, but for what the front matter says; the digest's address is no part of it."""
    articles = filed()
    made = ids(articles)
    assert made[3] == "tag:paper.example,2024:first"
    for it in made[:3] + made[4:]:
        assert uuid.UUID(it).version == 5
        assert uuid.UUID(it).variant == uuid.RFC_4122
    elsewhere = imprint(Config(title="The Test Paper", base_url="https://other.example/a/b/"))
    assert [identifier(elsewhere, it.cleared()) for it in articles] == made
    name = "https://www.voanews.com/a/river.html"
    assert made[0] == uuid.uuid5(uuid.NAMESPACE_URL, "voanews.com/a/river.html?").urn, name


def test_one_page_written_in_two_ways_is_one_work() -> None:
    """What counts clicks, `www.` and the scheme make no other id."""
    (one, *_) = filed()
    (before,) = ids([one])
    for address in ("http://voanews.com/a/river.html", "https://www.voanews.com/a/river.html?utm_source=x#top"):
        one.fields = {**one.fields, "origin": {**ARTICLE["origin"], "url": address}}  # type: ignore[dict-item]
        assert ids([one]) == [before]


def test_ids_stay_in_built_feeds(site: Site) -> None:
    """One of each sort, all that can be changed of them changed at once; in three formats before and after."""
    sorts = {f"a{n}": it.fields for n, it in enumerate(filed())}
    for name, changes in sorts.items():
        site.article(name, **changes)
    assert site.build().code == 0
    before = built_ids(site)
    for name in sorts:
        (site.root / f"content/articles/2024/03/{name}.md").rename(site.root / f"content/articles/2024/03/z{name}.md")
    for name, changes in sorts.items():
        moved = {"title": f"Now {name}", "date": "2024-05-01", "topics": ["Ports"], "aliases": [f"/2024/03/{name}/"]}
        site.article(f"z{name}", **{**changes, **moved}, slug=f"new-{name}", story="one")
    assert site.build().code == 0
    assert built_ids(site) == before
    assert len(before) == len(SORTS)


def built_ids(site: Site) -> set[str]:
    """Of the site's feed, the same in all formats, none twice."""
    found = [read((site.public / name).read_bytes()).ids for name in ("feed.xml", "atom.xml", "feed.json")]
    assert found[0] == found[1] == found[2]
    assert len(set(found[0])) == len(found[0])
    return set(found[0])


def test_an_own_article_moves_back_to_where_it_was(site: Site) -> None:
    """Its first address goes on naming it, as an alias that is its own address now, and leads to it."""
    site.article("one", **OWN)
    assert site.build().code == 0
    before = built_ids(site)
    site.article("one", **OWN, slug="two", aliases=["/2024/03/one/"])
    assert site.build().code == 0
    site.article("one", **OWN, aliases=["/2024/03/one/", "/2024/03/two/"])
    result = site.build()
    assert (result.code, result.err) == (0, "")
    assert built_ids(site) == before
    assert "/2024/03/one/" in site.read("2024/03/two/index.html")


def test_two_articles_of_one_id_are_refused(site: Site) -> None:
    """Readers would show one of them."""
    site.article("a", **SORTS["an own one that is named"])
    site.article("b", **SORTS["an own one that is named"])
    result = site.build()
    assert result.code != 0
    assert "site/same-id" in result.err
