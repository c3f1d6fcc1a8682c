"""`public/` -> whether the built site keeps the promise. It is read again from the disk; nothing of a build is used."""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path, PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from broadsheet import bill
from broadsheet.audit import credit, feeds, links, machines, media, quoting, styles
from broadsheet.audit.built import Claims, address, roots_of
from broadsheet.audit.known import Known, Words, known_text
from broadsheet.audit.surface import MOST_DEEP, Surface, is_too_deep, read_surface
from broadsheet.bill import BillError, BillItem, BillLimits
from broadsheet.build import files
from broadsheet.build.publish import MANIFEST, first_ids, manifest
from broadsheet.build.stamps import walk
from broadsheet.config import Limits
from broadsheet.fingerprint import Fingerprint, FingerprintError, load
from broadsheet.model import Kind
from broadsheet.problem import Problem
from broadsheet.words import sha256

PageCheck = Callable[[Surface, str, Claims], Iterator[Problem]]
PAGE_CHECKS: tuple[PageCheck, ...] = (
    credit.check_page,
    credit.check_entries,
    machines.check_billed,
    machines.check_robots,
    machines.check_canonical,
    machines.check_linked_data,
    media.check_page,
)
"""What is asked of every page; each looks at a page as it says itself and finds what is wrong."""
MOST_CAPTURED = 5_000_000
"""Bytes of a captured text that is looked for; a longer one is no article."""
_AGAIN = "Build the site again"
_PAGES = {".html", ".htm", ".xhtml", ".shtml"}
_DATA = {".json", ".jsonld", ".webmanifest", ".map", ".geojson"}
_NO_TEXT = set(
    ".avif .gif .gz .ico .jpeg .jpg .mp3 .mp4 .ogg .otf .pdf .png .ttf .webm .webp .woff .woff2 .zip".split()
)
_PAGE = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)\b")
_JSON_FEED = re.compile(r'\s*\{[^{}\[\]]*"version"\s*:\s*"https://jsonfeed\.org/version/')
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


class Audit(Struct, frozen=True):
    """What an audit found."""

    problems: tuple[Problem, ...]
    items: int
    files: int
    unchecked: tuple[str, ...]
    """What could not be compared, in sentences."""
    outer: Mapping[str, tuple[str, ...]]
    """By address elsewhere: the files that link there."""
    originals: frozenset[str]
    """Addresses of articles' originals."""
    url: str
    """Of the site."""


def audit(output: Path, source: Path, limits: Limits | None, progress: Callable[[str, int, int], None]) -> Audit:
    """The audit of the site in `output`.

    `source` is the site's folder, whose fingerprints and captures tell words again; `limits` are those of its
    configuration, where that can be read. Raises OSError where a folder or a captured text cannot be read.
    """
    claims = _claims(output, limits)
    if isinstance(claims, Problem):
        return Audit((claims,), 0, 0, (), {}, frozenset(), "")
    known = list(_known(source))
    words = Words(known, claims.bill.items)
    inspection = _Inspection(output, claims, words)
    problems = [*_check_whole(output, claims)]
    with _seldom_collected():
        for n, file in enumerate(sorted(claims.files), 1):
            problems += inspection.check(file)
            progress("Checking", n, len(claims.files))
    problems += inspection.web.check(inspection.text_of)
    problems += inspection.quoted.check()
    return Audit(
        tuple(sorted(set(problems))),
        len(claims.items),
        len(claims.files),
        _unchecked(claims.bill.items, words.sha256s),
        {url: tuple(sorted(places)) for url, places in inspection.web.outer.items()},
        frozenset(address(item.url, item.origin.url) for item in claims.bill.items if item.origin and item.origin.url),
        claims.bill.url,
    )


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Garbage is looked for less often: a page's many small records die by themselves, and the search took a fifth."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _claims(output: Path, limits: Limits | None) -> Claims | Problem:
    """What the output says of itself."""
    folder = output.absolute().name
    read = _bill(output, folder)
    if isinstance(read, Problem):
        return read
    url = read.url
    claims = Claims(
        bill=read,
        items={},
        limits=_as_bill(limits) if limits else read.limits,
        files=frozenset(name for name, is_link in _files(output) if not is_link),
        ids=first_ids(output),
        folder=folder,
        roots=roots_of(url),
    )
    items = {file: item for item in read.items if (file := claims.page_of(item))}
    summaries: dict[str, tuple[str, ...]] = {}
    for file, item in items.items():
        if item.summary:
            summaries[item.summary] = (*summaries.get(item.summary, ()), file)
    pictures = {claims.file_of(address(url, it.picture.url)) or it.picture.url: it for it in read.items if it.picture}
    front = _read(output / "index.html") if "index.html" in claims.files else b""
    text = front.decode("utf-8", "replace") if isinstance(front, bytes) else ""
    common = {said.text for said in read_surface("index.html", url, "" if is_too_deep(text) else text).said}
    by_id = {item.id: item for item in read.items}
    return replace(claims, items=items, by_id=by_id, summaries=summaries, pictures=pictures, common=frozenset(common))


