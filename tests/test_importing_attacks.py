"""What hostile outlets, careless hands and bad luck do to an import: it writes no more than it may, and does not break.

The gate is the last to ask, and it sees an article alone; whose words they are and where they came from, only the
import sees. Larger public collections of hostile strings are run beside the project.
"""

from __future__ import annotations

import fcntl
import html
import json
import os
import re
import string
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from msgspec.structs import replace

from broadsheet.importing.captures import Kept
from broadsheet.importing.importer import slugs
from broadsheet.importing.proposal import OWN_WORDS, QUOTATION
from broadsheet.network import fetch
from broadsheet.network.limits import USUAL
from broadsheet.slug import is_slug
from tests.bad_server import answer, serving
from tests.making import NOW, Site
from tests.test_hostile import STRINGS, faults, linked_data

FIRST = "The river rose by two feet in the night, and the lower town was under water by noon on Sunday."
SECOND = "Nobody was hurt, said the harbour master, who had counted boats and people twice before breakfast."
PAGE = """<!doctype html><html lang="en"><head><title>A moon of another kind</title>
<link rel="canonical" href="https://www.nasa.gov/moons/another-kind"><meta property="og:site_name" content="NASA">
<meta property="article:published_time" content="2024-03-06T15:00:00Z"><meta name="author" content="Ada Fathom"></head>
<body><article><h1>A moon of another kind</h1><p>{first}</p><p>{second}</p></article></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>NASA</title><link>https://www.nasa.gov/</link>
<item><title>A moon of another kind</title><link>https://www.nasa.gov/moons/another-kind</link>
<dc:creator>Ada Fathom</dc:creator><pubDate>Wed, 06 Mar 2024 15:00:00 GMT</pubDate>
<content:encoded>&lt;p&gt;{first}&lt;/p&gt;&lt;p&gt;{second}&lt;/p&gt;</content:encoded></item></channel></rss>"""
TEXT = "Title: {title}\nBy Ada Fathom\nDate: 2024-03-06\nSource: {url}\n\n{body}\n"
MOON = "content/articles/2026/11/a-moon-of-another-kind.md"


def text(folder: Path, body: str = f"{FIRST}\n\n{SECOND}", name: str = "moon.txt", **fields: str) -> Path:
    """A file with an article of ours."""
    given = {"title": "A moon of another kind", "url": "https://www.nasa.gov/moons/another-kind", **fields}
    file = folder / name
    file.write_text(TEXT.format(body=body, **given), encoding="utf-8")
    return file


def take(site: Site, *arguments: str | Path) -> tuple[int, str]:
    """Import; the exit code and all that is printed."""
    result = site.run("import", "--now", NOW, *map(str, arguments))
    assert "Traceback" not in result.err
    return result.code, result.out + result.err


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between requests."""
    monkeypatch.setattr(fetch, "Fetcher", partial(fetch.Fetcher, limits=replace(USUAL, pause=0.0)))


# --- Whose words they are. ---


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("form", "media_type"), [(PAGE, "text/html"), (FEED, "application/rss+xml")])
def test_what_comes_from_a_stranger_is_no_publishers(form: str, media_type: str, site: Site) -> None:
    """A page or a feed may name another's address as its own: no reprint is made of it unless the curator says so."""
    with serving() as web:
        body = form.format(first=FIRST, second=SECOND).encode()
        web.does("/moon", answer(200, f"Content-Type: {media_type}", body=body))
        address = web.url("/moon", "localhost")
        code, said = take(site, "--allow-private", address)
        assert code == 0
        assert "import/elsewhere: it came from localhost" in said
        assert "Is it the text of 'nasa'? It came from localhost" in said
        article = (site.root / MOON).read_text(encoding="utf-8")
        assert "\nkind: excerpt\n" in article
        assert SECOND not in article
        (site.root / MOON).unlink()
        assert "in full; licence" in take(site, "--allow-private", "--publisher", "nasa", address)[1]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("flags", [[], ["--publisher", "nasa"]])
def test_an_article_does_not_follow_a_stranger(flags: list[str], site: Site, tmp_path: Path) -> None:
    """With `--update`, words from elsewhere under an article's address change it on the curator's word only."""
    assert take(site, "--publisher", "nasa", text(tmp_path))[0] == 0
    before = (site.root / MOON).read_bytes()
    with serving() as web:
        body = PAGE.format(first="The moon is made of cheese, and can be bought from us by weight.", second=FIRST)
        web.does("/moon", answer(200, "Content-Type: text/html", body=body.encode()))
        code, said = take(site, "--allow-private", "--update", *flags, web.url("/moon", "localhost"))
    assert code == 0
    assert ((site.root / MOON).read_bytes() == before) == (not flags)
    assert ("what localhost has of it says nothing of the original" in said) == (not flags)


