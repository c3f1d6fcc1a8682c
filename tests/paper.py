"""A small digest with one of everything, and what can be done to it: the tests of the engine build it all the time.

All words are invented.
"""

from __future__ import annotations

import json
import random
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from broadsheet.fingerprint import dump, fingerprint
from broadsheet.words import count_words, sha256
from tests.making import captured

GOLDEN = Path(__file__).parent / "golden" / "site"
PICTURE = (GOLDEN / "content/articles/2024/05/gauge.png").read_bytes()
INSTANTS = (
    "2026-11-21T12:00:00Z",
    "2024-03-02T08:00:00Z",
    "2026-11-21T11:59:59Z",
    "2026-12-01T08:00:00Z",
    "2026-12-14T23:59:59Z",
    "2026-12-15T00:00:00Z",
    "2027-06-30T00:00:00Z",
)
"""For the clock, and dates for articles: so each is at times the very instant of a build. The first is when all begins.
The two in December stand round the day on which evidence becomes too old, where `rights.evidence_days` is 60."""
NAMES = ("anchor", "beacon", "cistern", "dovecot", "esker", "furrow", "granary", "hedgerow", "inlet", "jetty")
TOPICS = ("Weather", "Ports", "Städte", "Schools", "Water & Mills", "Trade")
SENTENCES = (
    "The upper weir stood open until noon.",
    "Nobody in the square had counted the lanterns before.",
    "A second ferry was promised for the spring.",
    "The millers keep their own calendar, and it is late.",
    "Two of the three bells were rung by hand.",
    "What the council bought was mostly rope.",
)
EVIDENCE = [
    {"certainty": "read-at-source", "read": "2026-10-15", "url": "https://herald.example/terms", "clause": "You may."}
]
HERALD = {
    "name": "Lower Town Herald",
    "home": "https://herald.example/",
    "credit": "The Lower Town Herald, herald.example",
    "terms": [{"licence": "LicenseRef-Herald", "kinds": ["full", "excerpt", "link"], "conditions": ["no-edits"]}],
    "evidence": EVIDENCE,
}
LICENCE = {
    "name": "The Herald's terms",
    "statement": "Reprint it unedited",
    "permits": ["Reproduction", "Distribution"],
}
CONFIG: dict[str, object] = {
    "title": "The Weir Paper",
    "base_url": "https://weir.example/paper/",
    "licence": "CC-BY-4.0",
    "theme": "probe",
    "theme_options": {"greeting": "Good day"},
    "page_size": 3,
    "feeds": {"size": 4},
    "rights": {"excerpt_words": 40},
    "publishers": {"herald": HERALD},
    "licences": {"LicenseRef-Herald": LICENCE},
}
SETTINGS: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("title", ("The Weir Paper", "The Other Paper", "Papier & Ink")),
    ("description", (None, "What the river says", "What the river said")),
    ("base_url", ("https://weir.example/paper/", "https://weir.example/", "https://other.example/a/b/")),
    ("language", (None, "de", "fr")),
    ("editor", (None, "Grace Editor", "Hal Editor")),
    ("email", (None, "desk@weir.example")),
    ("licence", ("CC-BY-4.0", "CC-BY-SA-4.0", None)),
    ("theme_options", ({"greeting": "Good day"}, {"greeting": "Good night"}, None)),
    ("page_size", (3, 2, 20)),
    (
        "feeds",
        (
            {"size": 4},
            {"size": 1, "archives": "all"},
            {"size": 20, "formats": ["rss"]},
            {"size": 2, "formats": ["json", "rss"], "content": "summary"},
            {"size": 2, "link": "origin", "archives": "none", "hub": "https://hub.example/"},
        ),
    ),
    ("navigation", (None, [{"title": "About", "address": "/about/"}], [{"title": "Front", "address": "/"}])),
    ("reservation", (None, {"prohibits": ["ai-train"], "permits": ["search"]}, {"prohibits": ["all"]})),
    (
        "rights",
        (
            {"excerpt_words": 40},
            {"excerpt_words": 60, "headline_words": 2},
            {"evidence_days": 60},
            {"profile": "eu", "excerpt_words": 40},
            {"excerpts_per_day": 1},
            {"excerpt_words": 5},
        ),
    ),
    (
        "publishers",
        (
            {"herald": HERALD},
            {"herald": {**HERALD, "name": "Lower Town Herald and Gazette"}},
            {"herald": {**HERALD, "index": "no"}},
            {
                "herald": {
                    **HERALD,
                    "terms": [{**HERALD["terms"][0], "delay_days": 3, "tagline": "First in the Herald."}],
                }
            },  # type: ignore[index]
            {"herald": HERALD, "daily": {**HERALD, "name": "The Daily Unknown", "home": "https://daily.example/"}},
        ),
    ),
    (
        "licences",
        (
            {"LicenseRef-Herald": LICENCE},
            {"LicenseRef-Herald": {**LICENCE, "statement": "Reprint it as it is"}},
            {"LicenseRef-Herald": {**LICENCE, "prohibits": ["CommercialUse"]}},
        ),
    ),
)
"""Keys of config.yaml and what they are set to; None leaves one out. With some the gate refuses what it let through."""
_SIGN = "{% macro sign(n) %}signed {{ n }}{% endmacro %}"
_MARKED = "{% extends 'theme/article.html' %}{% block own %}{% include 'mark.html' %}{% endblock %}"
_LISTING = "{% extends 'base.html' %}"
TEMPLATES: tuple[tuple[str, tuple[str | None, ...]], ...] = (
    ("templates/404.html", (None, "Lost: {{ site.title }}", "{% include 'mark.html' %}{% include 'theme/404.html' %}")),
    ("templates/article.html", (None, _MARKED)),
    ("templates/mark.html", ("one mark", "another mark", "{% from 'sign.html' import sign %}{{ sign(3) }}")),
    ("templates/banner.html", (None, "a banner", "no banner")),
    ("templates/mood-Good night.html", (None, "a mood of its own")),
    ("templates/sign.html", (_SIGN, _SIGN.replace("signed", "sealed"))),
    ("themes/probe/templates/foot.html", ("{% from 'sign.html' import sign %}{{ sign(1) }}", "a plain foot")),
    ("themes/probe/templates/sign.html", (_SIGN.replace("signed", "themed"),)),
    ("themes/probe/templates/mood.html", ("any mood", "another mood")),
    ("themes/probe/templates/listing.html", (_LISTING, _LISTING + "{% block more %}listed{% endblock %}")),
    ("themes/probe/theme.yaml", (
        "name: Probe\noptions: {greeting: {default: Hello, help: What the foot says}}\n",
        "name: Probe\noptions: {greeting: {default: Servus, help: What the foot says}}\n",
        "name: Probe\nparent: default\noptions: {greeting: {default: Hello, help: What the foot says}}\n",
    )),
    ("themes/probe/static/probe.css", ("/* probe */", "/* a probe */", "/* probe again */")),
    ("themes/probe/static/deep/ruler.svg", (None, "<svg xmlns='http://www.w3.org/2000/svg'/>")),
)  # fmt: skip
"""Files of the theme and the site's own templates, and what stands in them; None where there is no such file. Some are
reached through another only, some by a name that is made while rendering, some are not there until they are."""
BASE = """{{ option.greeting }} {{ asset("probe.css") }}
{{ page }}
{% block more %}{% endblock %}{% block own %}{% endblock %}
{% include "foot.html" %}
{% include "banner.html" ignore missing %}
{% include ["mood-" ~ option.greeting ~ ".html", "mood.html"] %}
{{ site.title }}
"""
_NO_IMAGE = "image: {file: none.png, alt: None, creator: A, credit: A, licence: CC-BY-4.0}\n---\n\nText.\n"
_OWN = "---\ntitle: A\ndate: 2024-01-01\nkind: own\n"
MISTAKES: tuple[tuple[str, str, str | bytes], ...] = (
    ("a front matter that is no YAML", "content/articles/2026/broken.md", "---\ntitle: [\n---\n\nText.\n"),
    ("an unknown key", "content/articles/2026/broken.md", _OWN + "tittle: B\n---\n\nText.\n"),
    ("an excerpt that is none", "content/articles/2026/broken.md", _OWN.replace("own", "excerpt") + "---\n\nText.\n"),
    ("an address that is taken", "content/pages/topics.md", "---\ntitle: Topics\n---\n\nText.\n"),
    ("a page of the name of another's alias", "content/pages/who.md", "---\ntitle: Who\n---\n\nText.\n"),
    ("a picture that is not there", "content/articles/2026/broken.md", _OWN + _NO_IMAGE),
    ("a file that is not UTF-8", "content/pages/broken.md", b"---\ntitle: \xff\n---\n"),
    ("a file that is misplaced", "content/broken.md", "---\ntitle: A\n---\n"),
    ("a fingerprint without its article", "content/articles/2026/broken.fingerprint", "{}"),
    ("a file in a page's place", "static/index.html", "mine"),
    ("a setting that there is not", "config.yaml", "title: A\nbase_url: https://weir.example/\ncolour: red\n"),
    ("a configuration that is no YAML", "config.yaml", "title: ["),
    ("a theme that there is not", "config.yaml", "title: A\nbase_url: https://weir.example/\ntheme: prob\n"),
    ("a mistake in a template", "templates/404.html", "{% if %}"),
    ("a name that a template does not know", "themes/probe/templates/foot.html", "{{ nothing }}"),
    ("a macro that is not there", "themes/probe/templates/foot.html", "{% from 'sign.html' import no %}{{ no(1) }}"),
    ("a template that does not show the credit", "templates/article.html", "Nothing."),
    ("a theme.yaml that is no YAML", "themes/probe/theme.yaml", "name: ["),
)  # fmt: skip
"""(what it is, file, what stands in it): with each the build fails, or leaves something out."""
FOREIGN = ("CNAME", "notes/mine.txt", "2024/03/mine.txt")
"""Files in the output that somebody else put there."""


