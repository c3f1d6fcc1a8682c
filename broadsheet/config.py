"""`config.yaml` -> the site's configuration. Six lines are enough; an unknown key is refused with a suggestion."""

from __future__ import annotations

import enum
from datetime import timedelta
from urllib.parse import urlsplit

from msgspec import Struct, field

from broadsheet.fields import BaseUrl, Count, Email, Flag, Language, Line, MenuAddress, Share, Slug, WebAddress
from broadsheet.model import Kind
from broadsheet.plainyaml import YamlError, parse, place
from broadsheet.problem import Finding, Pointer, Problem, did_you_mean
from broadsheet.record import decode
from broadsheet.register import Certainty, Index, Licence, Publisher, Register, Terms, packaged
from broadsheet.slug import is_slug, slugify
from broadsheet.words import scrub


class Profile(enum.Enum):
    """Whose law the caps are set with an eye to."""

    US = "us"
    """17 USC 107 knows no safe number of words; 75 is the editor's."""
    EU = "eu"
    """Directive (EU) 2019/790, article 15: free are "individual words or very short extracts", which nobody defines."""


class Limits(Struct, frozen=True):
    """Most of one work that the site shows, wherever it shows it."""

    words: int
    characters: int | None
    share: float
    """Of the work's words."""
    paragraphs: int
    headline_words: int | None
    """Of a headline that is not the digest's own."""


class Rights(Struct, frozen=True, kw_only=True):
    """What the editor decides about rights. The numbers are the editor's, no law's."""

    profile: Profile = Profile.US
    """Sets what is not set here: 75 words, or 25 words, 200 characters and headlines of 8 words."""
    commercial: Flag = False
    """Whether the site is commercial, so that non-commercial licences do not serve."""
    advertising: Flag = False
    """Whether advertising stands beside the texts."""
    paywall: Flag = False
    """Whether readers pay, or register, to read."""
    counters: Flag = False
    """Whether publishers that ask for it may have their counter on a reprint: it tells them of readers."""
    images: Flag = True
    """Whether pictures are shown that are not the digest's own."""
    evidence_days: Count | None = None
    """Greatest age of the evidence on which a reprint rests; none for any age."""
    excerpt_words: Count | None = None
    """Most words quoted of one work."""
    excerpt_characters: Count | None = None
    """Most characters quoted of one work."""
    excerpt_share: Share = 0.2
    """Most of one work's words quoted, as a share of them."""
    excerpt_paragraphs: Count = 2
    """Most paragraphs of one work quoted."""
    excerpts_per_day: Count | None = None
    """Most excerpts of one publisher's works dated the same day; none for any number."""
    headline_words: Count | None = None
    """Most words of a headline that is the publisher's, on an excerpt or a link; what is over is cut off."""

    @property
    def limits(self) -> Limits:
        """The caps as they hold, with the profile's where none is set."""
        is_eu = self.profile is Profile.EU
        return Limits(
            words=self.excerpt_words or (25 if is_eu else 75),
            characters=self.excerpt_characters or (200 if is_eu else None),
            share=self.excerpt_share,
            paragraphs=self.excerpt_paragraphs,
            headline_words=self.headline_words or (8 if is_eu else None),
        )


MOST_WORDS = 150
"""Of one work that any site may quote: what is over is for a lawyer to judge, not for a setting."""


class Use(enum.Enum):
    """A use by a machine. RSL 1.0, values of `permits` and `prohibits` of type `usage`."""

    ALL = "all"
    AI_ALL = "ai-all"
    AI_TRAIN = "ai-train"
    AI_INPUT = "ai-input"
    AI_INDEX = "ai-index"
    SEARCH = "search"


class Reservation(Struct, frozen=True, kw_only=True):
    """What machines may do with the digest's own words. Nothing is said unless it is set; never of others' words."""

    prohibits: tuple[Use, ...] = ()
    permits: tuple[Use, ...] = ()
    policy: WebAddress | None = None
    """Where whoever wants a licence can ask for one."""


class FeedFormat(enum.Enum):
    """A format of feeds, in the order in which they are offered."""

    RSS = "rss"
    """RSS 2.0."""
    ATOM = "atom"
    """Atom 1.0, RFC 4287."""
    JSON = "json"
    """JSON Feed 1.1."""


class FeedContent(enum.Enum):
    """How much of an article goes with its item."""

    FULL = "full"
    """All that its page shows: the whole text of a reprint, the few words quoted of an excerpt."""
    SUMMARY = "summary"


