"""Quick ways of making a site, each held to the plain way of saying the same."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import example, given
from hypothesis import strategies as st

from broadsheet.model import Kind
from broadsheet.site import assemble, identifier, plan, wording
from broadsheet.site.entry import Entry
from broadsheet.site.plan import BillSchema, Target
from broadsheet.site.views import CardView, DateView

NAMES = st.sampled_from(["Sport", "sport", "Spört", "Wind & Weather", "wind weather", "東京", "!", "Con"])
WORKS = st.sampled_from(["", "paper.example/one?", "paper.example/two?", "paper.example/three?", "0f" * 32])
FILES = ["/a/", "/A/", "/a", "/a/b/", "/a/b/c", "/a/index.html", "/\u00e9/", "/e\u0301/x", "/\u00df", "/ss", "/"]
TARGETS = st.builds(
    Target,
    st.sampled_from(FILES),
    st.sampled_from(["", "one.md", "two.md"]),
    st.just(BillSchema),
    st.sampled_from([(), ("slug",), ("aliases", 0), ("image", "file")]),
)
DAY = DateView("1 March 2024", "2024-03-01T00:00:00Z")
CARD = CardView("/", "A title", "", wording.label(Kind.LINK), "", None, None, DAY, "Terms", "en", "ltr", False)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Articles with names and works that may be each other's."""
    return [
        Entry(
            path=f"{n}.md",
            address=f"/2024/03/{n}/",
            date=datetime(2024, 3, 1, tzinfo=UTC),
            modified=datetime(2024, 3, 1, tzinfo=UTC),
            kind=Kind.LINK,
            card=CARD,
            item_id=f"urn:x:{draw(st.integers(0, 9))}",
            topics=tuple(draw(st.lists(NAMES, max_size=2))),
            publisher_id=draw(st.none() | NAMES),
            publisher=draw(st.none() | NAMES),
            work=draw(WORKS),
            captured=draw(WORKS),
        )
        for n in range(draw(st.integers(0, 4)))
    ]


@given(entries())
def test_whether_articles_are_apart(site: list[Entry]) -> None:
    """A name in two spellings or without a letter, a work or an id that is there twice are found, and only they."""
    assert assemble.check(site) == assemble.check_each(site)


@given(st.lists(TARGETS, max_size=5))
@example([Target("/a", "", BillSchema), Target("/A/b/c", "", BillSchema)])
def test_whether_files_are_apart(targets: list[Target]) -> None:
    """Two files of one name, and a file with the name of a folder, however deep, are found, and only they."""
    assert plan.check(targets) == plan.check_each(targets)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_id_is_a_uuid_of_version_5(name: str) -> None:
    """As Python's own module makes it."""
    assert identifier._urn(name) == uuid.uuid5(uuid.NAMESPACE_URL, name).urn


def test_a_day_is_that_of_the_offset_in_which_it_was_written() -> None:
    """Also where the same instant has been asked for in another, in which it was another day."""
    instant = datetime(2024, 3, 1, 23, 30, tzinfo=UTC)
    later = instant.astimezone(timezone(timedelta(hours=1)))
    assert instant == later
    assert (wording.day(instant).iso, wording.day(later).iso) == ("2024-03-01", "2024-03-02")
