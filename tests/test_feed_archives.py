"""The archives of feeds (RFC 5005, section 4): all that there ever was, each item once, and little that changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from broadsheet.config import Config, FeedArchives, FeedFormat, Feeds
from broadsheet.model import Kind
from broadsheet.site.assemble import assemble
from broadsheet.site.entry import Compared, Entry, Note
from broadsheet.site.imprint import imprint
from broadsheet.site.syndication import MOST_IN_ARCHIVE, FeedOf, feeds
from broadsheet.site.views import CardView, DateView, LabelView
from tests.making import CONFIG, Site
from tests.subscriber import read

START = datetime(2020, 1, 1, tzinfo=UTC)
_DAY = DateView("", "")
_CARD = CardView("", "", "", LabelView("own", "Our own"), "", None, None, _DAY, "", "en", "ltr", False)
Published = dict[str, FeedOf]
"""Documents by address. Of the same document and the same entries the same bytes are made."""


def entry(number: int, minutes: int, *, gone: int | None = None, is_in_feeds: bool = True) -> Entry:
    """An article of so many minutes after the first; `gone` is when it was withdrawn."""
    date = START + timedelta(minutes=minutes)
    return Entry(
        path=f"content/articles/{number}.md",
        address=f"/{date:%Y/%m}/{number}/",
        date=date,
        modified=date,
        kind=Kind.OWN,
        card=_CARD,
        item_id=f"urn:n:{number}",
        topics=("Even",) if number % 2 == 0 else ("Odd",),
        withdrawn=None if gone is None else Note(START + timedelta(minutes=gone), ""),
        is_in_feeds=is_in_feeds,
    )


def published(entries: Iterable[Entry], size: int = 20, archives: FeedArchives = FeedArchives.ALL) -> Published:
    """All documents of all feeds of a site of these articles."""
    config = Config(title="T", base_url="https://p.example/", feeds=Feeds(size=size, archives=archives))
    return {
        it.document.address: it for it in feeds(assemble(entries, (), imprint(config), lambda _: Compared.NEITHER), "")
    }


def walked(documents: Published, address: str) -> list[str]:
    """The ids that a reader finds from a document on along `prev-archive`."""
    found = []
    while address:
        found += [it.item_id for it in documents[address].entries]
        address = documents[address].document.older
    return found


def changed(before: Published, after: Published) -> set[str]:
    """Addresses of documents that are new, gone or other."""
    return {address for address in before.keys() | after.keys() if before.get(address) != after.get(address)}


def archives_of(documents: Published, listing: str = "/") -> list[str]:
    """Addresses of the archives of a listing, the newest first."""
    found, address = [], documents[f"{listing}atom.xml"].document.older
    while address:
        found.append(address)
        address = documents[address].document.older
    return found


def month(address: str) -> str:
    """Of an archive's address, `YYYY/MM`."""
    return address.partition("archive/")[2].rpartition("/")[0]


MINUTES = st.integers(0, 60 * 24 * 150)
ENTRIES = st.lists(
    st.tuples(MINUTES, st.none() | MINUTES, st.sampled_from([True, True, True, False])), min_size=1, max_size=250
).map(
    lambda drawn: [
        entry(n, at, gone=None if n % 5 or gone is None else gone, is_in_feeds=shown)
        for n, (at, gone, shown) in enumerate(drawn)
    ]
)


def test_ten_thousand_articles_each_once() -> None:
    """From what is subscribed to, in any format, through the archives: every item, once, the newest first."""
    entries = [entry(n, n * 97) for n in range(10_000)]
    documents = published(entries)
    expected = [it.item_id for it in reversed(entries)]
    for name in ("feed.xml", "atom.xml", "feed.json"):
        assert walked(documents, f"/{name}") == expected
    assert walked(documents, "/topics/odd/atom.xml") == [it.item_id for it in reversed(entries) if "Odd" in it.topics]
    assert max(len(it.entries) for it in documents.values()) == MOST_IN_ARCHIVE
    assert all(it.document.format is FeedFormat.ATOM for it in documents.values() if it.document.is_archive)


@given(entries=ENTRIES, size=st.integers(1, 60))
def test_every_item_stands_in_one_document(entries: list[Entry], size: int) -> None:
    """Whatever the dates, last words and articles that stay out; and what is linked one way is linked the other."""
    documents = published(entries, size)
    shown = {it.item_id for it in entries if it.is_in_feeds}
    found = walked(documents, "/atom.xml")
    assert sorted(found) == sorted(shown)
    assert len(documents["/atom.xml"].entries) == min(size, len(shown))
    for newer, older in pairwise(archives_of(documents)):
        assert (documents[newer].document.older, documents[older].document.newer) == (older, newer)
    for address in archives_of(documents):
        assert 0 < len(documents[address].entries) <= MOST_IN_ARCHIVE
        assert documents[address].document.current == "/atom.xml"