class FeedLink(enum.Enum):
    """Where the headline of an item leads."""

    PERMALINK = "permalink"
    """To the article's page here."""
    ORIGIN = "origin"
    """To the original, where its address is known."""


class FeedArchives(enum.Enum):
    """Of what there are archives (RFC 5005, section 4), so that a reader can fetch all that there ever was."""

    NONE = "none"
    SITE = "site"
    """Of the feed of the whole site."""
    ALL = "all"
    """Of the feed of each topic, publisher and story too."""


class Feeds(Struct, frozen=True, kw_only=True):
    """What subscribers get."""

    formats: tuple[FeedFormat, ...] = tuple(FeedFormat)
    """Each beside the page of its listing; the first is the one that pages offer."""
    size: Count = 20
    """Items in the document that readers subscribe to."""
    content: FeedContent = FeedContent.FULL
    link: FeedLink = FeedLink.PERMALINK
    archives: FeedArchives = FeedArchives.SITE
    """In Atom or, without it, in the first of `formats`."""
    hub: WebAddress | None = None
    """The WebSub hub that is told of news with `build --ping`. https://www.w3.org/TR/websub/."""


class NavigationEntry(Struct, frozen=True, kw_only=True):
    """An entry of the site's menu."""

    title: Line
    address: MenuAddress
    """Within the site, from `/`, or a web address."""


class Config(Struct, frozen=True, kw_only=True):
    """The configuration of a site."""

    title: Line
    base_url: BaseUrl
    """With a slash at its end; its path is the base path of every address."""
    description: Line = "A digest of other people's reporting, with its papers in order"
    language: Language = "en"
    editor: Line | None = None
    """Who answers for the digest."""
    email: Email | None = None
    licence: Line = "LicenseRef-Own"
    """Of the digest's own words: an id of the register of licences."""
    theme: Slug = "default"
    theme_options: dict[str, Line] = field(default_factory=dict)
    page_size: Count = 20
    """Articles a page of a listing."""
    feeds: Feeds = field(default_factory=Feeds)
    navigation: tuple[NavigationEntry, ...] = ()
    rights: Rights = field(default_factory=Rights)
    reservation: Reservation | None = None
    publishers: dict[str, Publisher] = field(default_factory=dict)
    """The site's own entries in the register of publishers."""
    licences: dict[str, Licence] = field(default_factory=dict)
    """The site's own entries in the register of licences."""

    @property
    def base_path(self) -> str:
        """`/` or `/repo/`."""
        return urlsplit(self.base_url).path

    @property
    def register(self) -> Register:
        """The package's register with the site's own entries over it."""
        return packaged().with_own(self.publishers, self.licences)


MAX_BYTES = 1_000_000
"""Of the file: registers of a site's own can be long."""


def read(path: str, data: bytes, base_url: str | None = None) -> Config | tuple[Problem, ...]:
    """The configuration in a file, or its problems. `base_url` stands over the file's."""
    try:
        text = scrub(data.decode("utf-8-sig"))
        raw = parse(text, MAX_BYTES)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return (Problem(path, line, 1, "file/not-utf-8", "this file is not UTF-8", "Save it as UTF-8"),)
    except YamlError as error:
        return (error.problem(path),)
    if isinstance(raw, dict) and base_url is not None:
        raw["base_url"] = base_url
    config = decode(Config, raw, "config")
    findings = config if isinstance(config, tuple) else tuple(_check(config))
    if isinstance(config, Config) and not findings:
        return config
    return place(findings, path, text)


def _check(config: Config) -> list[Finding]:
    """What the types cannot say: names that must be known, and grants that need evidence."""
    found = []
    if config.licence not in config.register.licences:
        found.append(_unknown_licence(config.licence, ("licence",), config.register))
    for name in config.licences:
        if name in packaged().licences:
            message = f"licence '{name}' is the package's, and an entry of that id would change what it says"
            remedy = "Describe yours under an id of its own that begins with 'LicenseRef-'"
            found.append(Finding("config/licence-redefined", message, remedy, ("licences", name), key=True))
    if not config.feeds.formats:
        remedy = f"Name one or more of {', '.join(it.value for it in FeedFormat)}"
        found.append(
            Finding("config/no-feeds", "a digest without feeds has no subscribers", remedy, ("feeds", "formats"))
        )
    if len(set(config.feeds.formats)) < len(config.feeds.formats):
        message = "a format of feeds is named twice"
        found.append(Finding("config/format-twice", message, "Name each once", ("feeds", "formats")))
    if (most := config.rights.limits.words) > MOST_WORDS:
        message = f"excerpts of {most} words are asked for, and no site may set more than {MOST_WORDS}"
        found.append(Finding("config/excerpt-ceiling", message, "Set fewer", ("rights", "excerpt_words")))
    for name, publisher in config.publishers.items():
        found += _check_publisher(name, publisher, config.register)
    return found


