"""`/sources-and-terms/`: whose works the digest shows, under what terms, and how those are known."""

from __future__ import annotations

from broadsheet import url
from broadsheet.model import Kind
from broadsheet.register import Evidence, Terms
from broadsheet.register.publisher import CONDITION_TEXTS
from broadsheet.site import urls, wording
from broadsheet.site.assemble import Group, Site
from broadsheet.site.head import head
from broadsheet.site.views import EvidenceView, LinkView, SourcesPage, SourceView, TermsView


def sources_page(site: Site) -> SourcesPage:
    """Every publisher used, by name."""
    text = f"Whose works {site.config.title} shows, under what terms, and how those terms are known"
    return SourcesPage(
        head=head(site, "Sources and terms", text, urls.SOURCES),
        sources=tuple(_source(site, group) for group in site.publishers),
        own_count=sum(c.article.matter.kind is Kind.OWN for c in site.articles),
    )


def _source(site: Site, group: Group) -> SourceView:
    publisher = group.articles[0].publisher
    assert publisher is not None  # groups of publishers are made of articles that have one
    kinds = [c.article.matter.kind for c in group.articles]
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
        conditions.append(f"{terms.delay_days} days after its publication")
    return TermsView(
        period=_period(terms),
        licence=LinkView(licence.name, licence.url or licence.rights_statement or ""),
        statement=licence.statement,
        permitted=wording.joined([wording.KINDS_PERMITTED[kind] for kind in terms.kinds]),
        conditions=", ".join(conditions),
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
