"""An entry of a feed, as feedparser has it -> a draft.

An entry that names another feed as its source came through an aggregator: the source is the origin then, the feed is
a route, and what the feed says of its own author and rights is not said of the entry (RFC 4287, section 4.2.11).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from msgspec import Struct

from broadsheet import url
from broadsheet.importing import markup, moment
from broadsheet.importing.draft import Draft, Fact, LeftOut, LicenceClaim
from broadsheet.importing.feeds.facts import (
    CREATIVE_COMMONS,
    MAX_LINE,
    MAX_SUMMARY,
    MAX_TEXT,
    Entry,
    fact,
    is_cut,
    language,
    licence_at,
    medium,
    paragraphs,
    string,
    too_long,
    web,
    without_tags,
)
from broadsheet.problem import Finding
from broadsheet.words import one_line

_HTML = ("text/html", "application/xhtml+xml")
# RFC 4946, section 2.3: with it an entry does not inherit the feed's licence.
_UNSPECIFIED = "http://purl.org/atompub/license#unspecified"
_READ = re.compile(r"\Atext/|xml\Z")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")


class Head(Struct, frozen=True):
    """What entries share: of the feed, or of an entry's source."""

    fields: Entry
    is_atom: bool
    base: str
    """Absolute address, or empty."""
    name: str
    """For people."""
    title: str
    home: str
    """The page that it is the feed of, or empty."""
    address: str
    """Of the feed itself, or else of its page; or empty."""
    licences: tuple[LicenceClaim, ...]


def head_of(fields: Entry, base: str, *, is_atom: bool, name: str = "feed") -> Head:
    """The head of a feed, or what an entry says of its source, whose addresses are relative to `base`."""
    home = web(fields.get("link"), base)
    given = (web(fields.get("href"), base), _own_address(fields, base), home, web(fields.get("id"), base), base)
    licences = (*_linked_licences(fields, name, base), *_rights(fields, name))
    title = _line(fields, "title", is_atom=is_atom)
    return Head(fields, is_atom, base, name, title, home, next(filter(None, given), ""), licences)


def _own_address(head: Entry, base: str) -> str:
    return next((web(link.get("href"), base) for link in _links(head) if link.get("rel") == "self"), "")


def draft(entry: Entry, head: Head) -> Draft | Finding:
    """Of an entry of that feed: `import/entry-too-long`."""
    title = _line(entry, "title", is_atom=head.is_atom)
    kind, source_html, is_whole = _content(entry)
    if len(source_html) > MAX_TEXT:
        return too_long(title, len(source_html))
    address = _address(entry, head.base)
    base = web(_detail(entry, kind).get("base"), head.base) or head.base or (address.value if address else "")
    text = _text(source_html, _detail(entry, kind).get("type", ""), base)
    origin = _origin(entry, head)
    date, date_doubt = _published(entry)
    authors, author_doubt = _authors(entry, origin)
    rights = _claims(entry, origin)
    return Draft(
        title=fact(title, "the entry's title"),
        authors=authors,
        published=date,
        url=address,
        site=fact(origin.title, f"the {origin.name}'s title"),
        language=_entry_language(entry, kind, head),
        description=fact(_description(entry, kind, head), "the entry's summary"),
        licences=rights,
        blocks=text.blocks,
        is_whole=is_whole and not is_cut(text.blocks),
        credits=tuple(dict.fromkeys([*(claim.words for claim in rights if claim.words), *_loose_credits(entry)])),
        routes=_routes(entry, head, origin),
        left_out=_left_out(entry, text, base),
        doubts=tuple(filter(None, (date_doubt, author_doubt, *_doubts(entry, address, head.base)))),
        key=one_line(string(entry, "id")[:MAX_LINE]),
    )


def _origin(entry: Entry, head: Head) -> Head:
    """The entry's source where it names another feed than this one, else the feed."""
    fields = entry.get("source")
    if not isinstance(fields, dict) or not fields:
        return head
    source = head_of(fields, head.base, is_atom=head.is_atom, name="entry's source")
    mine = {url.same(own) for own in (head.address, head.home, head.base) if own}
    named = {web(fields.get(key), head.base) for key in ("href", "link", "id")} | {_own_address(fields, head.base)}
    is_this = bool(mine & {url.same(address) for address in named if address})
    is_this = is_this or (bool(head.title) and source.title.casefold() == head.title.casefold())
    return head if is_this else source


def _routes(entry: Entry, head: Head, origin: Head) -> tuple[str, ...]:
    vias = [(string(link, "title"), link.get("href")) for link in _links(entry) if link.get("rel") == "via"]
    found = [("via", one_line(title[:200]), web(address, head.base)) for title, address in vias]
    if origin is not head:
        found.insert(0, ("via the feed", head.title, head.address))
    return tuple(dict.fromkeys(" ".join(filter(None, (*words, _bracketed(address)))) for *words, address in found))


def _bracketed(address: str) -> str:
    return f"<{address}>" if address else ""


# --- Words. ---