# --- How much of them. ---


def words() -> Iterator[str]:
    """Words that are nowhere else, ever more."""
    return (f"Q{''.join(letters)}q" for letters in product(string.ascii_lowercase, repeat=3))


def some(many: int, of: Iterator[str]) -> str:
    return " ".join(next(of) for _ in range(many))


def with_long(field: str, of: Iterator[str]) -> str:
    """A page of 300 words, with many more in one field of it."""
    head = {
        "site": f'<meta property="og:site_name" content="{some(150, of)}">',
        "description": f'<meta name="description" content="{some(300, of)}">',
        "authors": "".join(f'<meta name="author" content="{some(4, of)}">' for _ in range(60)),
        "licences": "".join(
            f'<link rel="license" href="https://x.example/{some(30, of).replace(" ", "/")}">' for _ in range(20)
        ),
    }
    body = {
        "credits": "".join(f"<p>© {some(40, of)}</p>" for _ in range(10)),
        "headings": "".join(f"<h2>{some(15, of)}.</h2>" for _ in range(20)),
        "lists": "<ul>" + "".join(f"<li>{some(15, of)}.</li>" for _ in range(20)) + "</ul>",
        "a sentence": f"<p>{some(400, of)}.</p>",
        "no sentence": f"<p>{some(400, of)}</p>",
        "quotations": f"<blockquote><p>“{some(100, of)} “{some(100, of)}” {some(20, of)}.”</p></blockquote>",
        "pictures": "".join(
            f'<figure><img src="{n}.jpg" alt="{some(20, of)}"><figcaption>Photo: {some(20, of)}</figcaption></figure>'
            for n in range(20)
        ),
    }
    rest = "".join(f"<p>{some(15, of)}.</p>" for _ in range(20))
    inner = rest + body[field] if field == "credits" else body.get(field, "") + rest
    return (
        f'<!doctype html><html lang="en"><head><title>A headline of ours</title>{head.get(field, "")}</head>'
        f"<body><article><h1>A headline of ours</h1>{inner}</article></body></html>"
    )


FIELDS = "site description authors licences credits headings lists quotations pictures".split()


@pytest.mark.parametrize("field", [*FIELDS, "a sentence", "no sentence"])
def test_no_field_carries_a_text(field: str, site: Site, tmp_path: Path) -> None:
    """Wherever the words stand of a work that may not be reprinted, a quotation's worth is written, and a name's."""
    file = tmp_path / "page.html"
    file.write_text(with_long(field, words()), encoding="utf-8")
    assert take(site, file)[0] == 0
    kept = [path for path in site.root.rglob("*") if path.is_file() and ".captures" not in path.parts]
    said = {word for path in kept for word in re.findall(r"Q[a-z]{3}q", path.read_text(encoding="utf-8"))}
    assert len(said) <= 60


def test_a_headline_is_no_text(site: Site, tmp_path: Path) -> None:
    """One of 300 words is refused, and no word of it is printed or written."""
    file = text(tmp_path, title=some(300, words()))
    code, said = take(site, file)
    assert (code, "import/no-title" in said, "Qaabq" in said) == (3, True, False)
    assert not (site.root / "content").exists()


def test_quoting_all_of_it_is_refused(site: Site, tmp_path: Path) -> None:
    """What `--quote` names is within the caps, or nothing is written."""
    code, said = take(site, "--quote", f"{FIRST} {SECOND}", text(tmp_path, url="https://gazette.example/1"))
    assert (code, "rights/excerpt-share" in said) == (3, True)
    assert not (site.root / "content").exists()


def test_what_no_build_reads_is_not_written(site: Site, tmp_path: Path) -> None:
    """What an option puts into a field may be more than the field holds."""
    code, said = take(site, "--publisher", "x" * 1_001, text(tmp_path, url="unknown"))
    assert (code, "import/not-readable" in said, (site.root / "content").exists()) == (3, True, False)


# --- Hostile strings. ---


def test_hostile_strings_arrive_as_text(site: Site, tmp_path: Path) -> None:
    """Each in every field of text, page and feeds: reports are clean, and what is written builds into good pages."""
    folder = tmp_path / "in"
    folder.mkdir()
    for n, hostile in enumerate(filter(str.strip, STRINGS)):
        for name, content in hostile_files(hostile, n):
            (folder / name).write_bytes(content.encode(errors="replace"))
    code, said = take(site, "--verbose", folder)
    assert code in (0, 3)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", said)
    data = site.run("import", "--now", NOW, "--dry-run", "--format", "json", str(folder))
    assert {item["state"] for item in json.loads(data.out)} <= {"same", "refused", "empty", "new"}
    articles = list(site.root.glob("content/articles/*/*/*.md"))
    assert len(articles) > len(STRINGS)
    for path in articles:
        path.write_text(finished(path.read_text(encoding="utf-8")), encoding="utf-8")
    built = site.build("--keep-going")
    assert "Traceback" not in built.err
    assert set(re.findall(r": (\w+)/[a-z-]+:", built.err)) <= {"rights", "site"}
    assert "site/address-taken" not in built.err
    for page in site.public.rglob("*.html"):
        shown = page.read_text(encoding="utf-8")
        assert faults(shown) == [], page
        assert json.loads(linked_data(shown) or "{}") is not None