def _check_publisher(name: str, publisher: Publisher, register: Register) -> list[Finding]:
    found = []
    at: Pointer = ("publishers", name)
    if not is_slug(name):
        message = f"'{name}' cannot be a publisher's id"
        found.append(Finding("config/bad-id", message, f"Write '{slugify(name) or 'a-name'}'", at, key=True))
    for n, terms in enumerate(publisher.terms):
        if terms.licence not in register.licences:
            found.append(_unknown_licence(terms.licence, (*at, "terms", n, "licence"), register))
    if not publisher.terms:
        message = f"publisher '{name}' has no terms"
        found.append(Finding("config/no-terms", message, "Add at least one entry", (*at, "terms")))
    if not publisher.evidence:
        message = f"publisher '{name}' has no evidence for its terms"
        remedy = "Add where and when they were read"
        found.append(Finding("config/no-evidence", message, remedy, (*at, "evidence")))
    elif _grants_more(publisher, name, register) and not _is_proved(publisher):
        message = f"publisher '{name}' is granted more here than the package's register knows of"
        remedy = "Add to 'evidence' the clause that grants it, its address, and when it was read"
        found.append(Finding("config/grant-unproven", message, remedy, (*at, "evidence")))
    return found


def _grants_more(publisher: Publisher, name: str, register: Register) -> bool:
    """Whether more may be done by it than by what the package says: of a work of the same days, or of more works."""
    known = packaged().publishers.get(name)
    reprints = any(Kind.FULL in terms.kinds for terms in publisher.terms)
    if known is not None and reprints and _lets_in_more(publisher, known):
        return True
    return any(_is_wider(terms, known.terms if known else (), register) for terms in publisher.terms)


def _lets_in_more(publisher: Publisher, known: Publisher) -> bool:
    """Whether items count as the publisher's that the package keeps out, or search engines may where they may not."""
    excluded = {exclusion.what for exclusion in publisher.excludes}
    order = list(Index)
    return (
        not {exclusion.what for exclusion in known.excludes} <= excluded
        or not set(publisher.domains) <= set(known.domains)
        or not set(publisher.counter) <= set(known.counter)
        or order.index(publisher.index) < order.index(known.index)
    )


def _is_wider(terms: Terms, known: tuple[Terms, ...], register: Register) -> bool:
    others = [other for other in known if _overlap(terms, other)]
    if Kind.FULL in terms.kinds and not _is_covered(terms, others):
        return True  # the package lets nothing be reprinted of which it does not know
    return any(_is_wider_than(terms, other, register) for other in others)


def _is_covered(terms: Terms, others: list[Terms]) -> bool:
    """Whether each day of some terms is a day of one of the others."""
    day = terms.since
    for other in sorted(others, key=lambda other: (other.since is not None, other.since or day)):
        if other.since is not None and (day is None or other.since > day):
            return False
        if other.until is None:
            return True
        day = max(day or other.until, other.until + timedelta(days=1))
    return bool(others) and terms.until is not None and day is not None and day > terms.until


def _is_wider_than(terms: Terms, other: Terms, register: Register) -> bool:
    if not set(terms.kinds) <= set(other.kinds):
        return True
    licence, others = register.licences.get(terms.licence), register.licences[other.licence]
    is_narrower = licence is not None and (terms.licence == other.licence or licence.grants_less_than(others))
    is_as_hard = set(terms.conditions) >= set(other.conditions) and (terms.delay_days or 0) >= (other.delay_days or 0)
    return Kind.FULL in terms.kinds and not (is_narrower and is_as_hard)


def _overlap(one: Terms, other: Terms) -> bool:
    return (one.since is None or other.until is None or one.since <= other.until) and (
        other.since is None or one.until is None or other.since <= one.until
    )


def _is_proved(publisher: Publisher) -> bool:
    return any(e.certainty is not Certainty.BELIEVED and e.clause and e.url for e in publisher.evidence)


def _unknown_licence(name: str, at: tuple[str | int, ...], register: Register) -> Finding:
    hint = did_you_mean(name, register.licences)
    return Finding(
        "config/licence-unknown", f"licence '{name}' is in no register", f"{hint}Describe it under 'licences'", at
    )
