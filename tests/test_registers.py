"""The registers that come with the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.model import Kind
from broadsheet.register import Register, packaged
from broadsheet.register.publisher import CONDITION_TEXTS, Condition
from broadsheet.slug import is_slug

COMMONS = [
    f"CC-{kind}-{n}"
    for kind in ("BY", "BY-SA", "BY-ND", "BY-NC", "BY-NC-SA", "BY-NC-ND")
    for n in ("2.5", "3.0", "4.0")
]


@pytest.fixture
def register() -> Register:
    """The package's register."""
    return packaged()


def test_the_licences_that_news_is_published_under_are_known(register: Register) -> None:
    """Creative Commons 2.5 to 4.0, the two marks of the public domain, and our own references."""
    own = ["LicenseRef-USGov-PD", "LicenseRef-All-Rights-Reserved", "LicenseRef-Own"]
    assert {*COMMONS, "CC0-1.0", "CC-PDM-1.0", *own} <= set(register.licences)


@pytest.mark.parametrize("name", COMMONS)
def test_a_commons_licence_permits_what_its_name_says(register: Register, name: str) -> None:
    """ND permits no changes, NC no commercial use, SA wants the like; all permit reprints with attribution."""
    licence = register.licences[name]
    elements = name.split("-")[1:-1]
    assert licence.permits_reprint
    assert licence.permits_changes == ("ND" not in elements)
    assert licence.permits_commercial_use == ("NC" not in elements)
    assert {r.value for r in licence.requires} == {"Attribution", "Notice"} | (
        {"ShareAlike"} if "SA" in elements else set()
    )
    assert licence.url == f"https://creativecommons.org/licenses/{'-'.join(elements).lower()}/{name.rsplit('-', 1)[1]}/"


def test_a_licence_is_narrower_or_it_is_not(register: Register) -> None:
    """CC BY grants less than CC0, CC BY-NC less than CC BY, and no licence less than itself."""
    cc0, by, nc = (register.licences[name] for name in ("CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0"))
    assert by.grants_less_than(cc0)
    assert nc.grants_less_than(by)
    assert not cc0.grants_less_than(by)
    assert not by.grants_less_than(nc)
    assert not by.grants_less_than(by)


def test_every_publisher_has_terms_that_hold_together(register: Register) -> None:
    """At least twenty, each with an id fit for an address, known licences, evidence, and periods apart."""
    assert len(register.publishers) >= 20
    assert {"voa", "the-new-american", "global-voices"} <= set(register.publishers)
    for name, publisher in register.publishers.items():
        assert is_slug(name)
        assert publisher.terms, name
        assert publisher.evidence, name
        for earlier, later in zip(publisher.terms, publisher.terms[1:], strict=False):
            assert earlier.until is not None, name
            assert later.since is not None, name
            assert earlier.until < later.since, name
        for terms in publisher.terms:
            assert terms.licence in register.licences, name
            assert Kind.FULL not in terms.kinds or register.licences[terms.licence].permits_reprint, name


def test_the_documents_count_right(register: Register) -> None:
    """README and CHANGELOG name as many publishers, licences and agencies as there are."""
    root = Path(__file__).parent.parent
    for name in ("README.md", "CHANGELOG.md"):
        text = (root / name).read_text(encoding="utf-8")
        assert f"{len(register.publishers)} publishers" in text
        assert f"{len(register.licences)} licences" in text
    assert f"{len(register.agencies)} news agencies" in text


def test_every_condition_can_be_said() -> None:
    """Each condition has its words for people."""
    assert set(CONDITION_TEXTS) == set(Condition)


def test_nothing_is_claimed_to_be_read_without_an_address(register: Register) -> None:
    """What was read at its source names the source."""
    for name, publisher in register.publishers.items():
        for evidence in publisher.evidence:
            assert evidence.url or evidence.certainty.value != "read-at-source", name