def _bill(output: Path, folder: str) -> bill.Bill | Problem:
    place = f"{folder}{bill.ADDRESS}"
    try:
        read = bill.load((output / bill.ADDRESS[1:]).read_bytes())
    except FileNotFoundError:
        message = f"there is no {output / bill.ADDRESS[1:]}, in which a built site says what it shows"
        return Problem(place, 1, 1, "audit/no-bill", message, "Build the site first, or name its folder with --output")
    except BillError as error:
        message = f"the bill of materials cannot be read: {error}"
        return Problem(place, 1, 1, "audit/no-bill", message, _AGAIN)
    if read.version != bill.VERSION:
        message = f"the bill of materials is of version {read.version}, and {bill.VERSION} is read here"
        return Problem(place, 1, 1, "audit/no-bill", message, _AGAIN)
    if not read.url.endswith("/"):
        message = f"the bill of materials is of '{read.url[:80]}', which is no folder of a site"
        return Problem(place, 1, 1, "audit/no-bill", message, _AGAIN)
    return read


def _files(output: Path) -> Iterator[tuple[str, bool]]:
    """(path, whether it is a link) of all in the output, also behind a link that the output is; no version history."""
    root = output.resolve()
    for path, stamp in walk(root.parent, root.name, hidden=True):
        name = path.removeprefix(f"{root.name}/")
        if not name.startswith(".git/"):
            yield name, stamp is None


def _as_bill(limits: Limits) -> BillLimits:
    return BillLimits(
        words=limits.words, characters=limits.characters, share=limits.share, paragraphs=limits.paragraphs
    )


def _check_whole(output: Path, claims: Claims) -> Iterator[Problem]:
    """What is wrong with the output as a whole: what should be there and is not, and what should not."""
    if not manifest(output):
        message = "there is no manifest that can be read, so nothing says which ids the items of feeds had"
        yield claims.problem(MANIFEST, "", "", "audit/no-manifest", message, "Build the site again where it was built")
    for name, is_link in _files(output):
        if is_link:
            message = "a symbolic link, behind which may be anything, and not the same wherever the site goes"
            yield claims.problem(name, "", "", "audit/symlink", message, "Put the file itself there, or remove it")
    pages = Counter(claims.page_of(item) for item in claims.bill.items)
    for item in claims.bill.items:
        page = claims.page_of(item)
        if page not in claims.files or pages[page] > 1:
            fault = "names it more than once" if pages[page] > 1 else "names it, and it is not there"
            message = f"of the page of '{item.title[:80]}', {page or item.url}: the bill of materials {fault}"
            yield claims.problem("rights.json", "", "", "audit/page-missing", message, _AGAIN)
    yield from feeds.check_ids(claims)
    yield from media.check_pictures(claims)


def _read(file: Path) -> bytes | OSError:
    try:
        return file.read_bytes()
    except OSError as error:
        return error