def _content(entry: Entry) -> tuple[str, str, bool]:
    """Where the text stands, the text, and whether it is all of it: `content:0`, `summary` or `media_caption`."""
    second = entry.get("second_summaries", ())
    kinds = [f"content:{n}" for n in range(len(entry.get("content", ()))) if n not in second]
    # Readers take HTML where there is a choice; what is neither HTML, XML nor text cannot be read.
    kinds.sort(key=lambda kind: str(_detail(entry, kind).get("type")) not in _HTML)
    for kind in kinds:
        detail = _detail(entry, kind)
        value = string(detail, "value")
        if value.strip() and _READ.search(string(detail, "type")):
            return kind, value, not detail.get("src")
    summaries = [f"content:{n}" for n in second]
    for kind in ("summary", *summaries, "media_caption"):
        if value := string(_detail(entry, kind), "value"):
            return kind, value, False
    return "summary", "", False


def _detail(entry: Entry, kind: str) -> Entry:
    """Value, type, language and base of a text."""
    name, _, number = kind.partition(":")
    if number:
        contents = entry.get("content", ())
        return contents[int(number)] if int(number) < len(contents) else {}
    value = string(entry, name)
    detail = entry.get(f"{name}_detail")
    return {"type": "text/html", **(detail if isinstance(detail, dict) else {}), "value": value}


def _text(source: str, kind: str, base: str) -> markup.Text:
    if kind in _HTML or kind.endswith("xml"):
        return markup.blocks(source, base)
    return markup.Text(paragraphs(source))


def _description(entry: Entry, kind: str, head: Head) -> str:
    """The summary, where it is no copy of the content."""
    if kind.startswith("content") and string(entry, "summary") == string(_detail(entry, kind), "value"):
        return ""
    return _line(entry, "summary" if entry.get("summary") else kind, is_atom=head.is_atom, limit=MAX_SUMMARY)


def _line(entry: Entry, name: str, *, is_atom: bool, limit: int = MAX_LINE) -> str:
    """A title or summary as one line of plain text.

    Where RSS does not say whether a title is HTML, entities that it still has are read, as readers do; in Atom text is
    text (RFC 4287, section 3.1.1.1).
    """
    detail = _detail(entry, name)
    value = string(detail, "value")[:limit]
    if detail.get("type") in _HTML:
        value = without_tags(value)
    elif not is_atom:
        value = _ENTITY.sub(lambda match: html.unescape(match[0]), value)
    return one_line(value)


# --- Who, when, where. ---


def _authors(entry: Entry, origin: Head) -> tuple[Fact[tuple[str, ...]] | None, str]:
    """Those of the entry; else, of Atom, those of its source or feed (RFC 4287, section 4.2.1). No mail addresses."""
    inherited = [(origin.fields, f"the {origin.name}'s author")] if origin.is_atom or origin.name != "feed" else []
    doubt = ""
    for fields, where in [(entry, "the entry's author"), *inherited]:
        people = [person for person in fields.get("authors", ()) if isinstance(person, dict)]
        names = [one_line(string(person, "name")[:200]) for person in people]
        told = tuple(dict.fromkeys(name for name in names if name and "@" not in name))
        if told:
            return Fact(told, where), ""
        if any(string(person, "email") or string(person, "name") for person in people):
            doubt = f"{where} is a mail address without a name"
    return None, doubt


_DATES = (
    ("published", "the entry's date of publication"),
    ("created", "the entry's date of creation"),
    ("updated", "the entry's date (updated or dc:date)"),
)


def published(entry: Entry) -> Fact[str] | None:
    """The date of an entry, without making a draft of it."""
    return _published(entry)[0]


def _published(entry: Entry) -> tuple[Fact[str] | None, str]:
    doubts = []
    for name, where in _DATES:
        text = string(entry, name)
        value, doubt = moment.written(text) if text else ("", "")
        parsed = entry.get(f"{name}_parsed")
        if text and not value and parsed and "not understood" in doubt and len(text) > len("2004-01"):
            # feedparser knows dates of other languages. It makes up an offset, and a day where there is only a year.
            value = moment.written(f"{parsed[0]:04}-{parsed[1]:02}-{parsed[2]:02}")[0]
            doubt = f"the date '{one_line(text[:60])}' was taken for {value}"
        doubts.append(doubt)
        if value:
            return Fact(value, where), one_line("; ".join(filter(None, doubts)))
    return None, one_line("; ".join(filter(None, doubts)))


def _address(entry: Entry, base: str) -> Fact[str] | None:
    """The article's, not that of the counter in front of it."""
    related: dict[str, list[str]] = {}
    for link in _links(entry):
        related.setdefault(string(link, "rel"), []).append(string(link, "href"))
    alternate = related.pop("alternate", [])
    # feedparser's own choice, which is the best one, but where a link of another kind has its address as its text.
    chosen = [link for link in [string(entry, "link")] if not any(link in others for others in related.values())]
    candidates = [(address, "link rel=canonical") for address in related.get("canonical", [])]
    candidates.append((string(entry, "feedburner_origlink"), "feedburner:origLink"))
    where = "the entry's guid" if entry.get("guidislink") else "the entry's link"
    candidates += [(address, where) for address in chosen + alternate]
    found = ((web(address, base), where) for address, where in candidates)
    return next((Fact(address, where) for address, where in found if address), None)