@dataclass(frozen=True)
class Paper:
    """The digest in its folder. The files are all there is: what is done is done to them."""

    root: Path

    @property
    def public(self) -> Path:
        """The output."""
        return self.root / "public"

    def write(self, path: str, content: str | bytes | None) -> None:
        """Write a file; None removes it, and the folder that it leaves empty."""
        file = self.root / path
        if content is None:
            file.unlink(missing_ok=True)
            if file.parent.is_dir() and not any(file.parent.iterdir()):
                file.parent.rmdir()
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())

    def articles(self) -> list[str]:
        """The paths of the articles, in order."""
        return self._well_made("content/articles/**/*.md")

    def pages(self) -> list[str]:
        """The paths of the pages, in order."""
        return self._well_made("content/pages/*.md")

    def _well_made(self, pattern: str) -> list[str]:
        """Those that are no mistakes, of which the front matter could not be read here."""
        wrong = {path for _, path, _ in MISTAKES}
        return sorted({p.relative_to(self.root).as_posix() for p in self.root.glob(pattern)} - wrong)

    def matter(self, path: str) -> dict[str, object]:
        """The front matter of an article or a page."""
        lines = (self.root / path).read_text().split("---\n")[1].splitlines()
        return {key: json.loads(value) for key, _, value in (line.partition(": ") for line in lines)}

    def body(self, path: str) -> str:
        """The text of an article or a page."""
        return (self.root / path).read_text().split("---\n\n", 1)[1].removesuffix("\n")

    def change(self, path: str, *, body: str | None = None, **fields: object) -> None:
        """Write an article or a page anew; None leaves a field out."""
        matter = {**(self.matter(path) if (self.root / path).exists() else {}), **fields}
        text = self.body(path) if body is None else body
        origin = matter.get("origin")
        if isinstance(origin, dict) and origin["publisher"] == "herald":
            matter["retrieved"] = {**matter["retrieved"], **captured(text)}  # type: ignore[dict-item]
        lines = [
            f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in matter.items() if value is not None
        ]
        self.write(path, f"---\n{''.join(lines)}---\n\n{text}\n")

    def configure(self, **fields: object) -> None:
        """Set keys of config.yaml; None leaves one out. A configuration that was spoilt begins anew."""
        file = self.root / "config.yaml"
        lines = file.read_text().splitlines() if file.exists() else []
        config: dict[str, object] = {}
        with suppress(ValueError):
            config = {key: json.loads(value) for key, _, value in (line.partition(": ") for line in lines)}
        kept = {key: value for key, value in {**config, **fields}.items() if value is not None}
        self.write("config.yaml", "".join(f"{key}: {json.dumps(value)}\n" for key, value in kept.items()))

    def move(self, path: str, to: str) -> None:
        """Move an article with what belongs to it: its fingerprint and its picture."""
        image = self.matter(path).get("image")
        old, new = self.root / path, self.root / to
        moves = {old: new, old.with_suffix(".fingerprint"): new.with_suffix(".fingerprint")}
        if isinstance(image, dict):
            moves[old.with_name(image["file"])] = new.with_name(image["file"])
        new.parent.mkdir(parents=True, exist_ok=True)
        for file, there in moves.items():
            if file.exists():
                file.rename(there)

    def delete(self, path: str) -> None:
        """Delete an article with its fingerprint; its picture stays."""
        self.write(path, None)
        self.write(path.replace(".md", ".fingerprint"), None)

    def add(self, name: str, sort: str, seed: int = 0, date: str = "2024-03-02T08:00:00Z", **fields: object) -> str:
        """Write an article of a sort (`SORTS`); its path."""
        path = f"content/articles/2024/03/{name}.md"
        rng = random.Random(f"{name} {seed}")  # noqa: S311 -- nothing secret
        original = [f"{' '.join(rng.choices(_VOCABULARY, k=12)).capitalize()}." for _ in range(20)]
        body = " ".join(rng.sample(SENTENCES, 2))
        matter: dict[str, object] = {
            "title": f"The {name} in its {rng.choice(_VOCABULARY)}",
            "date": date,
            "kind": sort if sort in ("excerpt", "link", "own") else "full",
            "summary": f"What became of the {name}.",
            "topics": rng.sample(TOPICS[:4], 2),
        }
        if sort != "own":
            base, publisher = _ORIGINS[sort]
            url = f"{base}{name}.html"
            stored = fingerprint(" ".join(original), original[3:4])
            matter["origin"] = {
                "publisher": publisher,
                "url": url,
                "authors": ["Ada Reporter"],
                "published": "2024-02-28",
            }
            matter["retrieved"] = {
                "from": url,
                "at": "2024-03-01T07:00:00Z",
                "sha256": stored.sha256,
                "words": stored.words,
            }
            if sort == "excerpt":
                body += f"\n\n> {original[3]}"
                self.write(path.replace(".md", ".fingerprint"), dump(stored))
            elif sort == "herald":
                matter["retrieved"] = {**matter["retrieved"], "words": count_words(body)}  # type: ignore[dict-item]
            elif sort in ("voa", "global-voices"):
                body = f"{body}\n\n{' '.join(original[:4])}"
                matter["retrieved"] = {**matter["retrieved"], "sha256": sha256(name)}  # type: ignore[dict-item]
        self.change(path, body=body, **{**matter, **fields})
        return path


