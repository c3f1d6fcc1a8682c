"""What templates see: plain records, finished, documented in themes/CONTRACT.md, which a test holds to this file.

Text is text, to be escaped; `Markup` is HTML that has been sanitised. Every `href` carries the base path. Nothing here
decides what may be shown: that is the gate's, and views are made of `Cleared` articles only. They are packed without
the names of their fields, which are as long as many a value.
"""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

LongMarkup = bytes
"""`Markup` to a template. It travels, is joined and is escaped in UTF-8, for one quotation mark makes wide characters
of a whole text, and these take many times as long."""
LongText = bytes
"""Text to a template, in UTF-8 for the same reason."""


class DateView(Struct, frozen=True, array_like=True):
    """A day."""

    text: str
    """For people, e.g. `27 December 2023`."""
    iso: str
    """For `<time datetime>`: a date or an instant of ISO 8601."""


class LinkView(Struct, frozen=True, array_like=True):
    """A name with an address."""

    text: str
    href: str


class LabelView(Struct, frozen=True, array_like=True):
    """The kind label, the product's signature: the same words everywhere."""

    kind: str
    """`full`, `excerpt`, `link` or `own`."""
    text: str
    """`Reprinted in full`, `Excerpt`, `Link` or `Our own`."""


class MetaView(Struct, frozen=True, array_like=True):
    """A `<meta>` of the head."""

    attribute: str
    """`name` or `property`."""
    name: str
    content: str


class FeedLinkView(Struct, frozen=True, array_like=True):
    """A feed in one format."""

    text: str
    """What it is the feed of or, where its formats are listed, the format."""
    href: str
    type: str
    """Media type."""


class HeadView(Struct, frozen=True, array_like=True):
    """What a page says of itself to machines."""

    title: str
    """Of the window: the page's title and the site's."""
    description: str
    canonical: str
    """In full. Empty where a page has none: the 404 page, a withdrawn article."""
    language: str
    """BCP 47."""
    direction: str
    """`ltr` or `rtl`."""
    licence: str
    """Address of the one licence under which the page's article stands, else empty."""
    feeds: tuple[FeedLinkView, ...]
    """Of what the page is about, the nearest first; after them come those of the whole site."""
    metas: tuple[MetaView, ...]
    """Robots rules as the publisher asks, OpenGraph."""
    base: str
    """The base path."""
    machine_terms: str
    """Address of the RSL document that holds for the page, else empty."""
    linked_data: Markup
    """JSON-LD, safe within a `script` element; empty where there is none."""


class SiteView(Struct, frozen=True, array_like=True):
    """The masthead, the menu and the foot of every page."""

    title: str
    description: str
    home: str
    date: DateView | None
    """Of the newest article: a page does not change because a day has passed."""
    navigation: tuple[LinkView, ...]
    pages: tuple[LinkView, ...]
    """The digest's own pages, for the foot."""
    feed: str
    """Of the whole site, in the first of its formats."""
    feed_links: tuple[FeedLinkView, ...]
    """The same in all formats, for the head of every page."""
    feeds: str
    """The page for people about feeds."""
    sources: str
    """The page `/sources-and-terms/`."""
    editor: str
    """Empty where not stated."""
    licence: LinkView
    """Of the digest's own words; its href may be empty."""
    generator: str


class FactValueView(Struct, frozen=True, array_like=True):
    """A value of the credit block."""

    text: str
    href: str
    """Empty where it is no link."""
    rel: str
    """`license` for the licence, else empty."""
    iso: str
    """Not empty for a date."""
    is_verbatim: bool
    """Words of the original, to be set apart and left as they are."""


class FactView(Struct, frozen=True, array_like=True):
    """A row of the credit block."""

    term: str
    values: tuple[FactValueView, ...]


class SlipView(Struct, frozen=True, array_like=True):
    """The credit block. Every theme shows it whole on an article's page."""

    label: LabelView
    heading: str
    """What a reader may do, e.g. `You may reprint this`."""
    sentence: str
    """The same in one plain sentence that names whose it is."""
    facts: tuple[FactView, ...]