@given(entries=ENTRIES, size=st.integers(1, 60))
def test_a_new_article_changes_what_is_subscribed_to_and_the_newest_archive(entries: list[Entry], size: int) -> None:
    """And, where an archive begins, the one before it: its `next-archive` is new, and nothing else of it."""
    before = published(entries, size)
    after = published([*entries, entry(1_001, 60 * 24 * 151)], size)
    for listing in ("/", "/topics/odd/", "/topics/even/"):
        if f"{listing}atom.xml" not in before:
            continue
        newest, *others = archives_of(after, listing) or [""]
        ours = {it for it in changed(before, after) if it.startswith(f"{listing}archive/")}
        assert ours <= {newest, *others[:1]}
        if others and others[0] in ours:
            assert newest not in before
            assert before[others[0]].entries == after[others[0]].entries
        if listing == "/topics/even/":
            assert not ours


@given(entries=ENTRIES, size=st.integers(1, 60), data=st.data())
def test_an_article_dated_back_or_deleted_changes_its_month(
    entries: list[Entry], size: int, data: st.DataObject
) -> None:
    """Of other months only links, where an archive comes or goes; what is subscribed to stays as it is."""
    whole = published(entries, size)
    archived = [it for address in archives_of(whole) for it in whole[address].entries if it.withdrawn is None]
    if not archived:
        return
    one = data.draw(st.sampled_from(archived))
    without = published([it for it in entries if it != one], size)
    assert whole["/atom.xml"].entries == without["/atom.xml"].entries
    for address in {it for it in changed(whole, without) if it.startswith("/archive/")}:
        if month(address) != f"{one.date:%Y/%m}":
            assert whole[address].entries == without[address].entries
    untouched = {it for it in archives_of(whole) if month(it) > f"{one.date:%Y/%m}"}
    assert len(untouched & changed(whole, without)) <= 1


def test_an_article_that_changes_changes_its_archive_alone() -> None:
    """A correction of an old article."""
    entries = [entry(n, n * 300) for n in range(2_000)]
    before = published(entries)
    entries[700] = replace(entries[700], modified=entries[700].modified + timedelta(days=900))
    after = published(entries)
    ((address,), topics) = (
        [it for it in changed(before, after) if it.startswith("/archive/")],
        [it for it in changed(before, after) if not it.startswith("/archive/")],
    )
    assert month(address) == f"{entries[700].date:%Y/%m}"
    assert [month(it) for it in topics] == [month(address)]


def test_a_last_word_comes_to_the_top() -> None:
    """So that whoever reads only what is new hears of it; its old archive loses the words."""
    entries = [entry(n, n * 300) for n in range(2_000)]
    before = published(entries)
    entries[700] = replace(entries[700], withdrawn=Note(START + timedelta(minutes=300 * 2_000), ""))
    after = published(entries)
    assert after["/atom.xml"].entries[0].item_id == "urn:n:700"
    held = next(
        address for address in archives_of(before) if "urn:n:700" in [e.item_id for e in before[address].entries]
    )
    assert "urn:n:700" not in [it.item_id for it in after[held].entries]
    assert sorted(walked(after, "/atom.xml")) == sorted(walked(before, "/atom.xml"))


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_reader_walks_the_files(site: Site, form: str) -> None:
    """150 articles of four months as built: each once, by the links that the documents hold; then one more comes."""
    site.write("config.yaml", f"{CONFIG}feeds: {{formats: [{form}], archives: all}}\npage_size: 200\n")
    write = partial(site.article, body="A word.", kind="own", origin=None, retrieved=None, licence=None)
    for n in range(150):
        write(f"n{n}", date=f"2024-{1 + n // 40:02}-{1 + n % 28:02}T{n % 24:02}:00:00Z", topics=[f"T{n % 2}"])
    assert site.build().code == 0
    first = {"atom": "atom.xml", "rss": "feed.xml", "json": "feed.json"}[form]
    before = {path: (site.public / path).stat().st_mtime_ns for path in site.files()}
    ids, addresses = walked_files(site, first)
    assert len(ids) == len(set(ids)) == 150
    assert len(addresses) > 4
    write("another", date="2024-05-01", topics=["T1"])
    assert site.build().code == 0
    after, _ = walked_files(site, first)
    assert sorted(after[1:]) == sorted(ids)
    written = {path for path in site.files() if before.get(path) != (site.public / path).stat().st_mtime_ns}
    fed = {path for path in written if (path.endswith((".xml", ".json")) and "archive/" in path) or path == first}
    _, of_topic = walked_files(site, f"topics/t1/{first}")
    assert fed == {first, addresses[1], of_topic[1]}
    assert not [path for path in written if path.startswith("topics/t0/") and path.endswith(first)]


def walked_files(site: Site, path: str) -> tuple[list[str], list[str]]:
    """The ids of all items and the paths of the documents, from one on."""
    ids, paths, address = [], [], f"https://paper.example/{path}"
    while address:
        paths.append(address.removeprefix("https://paper.example/"))
        received = read((site.public / paths[-1]).read_bytes())
        assert received.itself == address
        if len(paths) > 1 and paths[-1].endswith("xml"):
            assert received.is_archive
            assert received.current == f"https://paper.example/{path}"
            assert bool(received.newer) == (len(paths) > 2)
        ids += received.ids
        address = received.older
    return ids, paths