def _doubts(entry: Entry, address: Fact[str] | None, base: str) -> Iterator[str]:
    link = one_line(string(entry, "link")[:100])
    if link and address is None:
        yield f"the link '{link}' is no address of the web" + ("" if base else ", or relative to one that is not known")
    types = {string(item, "type") for item in entry.get("content", ()) if string(item, "value").strip()}
    unread = ", ".join(sorted(one_line(kind[:60]) for kind in types if not _READ.search(kind)))
    if unread:
        yield f"content of the type {unread} is not read"
    if entry.get("media_license"):
        yield "a licence is stated for a picture or recording (media:license), which says nothing of the text"


def _entry_language(entry: Entry, kind: str, head: Head) -> Fact[str] | None:
    given = (entry.get("language"), _detail(entry, kind).get("language"), _detail(entry, "title").get("language"))
    own = next(filter(None, map(language, given)), "")
    return fact(own, "the entry's language") or fact(language(head.fields.get("language")), "the feed's language")


def _links(entry: Entry) -> list[Entry]:
    return [link for link in entry.get("links", ()) if isinstance(link, dict)]


# --- Rights: what the feed claims. Nobody has checked it. ---


def _claims(entry: Entry, origin: Head) -> tuple[LicenceClaim, ...]:
    """The entry's own; what it does not say is said by its source or feed (RFC 4287, section 4.2.10; RFC 4946)."""
    has_link = any(link.get("rel") == "license" for link in _links(entry))
    linked = _linked_licences(entry if has_link else origin.fields, "entry" if has_link else origin.name, origin.base)
    rights = tuple(_rights(entry, "entry")) or tuple(_rights(origin.fields, origin.name))
    return (*linked, *rights)


def _linked_licences(fields: Entry, name: str, base: str) -> Iterator[LicenceClaim]:
    seen = {_UNSPECIFIED, ""}
    for link in _links(fields):
        address = web(link.get("href"), base) if link.get("rel") == "license" else ""
        if address not in seen:
            seen.add(address)
            yield LicenceClaim(licence_at(address), f"the {name}'s licence link", one_line(string(link, "title")[:200]))


def _rights(fields: Entry, name: str) -> Iterator[LicenceClaim]:
    for key in ("rights", "dcterms_license"):
        words = _line(fields, key, is_atom=False)
        if words:
            found = CREATIVE_COMMONS.search(string(fields, key))
            yield LicenceClaim(licence_at(found[0]) if found else words, f"the {name}'s rights", words)


# --- Pictures and recordings. ---


def _left_out(entry: Entry, text: markup.Text, base: str) -> tuple[LeftOut, ...]:
    found = {item.address or str(number): item for number, item in enumerate(text.left_out)}
    for item in _media(entry, base):
        found.setdefault(item.address, item)
    return tuple(found.values())


def _media_credits(entry: Entry) -> list[str]:
    return [one_line(string(item, "content")[:300]) for item in entry.get("media_credit", ())]


def _loose_credits(entry: Entry) -> list[str]:
    """Of pictures or recordings that the entry gives no address of."""
    has_media = entry.get("media_content") or any(link.get("rel") == "enclosure" for link in _links(entry))
    return [] if has_media else list(filter(None, _media_credits(entry)))


def _media(entry: Entry, base: str) -> Iterator[LeftOut]:
    """Enclosures, Media RSS and the entry's picture, each with its credit where one can be told."""
    caption = _line(entry, "media_caption", is_atom=False)
    contents = [item for item in entry.get("media_content", ()) if isinstance(item, dict)]
    credits_ = _media_credits(entry)
    paired = len(credits_) == len(contents)
    for number, item in enumerate(contents):
        credit = credits_[number] if paired else "; ".join(filter(None, credits_))
        if address := web(item.get("url"), base):
            kind = medium(string(item, "medium"), string(item, "type"), address)
            yield LeftOut(kind, address, caption if len(contents) == 1 else "", credit)
    joined = "" if contents else "; ".join(filter(None, credits_))
    for link in _links(entry):
        if link.get("rel") == "enclosure" and (address := web(link.get("href"), base)):
            yield LeftOut(medium("", string(link, "type"), address), address, "", joined)
    pictures = [item.get("url") for item in entry.get("media_thumbnail", ()) if isinstance(item, dict)]
    pictures += [image.get("href") for image in [entry.get("image")] if isinstance(image, dict)]
    for item in entry.get("content", ()):
        if address := web(item.get("src"), base):
            yield LeftOut(medium("", string(item, "type"), address), address)
    for picture in pictures:
        if address := web(picture, base):
            yield LeftOut("image", address, "", joined)