class CardView(Struct, frozen=True, array_like=True):
    """An article in a listing."""

    href: str
    title: str
    summary: str
    """In the digest's own words; may be empty."""
    label: LabelView
    authors: str
    """Joined; may be empty."""
    publisher: LinkView | None
    """None for the digest's own."""
    published: DateView | None
    """By the original; None where unknown, and for the digest's own."""
    date: DateView
    """By this digest."""
    terms: str
    """The licence's name."""
    language: str
    direction: str
    is_corrected: bool


class ImageView(Struct, frozen=True, array_like=True):
    """A picture with rights of its own."""

    src: str
    alt: str
    caption: str
    """Creator and credit."""
    licence: LinkView
    source: str
    """Address, or empty."""


class CorrectionView(Struct, frozen=True, array_like=True):
    """What was put right."""

    date: DateView
    text: str


class StoryView(Struct, frozen=True, array_like=True):
    """The same event, as others tell it."""

    title: str
    href: str
    cards: tuple[CardView, ...]
    """The other articles of the story, newest first."""
    feed: FeedLinkView


class ReprintView(Struct, frozen=True, array_like=True):
    """A text with the credit that its terms ask for, to be copied whole."""

    html: LongText
    """HTML source: the headline, the text, the credit. To be shown as text."""
    text: LongText
    """The same without markup."""


class PublisherView(Struct, frozen=True, array_like=True):
    """Whose work an article is."""

    name: str
    home: str
    """Address of its home page; may be empty."""
    feed: str
    """Address of its own feed; empty where not known."""


class ArticlePage(Struct, frozen=True, array_like=True):
    """`article.html`."""

    head: HeadView
    card: CardView
    body: LongMarkup
    slip: SlipView
    original: LinkView | None
    """Link to the original, or to its publisher where its address is not known; its text is the publisher's name."""
    is_original_known: bool
    """Whether `original` is the article itself."""
    publisher: PublisherView | None
    """None for the digest's own."""
    authors: tuple[str, ...]
    """Of the original; the digest, of its own."""
    text_licence: str
    """Address of the licence of a text that stands here whole, else empty."""
    topics: tuple[LinkView, ...]
    story: StoryView | None
    image: ImageView | None
    corrections: tuple[CorrectionView, ...]
    withdrawn: CorrectionView | None
    """Not None: the words are gone, and this says when and why."""
    tagline: str
    """What the publisher wants printed after its text, or after an excerpt; may be empty."""
    counter: str
    """Address of the publisher's counter, where it asks for one and the site accepts it; else empty."""
    reprint: ReprintView | None
    """The text ready to be taken, where readers may reprint it."""
    previous: CardView | None
    """The next older article."""
    next: CardView | None
    """The next newer article."""


class PaginationView(Struct, frozen=True, array_like=True):
    """Where in a listing a page stands."""

    number: int
    """From 1."""
    total: int
    newer: str
    """Address, or empty."""
    older: str
    """Address, or empty."""


class HomePage(Struct, frozen=True, array_like=True):
    """`index.html`: the front page and its older pages."""

    head: HeadView
    lead: CardView | None
    """None on older pages and where nothing is published."""
    beside: tuple[CardView, ...]
    """The lead's story as others tell it."""
    cards: tuple[CardView, ...]
    """The rest."""
    pagination: PaginationView


class ListingPage(Struct, frozen=True, array_like=True):
    """`listing.html`: a topic, a publisher, a story, a month."""

    head: HeadView
    eyebrow: LinkView
    """What kind of listing it is, with the list of all of them."""
    title: str
    note: str
    """A sentence on the group, e.g. a publisher's terms; may be empty."""
    links: tuple[LinkView, ...]
    """Out of the group: its publisher's home page."""
    count: int
    cards: tuple[CardView, ...]
    feed: str
    """Address, or empty."""
    pagination: PaginationView


class EntryView(Struct, frozen=True, array_like=True):
    """A group in an index."""

    link: LinkView
    count: int
    newest: DateView