def hostile_files(raw: str, n: int) -> Iterator[tuple[str, str]]:
    """(name, content) of a text, a page, and feeds of three kinds, with the string in every field."""
    address, said, xml, quoted = f"https://www.voanews.com/a/{n}", html.escape(raw), escape(raw), quoteattr(raw)
    header = f"Title: {raw}\nBy {raw}\nDate: 2024-03-06\nSource: {address}.txt\n\n{FIRST}"
    yield f"{n}.txt", f"{header} {n}\n\n{raw}\n\n{SECOND}\n\n© {raw}\n"
    data = json.dumps({"@type": "NewsArticle", "headline": raw, "author": {"name": raw}, "license": raw, "url": raw})
    yield f"{n}.html", PAGE_OF.format(said=said, raw=raw, data=data.replace("</", "<\\/"), first=f"{FIRST} {n}")
    yield f"{n}.rss", RSS_OF.format(xml=xml, quoted=quoted, address=address)
    yield f"{n}.atom", ATOM_OF.format(xml=xml, quoted=quoted)
    item = {"id": raw, "url": f"{address}.json", "title": raw, "content_html": f"<p>{FIRST} {n}j</p>{raw}"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": raw, "items": [item | {"authors": [{"name": raw}]}]}
    yield f"{n}.json", json.dumps(feed)


PAGE_OF = """<!doctype html><html lang="{said}"><title>{said}</title><link rel=canonical href="{said}">
<link rel=license href="{said}"><meta name=author content="{said}"><meta property=og:site_name content="{said}">
<script type="application/ld+json">{data}</script><article><h1>{said}</h1><p>{first}</p><p>{raw}</p>
<figure><img src="{said}" alt="{said}"><figcaption>Photo: {said}</figcaption></figure>
<p><a href="{said}">{said}</a></p><pre>{said}</pre></article></html>"""
RSS_OF = """<rss version="2.0"><channel><title>{xml}</title><link>{xml}</link><copyright>{xml}</copyright>
<item><title>{xml}</title><link>{address}.rss</link><guid>{xml}</guid><author>{xml}</author>
<description>{xml}</description><enclosure url={quoted} type={quoted} length={quoted}/></item></channel></rss>"""
ATOM_OF = """<feed xmlns="http://www.w3.org/2005/Atom"><title>{xml}</title><entry><id>{xml}</id>
<title type="html">{xml}</title><link href={quoted}/><updated>{xml}</updated><content type="html">{xml}</content>
</entry></feed>"""


def finished(article: str) -> str:
    """The article as a curator in a hurry leaves it."""
    for old, new in (
        ("\ndraft: true\n", "\n"),
        ("  publisher: unknown\n", "  publisher: The Harbour Gazette\n"),
        ("  authors: []\n", "  authors: [Ada Fathom]\n"),
        (OWN_WORDS, "Written by us, in some words."),
        (QUOTATION, "under water by noon"),
    ):
        article = article.replace(old, new)
    return article


def test_a_long_name_with_a_number_is_a_slug() -> None:
    """Articles of one long headline would have one address if the number were cut off."""
    names = [name for _, name in zip(range(12), slugs("a" * 119 + "é"), strict=False)]
    assert all(map(is_slug, names[1:]))
    assert len(set(names)) == len(names)


# --- Bad luck and careless hands. ---


@pytest.mark.parametrize("link", [".captures", "content", "content/articles/2026"])
def test_nothing_is_written_through_a_link(link: str, site: Site, tmp_path: Path) -> None:
    """A folder that is a link may lead anywhere."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (site.root / link).parent.mkdir(parents=True, exist_ok=True)
    (site.root / link).symlink_to(outside)
    code, said = take(site, "--publisher", "nasa", text(tmp_path))
    assert (code, "import/unwritable" in said, list(outside.iterdir())) == (3, True, [])


def test_what_cannot_be_written_does_not_stop_the_rest(site: Site, tmp_path: Path) -> None:
    """Where a file of the import is in the way as a folder, the item waits, and comes when the way is free."""
    file, other = text(tmp_path), text(tmp_path, SECOND, "other.txt", title="Another", url="https://www.nasa.gov/2")
    assert take(site, "--publisher", "nasa", file)[0] == 0
    (capture,) = (site.root / ".captures").glob("*.txt")
    (site.root / MOON).unlink()
    capture.unlink()
    capture.mkdir()
    code, said = take(site, "--publisher", "nasa", file, other)
    assert (code, "import/unwritable" in said) == (3, True)
    assert [path.name for path in site.root.glob("content/**/*.md")] == ["another.md"]
    capture.rmdir()
    assert take(site, "--publisher", "nasa", file)[0] == 0


DAMAGE = {
    "gone": None,
    "cut short": '{"name": "moon.txt", "url": nul',
    "another form": '{"written": 3}',
    "no front matter": json.dumps({**dict.fromkeys(Kept.__slots__, ""), "written": "Words."}),
    "no text": json.dumps({**dict.fromkeys(Kept.__slots__, ""), "written": "\ud800"}),
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_captures_are_none(damage: str, site: Site, tmp_path: Path) -> None:
    """What the importer wrote last time is then not known: only what was measured follows, or a text left as it was."""
    assert take(site, "--publisher", "nasa", text(tmp_path))[0] == 0
    content = DAMAGE[damage]
    for path in (site.root / ".captures").glob("*.json"):
        path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    changed = text(tmp_path, f"{FIRST}\n\n{SECOND}\n\nThe coots were quiet.")
    code, said = take(site, "--publisher", "nasa", "--update", changed)
    assert (code, "followed      retrieved.sha256, retrieved.words, text" in said) == (0, True)
    assert "here already" in take(site, "--publisher", "nasa", "--update", changed)[1]


def test_a_lost_fingerprint_comes_back_with_an_update(site: Site, tmp_path: Path) -> None:
    """Without it no build sees what is copied; the same text makes the same one."""
    file = text(tmp_path, url="https://gazette.example/1")
    assert take(site, file)[0] == 0
    stored = (site.root / MOON).with_suffix(".fingerprint")
    before = stored.read_bytes()
    stored.unlink()
    assert take(site, "--update", file)[0] == 0
    assert stored.read_bytes() == before
    assert "here already" in take(site, "--update", file)[1]


def test_a_text_waits_for_its_broken_article(site: Site, tmp_path: Path) -> None:
    """It may be withdrawn, or published: while its file cannot be read, the text does not come in a second time."""
    file = text(tmp_path)
    assert take(site, "--publisher", "nasa", file)[0] == 0
    whole = (site.root / MOON).read_text(encoding="utf-8")
    (site.root / MOON).write_text(whole.replace("title:", "title: ["), encoding="utf-8")
    code, said = take(site, "--publisher", "nasa", file)
    assert (code, "import/article-unreadable" in said, MOON in said) == (3, True, True)
    assert len(list(site.root.glob("content/**/*.md"))) == 1


def test_one_import_at_a_time(site: Site, tmp_path: Path) -> None:
    """Two would give two articles one name, or take one text in twice."""
    handle = os.open(site.root, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    code, said = take(site, text(tmp_path))
    os.close(handle)
    assert (code, "Another import" in said, (site.root / "content").exists()) == (2, True, False)
    assert take(site, text(tmp_path))[0] == 0


def test_what_belongs_to_a_saved_page_is_no_article(site: Site, tmp_path: Path) -> None:
    """Browsers put a page's frames and programs into a folder beside it; other folders are gone through."""
    folder = tmp_path / "in"
    for inner in ("moon_files", "notes_files"):
        (folder / inner).mkdir(parents=True)
        text(
            folder / inner,
            name="frame.txt",
            title=f"Of {inner}",
            body=f"{FIRST} {inner}",
            url=f"https://x.example/{inner}",
        )
    (folder / "moon.html").write_text(PAGE.format(first=FIRST, second=SECOND), encoding="utf-8")
    assert take(site, folder)[0] == 0
    assert sorted(path.stem for path in site.root.glob("content/**/*.md")) == [
        "a-moon-of-another-kind",
        "of-notes-files",
    ]


def test_an_option_moves_no_cursor(site: Site, tmp_path: Path) -> None:
    """What was typed is printed again without its control characters."""
    code, said = take(site, "--licence", "CC\x1b[2J", text(tmp_path))
    assert (code, "\x1b" in said) == (2, False)


def test_an_empty_name_is_not_the_folder_one_is_in(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes of a variable that a shell does not know, and would take in all that lies about."""
    text(tmp_path)
    monkeypatch.chdir(tmp_path)
    code, said = take(site, "")
    assert (code, "import/unreadable" in said, (site.root / "content").exists()) == (3, True, False)
