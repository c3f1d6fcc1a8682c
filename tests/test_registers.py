"""The registers that come with the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet import url
from broadsheet.model import Kind
from broadsheet.register import Canonical, Certainty, Condition, Publisher, Register, packaged
from broadsheet.register.publisher import CONDITION_TEXTS
from broadsheet.slug import is_slug
from broadsheet.words import plain

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


def test_what_nobody_read_quotes_nobody(register: Register) -> None:
    """A clause was seen somewhere, so its evidence is more than believed."""
    for name, publisher in register.publishers.items():
        for evidence in publisher.evidence:
            assert evidence.clause is None or evidence.certainty is not Certainty.BELIEVED, name


def test_a_reprint_rests_on_words(register: Register) -> None:
    """Whoever may be reprinted is quoted on it; where nobody has read the terms, the gate refuses for that."""
    for name, publisher in register.publishers.items():
        if publisher.is_read and permits_reprints(publisher):
            assert any(evidence.clause for evidence in publisher.evidence), name


def test_a_counter_has_hosts_and_no_others_do(register: Register) -> None:
    """The condition and the hosts come together: without hosts no counter could be told from a tracker."""
    for name, publisher in register.publishers.items():
        asks = any(Condition.COUNTER in terms.conditions for terms in publisher.terms)
        assert asks == bool(publisher.counter), name
        assert all(is_host(host) for host in publisher.counter), name


def test_a_line_to_be_printed_has_something_to_stand_under(register: Register) -> None:
    """A tagline goes with reprints, the line of an excerpt with excerpts; a canonical address with reprints."""
    for name, publisher in register.publishers.items():
        for terms in publisher.terms:
            assert terms.tagline is None or Kind.FULL in terms.kinds, name
            assert terms.excerpt_line is None or Kind.EXCERPT in terms.kinds, name
        assert publisher.canonical is Canonical.SELF or permits_reprints(publisher), name


def test_a_mark_of_what_is_kept_out_is_never_the_publishers_own(register: Register) -> None:
    """What every item of a publisher carries, its name and the lines that it asks for, would keep all of them out."""
    for name, publisher in register.publishers.items():
        asked = [line for terms in publisher.terms for line in (terms.tagline, terms.excerpt_line) if line]
        own = [name, publisher.name, publisher.credit or "", *publisher.domains, *publisher.boilerplate, *asked]
        marks = [plain(mark).casefold().strip() for exclusion in publisher.excludes for mark in exclusion.marks]
        assert all(marks), name
        assert len(marks) == len(set(marks)), name
        assert not [mark for mark in marks if any(mark in plain(line).casefold() for line in own)], name


def test_an_address_of_what_is_kept_out_can_be_met(register: Register) -> None:
    """It is written as `url.shown` writes one, and lies within the publisher's domains without being all of one."""
    for name, publisher in register.publishers.items():
        for address in (address for exclusion in publisher.excludes for address in exclusion.addresses):
            assert url.shown(f"https://www.{address}/") == address, name
            assert is_within(address.partition("/")[0], publisher), name
            assert address not in publisher.domains, name


def test_a_domain_is_one_publishers(register: Register) -> None:
    """A bare host, in lower case, within nobody else's; the home page is within one of them."""
    for name, publisher in register.publishers.items():
        assert publisher.domains, name
        assert publisher.home is not None, name
        assert is_within(url.host(publisher.home), publisher), name
        for domain in publisher.domains:
            assert is_host(domain), name
            assert [other for other, its in register.publishers.items() if is_within(domain, its)] == [name]


def test_pictures_are_spoken_of_where_they_are_kept_out(register: Register) -> None:
    """`no-images` goes with a sentence for people."""
    for name, publisher in register.publishers.items():
        if any(Condition.NO_IMAGES in terms.conditions for terms in publisher.terms):
            assert publisher.images, name


def permits_reprints(publisher: Publisher) -> bool:
    """Whether any terms of the publisher permit one."""
    return any(Kind.FULL in terms.kinds for terms in publisher.terms)


def is_host(text: str) -> bool:
    """Whether a text is a host as addresses are compared: without scheme, path and `www.`, in lower case."""
    return "." in text and url.host(f"https://{text}/") == text


def is_within(host: str, publisher: Publisher) -> bool:
    """Whether a host is one of the publisher's."""
    return any(host == domain or host.endswith(f".{domain}") for domain in publisher.domains)