class _Inspection:
    """One look at every file of an output."""

    def __init__(self, output: Path, claims: Claims, words: Words) -> None:
        self.quoted = quoting.Quoted(words, claims)
        self.web = links.Web(claims)
        self._output, self._claims = output, claims
        self.text_of = lru_cache(maxsize=1)(self._text_of)
        self._rules_at = lru_cache(maxsize=64)(self._rules)

    def check(self, file: str) -> Iterator[Problem]:
        """One file, by what it is."""
        if file == MANIFEST:
            return
        data = _read(self._output / file)
        if isinstance(data, OSError):
            yield files.unreadable(f"{self._claims.folder}/{file}", data)
            return
        suffix = PurePosixPath(file).suffix.lower()
        if suffix in _NO_TEXT or _is_binary(data):
            yield from media.check_picture(file, data, self._claims)
            return
        text, is_utf_8 = _decoded(data)
        if suffix in _PAGES or _PAGE.match(text):
            yield from self._check_page(file, text, is_utf_8)
        elif suffix not in _DATA and _FEED.search(text, 0, 2_000):
            yield from feeds.check(file, data, text, self._claims, self.quoted)
        elif suffix == ".json" and _JSON_FEED.match(text):
            yield from feeds.check_json(file, text, self._claims, self.quoted)
        else:
            yield from self._check_other(file, suffix, text)

    def _check_page(self, file: str, text: str, is_utf_8: bool) -> Iterator[Problem]:
        claims = self._claims
        if not is_utf_8:
            message = "the page is not UTF-8, as all are that Broadsheet writes"
            at = next((n for n, sign in enumerate(text) if sign == "\ufffd"), 0)
            yield claims.problem_at(file, text, at, "audit/not-utf-8", message, _AGAIN)
        if is_too_deep(text):
            message = f"more than {MOST_DEEP} elements stand within each other, so the page was not read"
            yield claims.problem(file, text, "", "audit/too-deep", message, "Look at the theme")
            return
        surface = read_surface(file, claims.url_of(file), text, self._article_at, self._rules_at)
        yield from self.web.take(surface, text)
        for check in PAGE_CHECKS:
            yield from check(surface, text, claims)
        yield from self.quoted.take(surface, text, claims.items.get(file))

    def _check_other(self, file: str, suffix: str, text: str) -> Iterator[Problem]:
        claims = self._claims
        if suffix == ".css":
            yield from media.check_style_sheet(file, text, claims)
            self.web.add(file, claims.url_of(file), styles.loaded(text))
        if suffix == ".svg" and not is_too_deep(text):
            surface = read_surface(file, claims.url_of(file), text)
            yield from media.check_surface(surface, text, claims, None)
            yield from self.quoted.take(surface, text, None)
        else:
            texts = quoting.texts_in(text) if suffix in _DATA else [text]
            yield from self.quoted.take_text(file, texts, text)

    def _article_at(self, url: str) -> str | None:
        file = self._claims.file_of(url)
        return file if file in self._claims.items else None

    def _rules(self, url: str) -> tuple[styles.Rule, ...]:
        """What the style sheet at an address hides and shows."""
        file = self._claims.file_of(url)
        return styles.deciding(self._text_of(file)) if file in self._claims.files else ()

    def _text_of(self, file: str | None) -> str:
        data = _read(self._output / (file or ""))
        return _decoded(data)[0] if isinstance(data, bytes) else ""


def _is_binary(data: bytes) -> bool:
    return b"\0" in data[:1024] and not data.startswith((b"\xff\xfe", b"\xfe\xff"))


def _decoded(data: bytes) -> tuple[str, bool]:
    """A file's text, and whether it is UTF-8, as everything that a build writes."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding), encoding != "utf-16"
    except UnicodeDecodeError:
        return data.decode(encoding if encoding == "utf-16" else "cp1252", "replace"), False


def _known(source: Path) -> Iterator[Known]:
    """All captured texts, as far as they are at hand: whole in `.captures/`, else as fingerprints beside articles."""
    stored = {it.sha256: it for it in _fingerprints(source)}
    for path, stamp in walk(source, files.CAPTURES, hidden=True):
        file = source / path
        if path.endswith(".txt") and stamp is not None and file.stat().st_size <= MOST_CAPTURED:
            text = file.read_text("utf-8", "replace")
            yield known_text(text, stored.pop(sha256(text), None))
    yield from (Known(it.sha256, it.runs) for it in stored.values())


def _fingerprints(source: Path) -> Iterator[Fingerprint]:
    """Those that lie beside the site's articles; what is none is a matter of the build."""
    for path, stamp in walk(source, "content"):
        if path.endswith(files.FINGERPRINT) and stamp is not None:
            try:
                yield load((source / path).read_bytes())
            except FingerprintError:
                continue


def _unchecked(items: Iterable[BillItem], known: frozenset[str]) -> tuple[str, ...]:
    """What rests on the curator's word alone, or on the build's."""
    said = []
    for item in items:
        is_known = item.retrieved is not None and item.retrieved.sha256 in known
        if item.proof is None:
            continue
        if item.kind is Kind.FULL and not item.proof.verbatim:
            said.append(f"{item.url}: the reprint was not compared with its original: it is not the text captured")
        elif item.kind is not Kind.FULL and not is_known and item.proof.fingerprinted:
            said.append(f"{item.url}: the fingerprint of its original is not here, so copied words were not looked for")
        elif item.kind is not Kind.FULL and not is_known:
            said.append(f"{item.url}: no fingerprint of its original, so copied words were not looked for")
    return tuple(said)
