"""`/sources-and-terms/`: whose works the digest shows, under what terms, and how those are known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from broadsheet import bill, url
from broadsheet.config import Limits
from broadsheet.model import Kind
from broadsheet.register import Evidence, Terms
from broadsheet.register.publisher import CONDITION_TEXTS
from broadsheet.site import reservation, urls, wording
from broadsheet.site.assemble import Group, Site, publisher_of
from broadsheet.site.entry import Compared
from broadsheet.site.head import head
from broadsheet.site.views import EvidenceView, LinkView, LogEntryView, SourcesPage, SourceView, TermsView


def sources_page(site: Site) -> SourcesPage:
    """Every publisher used, by name."""
    text = f"Whose works {site.config.title} shows, under what terms, and how those terms are known"
    return SourcesPage(
        head=head(site.imprint, "Sources and terms", text, site.base.absolute(urls.SOURCES)),
        sources=tuple(_source(site, group) for group in site.publishers),
        own_count=sum(entry.kind is Kind.OWN for entry in site.articles),
        limits=_limits(site.config.rights.limits),
        proof=proof(site.compared),
        log=_log(site),
        bill=site.base.href(bill.ADDRESS),
        machines=reservation.statement(site.imprint),
    )


def _limits(limits: Limits) -> str:
    most = [f"{limits.words} words", f"{limits.share * 100:g} per cent of it"]
    most += [f"{limits.characters} characters"] if limits.characters else []
    most.append("one paragraph" if limits.paragraphs == 1 else f"{limits.paragraphs} paragraphs")
    return f"Of a work that we do not reprint we quote at most {wording.joined(most)}, wherever on this site it stands."


def proof(compared: Mapping[Compared, int]) -> str:
    """What stands on a machine's comparison, and what on the word of whoever wrote the article."""
    count = Counter(compared)
    verbatim, fingerprinted = count[Compared.VERBATIM], count[Compared.FINGERPRINTED]
    reprints, others = verbatim + count[Compared.REPRINT], fingerprinted + count[Compared.QUOTED]
    said = []
    if reprints:
        said.append(f"Reprints that are letter for letter what was captured: {verbatim} of {reprints}.")
    if others:
        said.append(f"Excerpts and links compared with a fingerprint of the original: {fingerprinted} of {others}.")
    if verbatim + fingerprinted < reprints + others:
        said.append("For the rest stands the word of whoever took it in.")
    return " ".join(said)


def _log(site: Site) -> tuple[LogEntryView, ...]:
    entries = []
    for entry in (*site.articles, *site.withdrawn):
        link = LinkView(entry.card.title, entry.card.href)
        entries += [(note.date, "Corrected", link, note.text) for note in entry.corrections]
        if entry.withdrawn:
            entries.append((entry.withdrawn.date, "Withdrawn", link, entry.withdrawn.text))
    entries.sort(key=lambda entry: (entry[0], entry[2].href), reverse=True)
    return tuple(LogEntryView(what, link, wording.day(date), text) for date, what, link, text in entries)


def _source(site: Site, group: Group) -> SourceView:
    publisher = publisher_of(site, group.articles[0])
    assert publisher is not None  # groups of publishers are made of articles that have one
    kinds = [entry.kind for entry in group.articles]
    return SourceView(
        publisher=LinkView(publisher.name, site.base.href(group.address)),
        home=LinkView(publisher.name, publisher.home) if publisher.home else None,
        counts=tuple((wording.label(kind), kinds.count(kind)) for kind in Kind if kind in kinds),
        terms=tuple(_terms(site, terms) for terms in reversed(publisher.terms)),
        evidence=tuple(_evidence(evidence) for evidence in publisher.evidence),
        is_registered=bool(publisher.terms),
    )


def _terms(site: Site, terms: Terms) -> TermsView:
    licence = site.config.register.licences[terms.licence]
    conditions = [CONDITION_TEXTS[condition] for condition in terms.conditions]
    if terms.delay_days:
        days = "a day" if terms.delay_days == 1 else f"{terms.delay_days} days"
        conditions.append(f"no sooner than {days} after its publication")
    return TermsView(
        period=_period(terms),
        licence=LinkView(licence.name, licence.url or licence.rights_statement or ""),
        statement=licence.statement,
        permitted=wording.joined([wording.KINDS_PERMITTED[kind] for kind in terms.kinds]),
        conditions="; ".join(conditions),
    )


def _period(terms: Terms) -> str:
    parts = [f"since {wording.day(terms.since).text}"] if terms.since else []
    parts += [f"until {wording.day(terms.until).text}"] if terms.until else []
    return " ".join(parts)


def _evidence(evidence: Evidence) -> EvidenceView:
    return EvidenceView(
        certainty=wording.CERTAINTIES[evidence.certainty.value],
        date=wording.day(evidence.read),
        link=LinkView(url.shown(evidence.url), evidence.url) if evidence.url else None,
        clause=evidence.clause or "",
    )
