"""`Cleared` -> the page of an article."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import PurePosixPath

from msgspec.structs import replace

from broadsheet.model import Image, Kind
from broadsheet.reading.markdown import attribute_quotations, rebase
from broadsheet.register import Canonical, Index, Publisher
from broadsheet.rights import Cleared
from broadsheet.site import credit, urls, wording
from broadsheet.site.head import feed_link, head, index_rule
from broadsheet.site.imprint import Imprint
from broadsheet.site.linked_data import linked_data
from broadsheet.site.reprint import reprint, whole
from broadsheet.site.reservation import is_own
from broadsheet.site.statement import Statement
from broadsheet.site.views import (
    ArticlePage,
    CardView,
    CorrectionView,
    HeadView,
    ImageView,
    LinkView,
    LongMarkup,
    MetaView,
    PublisherView,
    StoryView,
)


def article_page(imprint: Imprint, cleared: Cleared, stated: Statement, card: CardView) -> ArticlePage:
    """An article's page by itself; its story and its neighbours in time come with its place (`placed`)."""
    matter = cleared.article.matter
    withdrawn = matter.withdrawn
    return ArticlePage(
        head=_head(imprint, cleared, stated),
        card=card,
        body=_body(imprint, cleared, stated),
        slip=credit.slip(cleared, stated),
        original=credit.original(cleared),
        is_original_known=matter.origin is not None and isinstance(matter.origin.url, str),
        publisher=_publisher(cleared.publisher) if cleared.publisher else None,
        authors=_authors(imprint, cleared),
        text_licence=stated.text_licence_url,
        topics=() if withdrawn else tuple([_topic(imprint.base, name) for name in matter.topics]),
        story=None,
        image=_image(imprint, cleared),
        corrections=tuple(CorrectionView(wording.day(c.date), c.text) for c in matter.corrections),
        withdrawn=CorrectionView(wording.day(withdrawn.date), withdrawn.reason) if withdrawn else None,
        tagline=stated.tagline,
        counter=(matter.origin.counter or "") if matter.origin else "",
        reprint=reprint(imprint, cleared, stated),
        previous=None,
        next=None,
    )


def placed(page: ArticlePage, story: StoryView | None, older: CardView | None, newer: CardView | None) -> ArticlePage:
    """An article's page in its place: with the rest of its story, and with its neighbours in time."""
    copy = page.reprint and whole(page.reprint, page.body)
    head = page.head
    if story is not None:
        head = replace(head, feeds=(story.feed, *head.feeds))
    return replace(page, head=head, story=story, previous=older, next=newer, reprint=copy)


@lru_cache(maxsize=1024)
def _topic(base: urls.Base, name: str) -> LinkView:
    return LinkView(name, base.href(urls.topic(name)))


def image_address(cleared: Cleared) -> str | None:
    """Where an article's picture stands, beside its page."""
    image = cleared.article.matter.image
    return f"{urls.article(cleared)}{image.file}" if image else None


def picture_file(cleared: Cleared, image: Image) -> str:
    """Where an article's picture lies, beside its file."""
    return str(PurePosixPath(cleared.article.path).parent / image.file)


def _head(imprint: Imprint, cleared: Cleared, stated: Statement) -> HeadView:
    matter, publisher = cleared.article.matter, cleared.publisher
    topics = () if matter.withdrawn else matter.topics
    feeds = [feed_link(imprint, name, urls.topic(name)) for name in topics]
    if publisher and not matter.withdrawn:
        feeds.append(feed_link(imprint, publisher.name, urls.publisher(cleared.publisher_id or publisher.name)))
    metas = [MetaView("property", "article:published_time", wording.rfc3339(matter.date))]
    if matter.updated:
        metas.append(MetaView("property", "article:modified_time", wording.rfc3339(matter.updated)))
    metas += [MetaView("property", "article:tag", topic) for topic in topics]
    if matter.origin and matter.origin.authors:
        metas.append(MetaView("name", "author", wording.joined(matter.origin.authors)))
    if address := image_address(cleared):
        metas.append(MetaView("property", "og:image", imprint.base.absolute(address)))
    return head(
        imprint,
        matter.title,
        description(cleared),
        "" if matter.withdrawn else stated.url,
        feeds=feeds,
        metas=metas,
        licence=stated.licence_url,
        index=index_rule(cleared),
        canonical=canonical(cleared),
        linked_data=linked_data(imprint, cleared, stated),
        is_own=is_own(cleared),
        og_type="article",
    )


def description(cleared: Cleared, characters: int = 200) -> str:
    """The summary or, without one, the beginning of the text outside quotations, cut at a word."""
    if cleared.article.matter.summary:
        return cleared.article.matter.summary
    text = cleared.article.body.lead
    return text if len(text) <= characters else text[: text.rfind(" ", 0, characters)].rstrip(" ,;:.") + " …"


def _publisher(publisher: Publisher) -> PublisherView:
    return PublisherView(publisher.name, publisher.home or "", publisher.feed or "")


def _authors(imprint: Imprint, cleared: Cleared) -> tuple[str, ...]:
    origin = cleared.article.matter.origin
    if origin is None or cleared.publisher is None:
        return (imprint.digest,)
    return origin.authors or (cleared.publisher.name,)


def canonical(cleared: Cleared) -> str:
    """The original's address, where the publisher asks for it on reprints that search engines may index; else none."""
    publisher, origin = cleared.publisher, cleared.article.matter.origin
    if publisher is None or origin is None or cleared.article.matter.kind is not Kind.FULL:
        return ""
    # Both a foreign canonical and noindex would say two things at once.
    is_asked = publisher.canonical is Canonical.ORIGIN and index_rule(cleared) is not Index.NO
    return origin.url if is_asked and isinstance(origin.url, str) else ""


def _body(imprint: Imprint, cleared: Cleared, stated: Statement) -> LongMarkup:
    """Sanitised by `reading.markdown`; what is added here is escaped."""
    body = cleared.article.body
    html = body.html
    if body.has_relative:
        html = rebase(html, stated.url, imprint.base.url, imprint.base.path)
    origin, publisher = cleared.article.matter.origin, cleared.publisher
    if cleared.article.matter.kind is Kind.EXCERPT and origin and publisher:
        published = wording.known_day(origin.published)
        parts = [escape(wording.joined(origin.authors)), f"<cite>{escape(publisher.name)}</cite>"]
        parts += [published.text] if published else []
        cite = origin.url if isinstance(origin.url, str) else None
        html = attribute_quotations(html, cite, ", ".join(part for part in parts if part))
    return html.encode()


def _caption(creator: str, credit: str) -> str:
    return credit if creator.casefold() in credit.casefold() else f"{creator}. {credit}"


def _image(imprint: Imprint, cleared: Cleared) -> ImageView | None:
    image, address = cleared.article.matter.image, image_address(cleared)
    if image is None or address is None:
        return None
    licence = imprint.config.register.licences.get(image.licence or "")
    return ImageView(
        src=imprint.base.href(address),
        alt=image.alt,
        caption=_caption(image.creator or "", image.credit or ""),
        licence=LinkView(licence.name if licence else "", (licence.url or "") if licence else ""),
        source=image.source or "",
    )