SORTS = ("voa", "global-voices", "herald", "excerpt", "link", "own")
_ORIGINS = {
    "voa": ("https://www.voanews.com/a/", "voa"),
    "global-voices": ("https://globalvoices.org/2024/", "global-voices"),
    "herald": ("https://herald.example/", "herald"),
    "excerpt": ("https://thenewamerican.com/us/", "the-new-american"),
    "link": ("https://daily.example/", "The Daily Unknown"),
}
_VOCABULARY = (
    "tide quay lantern mussel harrow gale pebble orchard ferry cask thatch sorrel anvil heron bramble loom kiln "
    "mortar saddle whistle copper barley gravel rafter bellows tallow yarrow cobble"
).split()


def make(root: Path) -> Paper:
    """A digest of twelve articles of all kinds, two pages, a theme and templates of its own."""
    paper = Paper(root)
    root.mkdir(parents=True)
    shutil.copytree(GOLDEN / "themes", root / "themes")
    paper.write("themes/probe/templates/base.html", BASE)
    for path, texts in TEMPLATES:
        paper.write(path, texts[0])
    paper.configure(**CONFIG)
    paper.add("river", "voa", story="flood")
    paper.add("bridge", "voa", date="2024-03-05T09:30:00+02:00", story="flood", updated="2024-03-06")
    paper.add("harbour", "global-voices", date="2024-04-01")
    paper.add("mill", "excerpt", date="2024-03-05", story="flood")
    paper.add("ferry", "excerpt", date="2024-04-02", language="de")
    paper.add("orchard", "link", date="2024-05-01")
    paper.add("notice", "herald", date="2024-05-02")
    image = {"file": "gauge.png", "alt": "A gauge", "licence": "CC-BY-4.0", "creator": "Ada Reporter", "credit": "Ada"}
    corrections = [{"date": "2024-05-04", "text": "It met twice."}]
    paper.add("council", "own", date="2024-05-03", image=image, aliases=["/town/council/"], corrections=corrections)
    paper.write("content/articles/2024/03/gauge.png", PICTURE)
    paper.add("rumour", "own", date="2024-05-05", withdrawn={"date": "2024-05-06", "reason": "Nobody had seen it."})
    paper.add("plan", "own", date="2024-05-07", draft=True)
    paper.add("festival", "voa", date="2026-12-01T08:00:00Z", topics=["Schools"])
    paper.add("market", "own", date="2026-11-21T12:00:00Z", language="fr")
    paper.change("content/pages/about.md", body="We are [here](/).", title="About", aliases=["/who/"])
    paper.change("content/pages/hidden.md", body="Not yet.", title="Hidden", draft=True)
    paper.write("static/hello.txt", "Hello.\n")
    return paper
