"""The two texts of the sample site, imported as a curator has them. One is copyrighted, so neither lies here.

python -m pytest tests/beside/test_seeds.py --seeds FOLDER
"""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.fingerprint import load
from broadsheet.model import Article, Kind
from broadsheet.reading.article import read_article
from broadsheet.words import count_words
from tests.making import NOW, Site

SAMPLE = Path(__file__).parent.parent.parent / "content/articles/2023/12"
WIRE = "Some information for this report came from The Associated Press, Agence France-Presse and Reuters."


def imported(site: Site, *arguments: str) -> Article:
    """The one article that an import makes."""
    assert site.run("import", "--now", NOW, *arguments).code == 0
    (path,) = site.root.glob("content/articles/*/*/*.md")
    article = read_article(str(path.relative_to(site.root)), path.read_bytes())
    assert isinstance(article, Article)
    return article


def test_the_voice_of_america(site: Site, seeds: Path) -> None:
    """In full, without the republisher's introduction, its wire line in the credits, a draft until it is reviewed."""
    article = imported(site, str(seeds / "voa.txt"), "--publisher", "voa", "--published", "2023-12-27")
    matter, text = article.matter, " ".join(passage.text for passage in article.body.passages)
    assert matter.title == "US, Mexico Discuss Options to Slow Surge of Migrants at Border"
    assert matter.origin is not None
    assert (matter.origin.publisher, matter.origin.authors) == ("voa", ("VOA News",))
    assert (matter.kind, matter.draft, matter.credits) == (Kind.FULL, True, (WIRE,))
    assert text.startswith("U.S. and Mexican officials met Wednesday")
    assert text.endswith("Brownsville, Texas.")
    sample = read_article("x.md", (SAMPLE / "us-mexico-discuss-options.md").read_bytes())
    assert isinstance(sample, Article)
    assert text == " ".join(passage.text for passage in sample.body.passages)


def test_the_new_american(site: Site, seeds: Path) -> None:
    """An excerpt within the caps, and not a word more of it anywhere but in `.captures/`."""
    source = (seeds / "the-new-american.txt").read_text(encoding="utf-8")
    article = imported(site, str(seeds / "the-new-american.txt"))
    matter = article.matter
    assert matter.title == "U.S. Officials Meet With Mexican President for Border Talks"
    assert matter.origin is not None
    assert (matter.origin.publisher, matter.origin.authors) == ("the-new-american", ("D. Michael DeRidder",))
    assert f"{matter.origin.published:%Y-%m-%d}" == "2023-12-28"
    assert (matter.kind, matter.draft, matter.credits) == (Kind.EXCERPT, True, ("AP Images",))
    quoted = " ".join(quotation.text for quotation in article.body.quotations)
    assert 0 < count_words(quoted) <= 58  # a fifth of 290
    (stored,) = site.root.glob("content/articles/*/*/*.fingerprint")
    sample = load((SAMPLE / "us-officials-meet-with-mexican-president.fingerprint").read_bytes())
    assert load(stored.read_bytes()).sha256 == sample.sha256
    kept = [path for path in site.root.rglob("*") if path.is_file() and ".captures" not in path.parts]
    written = " ".join(path.read_text(encoding="utf-8") for path in kept).replace(quoted, "").replace(matter.title, "")
    said = source.replace("[", "").replace("](#)", "").split()
    runs = {" ".join(said[n : n + 4]) for n in range(len(said) - 3)} - {"Written by D. Michael"}
    assert [run for run in runs if run in written] == []


@pytest.mark.parametrize("name", ["voa.txt", "the-new-american.txt"])
def test_the_sample_site_knows_them(name: str, seeds: Path) -> None:
    """Imported into the sample site, neither makes a second article."""
    result = Site(SAMPLE.parents[3]).run("import", "--now", NOW, "--dry-run", str(seeds / name))
    assert "1 here already" in result.out