class IndexPage(Struct, frozen=True, array_like=True):
    """`groups.html`: all topics, publishers, stories or months."""

    head: HeadView
    title: str
    entries: tuple[EntryView, ...]


class PagePage(Struct, frozen=True, array_like=True):
    """`page.html`: a page of the digest's own."""

    head: HeadView
    title: str
    body: Markup
    updated: DateView | None


class TermsView(Struct, frozen=True, array_like=True):
    """A publisher's terms over a span of years."""

    period: str
    """E.g. `since 1 January 2017`; empty for always."""
    licence: LinkView
    """Its href may be empty."""
    statement: str
    permitted: str
    """E.g. `reprints, excerpts, links`."""
    conditions: str
    """E.g. `unedited, with a link to the original`; may be empty."""


class EvidenceView(Struct, frozen=True, array_like=True):
    """How terms are known."""

    certainty: str
    """E.g. `read at the source`, `believed`."""
    date: DateView
    link: LinkView | None
    clause: str
    """The words that grant or refuse, quoted; may be empty."""


class SourceView(Struct, frozen=True, array_like=True):
    """A publisher whose works the digest shows."""

    publisher: LinkView
    home: LinkView | None
    counts: tuple[tuple[LabelView, int], ...]
    """Articles by kind, those kinds that occur."""
    terms: tuple[TermsView, ...]
    evidence: tuple[EvidenceView, ...]
    is_registered: bool
    """Whether the register knows it; nothing of others is reprinted."""


class LogEntryView(Struct, frozen=True, array_like=True):
    """A correction or a withdrawal."""

    what: str
    """`Corrected` or `Withdrawn`."""
    article: LinkView
    date: DateView
    text: str


class SourcesPage(Struct, frozen=True, array_like=True):
    """`sources-and-terms.html`."""

    head: HeadView
    sources: tuple[SourceView, ...]
    own_count: int
    """Articles of the digest's own."""
    limits: str
    """How much of one work is quoted at most, in a sentence."""
    proof: str
    """What was compared by machine and what was not, in sentences."""
    log: tuple[LogEntryView, ...]
    """All corrections and withdrawals, newest first."""
    bill: str
    """Address of the bill of materials, `/rights.json`."""
    machines: str
    """What machines may do with the digest's own words; may be empty."""


class FeedView(Struct, frozen=True, array_like=True):
    """The feed of a listing."""

    page: LinkView
    formats: tuple[FeedLinkView, ...]


class FeedsPage(Struct, frozen=True, array_like=True):
    """`feeds.html`: what feeds there are, for people."""

    head: HeadView
    host: str
    """How addresses begin in full: put before an `href`, it makes what a reader is given."""
    size: int
    """Items that a feed holds at most."""
    main: FeedView
    topics: tuple[FeedView, ...]
    publishers: tuple[FeedView, ...]
    stories: tuple[FeedView, ...]
    has_archives: bool
    """Whether readers can fetch all that there ever was."""
    opml: str
    """Address of the list of these feeds (OPML)."""
    sources: str
    """Address of the list of publishers with their own feeds, as far as known (OPML); empty where there are none."""


class NotFoundPage(Struct, frozen=True, array_like=True):
    """`404.html`."""

    head: HeadView
    recent: tuple[CardView, ...]


class RedirectPage(Struct, frozen=True, array_like=True):
    """`redirect.html`: an address that has moved."""

    head: HeadView
    target: LinkView
    """Its text is the title of what is there now."""


View = (
    ArticlePage | FeedsPage | HomePage | IndexPage | ListingPage | NotFoundPage | PagePage | RedirectPage | SourcesPage
)

TEMPLATES: dict[type[View], str] = {
    ArticlePage: "article.html",
    FeedsPage: "feeds.html",
    HomePage: "index.html",
    IndexPage: "groups.html",
    ListingPage: "listing.html",
    NotFoundPage: "404.html",
    PagePage: "page.html",
    RedirectPage: "redirect.html",
    SourcesPage: "sources-and-terms.html",
}
"""A template sees `page`, the record named here; `site`, a `SiteView`; and `option`, the theme's options."""
