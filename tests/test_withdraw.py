"""Withdrawing an article: its words leave the folder, what says where they came from stays as it was written."""

from __future__ import annotations

import builtins
import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.build import files
from broadsheet.build.withdraw import Withdrawn, message, withdraw
from broadsheet.fields import MAX_VERBATIM
from broadsheet.model import Article, Withdrawal
from broadsheet.plainyaml import Plain
from broadsheet.reading.article import read_article
from broadsheet.words import one_line
from tests.making import WORDS, Site

NOW = datetime(2026, 11, 21, 12, 0, 30, 999, tzinfo=UTC)
REASON = "Its owner asked for it."
LINE = 'withdrawn: {date: 2026-11-21T12:00:30Z, reason: "Its owner asked for it."}'
FOLDER = "content/articles/2024/03"
RIVER = f"{FOLDER}/river.md"
PICTURE = b"\xff\xd8\xff\xe0 picture"
QUAY = {"file": "quay.jpg", "alt": "A quay", "creator": "A", "credit": "A", "licence": "CC-BY-4.0"}
OWN: dict[str, Any] = {"kind": "own", "origin": None, "licence": None, "retrieved": None}
HEAD = "title: A quay\ndate: 2024-05-10\nkind: own\n"


def done(site: Site, name: str = "river", reason: str = REASON) -> Withdrawn:
    """Withdraw an article, which succeeds."""
    result = withdraw(site.root, name, reason, NOW)
    assert isinstance(result, Withdrawn)
    return result


def tree(site: Site) -> dict[str, bytes]:
    """All files of the site."""
    return {str(p.relative_to(site.root)): p.read_bytes() for p in site.root.rglob("*") if p.is_file()}


def test_the_words_leave_and_the_page_says_why(site: Site) -> None:
    """Afterwards no file of the site or of the output holds the text, the summary or the picture."""
    site.article(body="Zebrafish, at length.", summary="Quokka in short.", image=QUAY)
    site.write(f"{FOLDER}/quay.jpg", PICTURE)
    site.article("other", **OWN)
    assert site.build().err == ""
    assert (site.public / "2024/03/river/quay.jpg").exists()
    result = done(site, reason="  Its owner\nasked for it. ")
    assert (result.path, result.picture, result.picture_stays) == (RIVER, f"{FOLDER}/quay.jpg", "")
    assert site.build().err == ""
    for word in (b"Zebrafish", b"Quokka", PICTURE):
        assert [path for path, data in tree(site).items() if word in data] == []
    assert REASON in site.read("2024/03/river/index.html")


FRONT_MATTERS = {
    "comments, order and quotation marks": (
        """# About this file.
kind: 'own'   # ours
title: "A quay"

# In short.
summary: Boats.  # gone
date: 2024-05-10
# The end.
""",
        f"""# About this file.
kind: 'own'   # ours
title: "A quay"

# In short.
date: 2024-05-10
{LINE}
# The end.
""",
    ),
    "values of several lines": (
        f"""summary: >-
  Boats

  # and more

# A note.
{HEAD}image:
  file: x.jpg
  # of the quay
  alt: |
    A quay
topics:
- Harbour
-
  Boats
""",
        f"""# A note.
{HEAD}topics:
- Harbour
-
  Boats
{LINE}
""",
    ),
    "braces over several lines": (
        """{ # all of it
  summary: Boats. # gone
  , # gone, too
  title: A quay, # stays
  date: 2024-05-10,
  withdrawn: ,
  kind: own, image: ~ # stays
  # The end.
}
""",
        f"""{{ # all of it
__
  title: A quay, # stays
  date: 2024-05-10,
  {LINE},_
  kind: own,  # stays
  # The end.
}}
""".replace("_", " "),
    ),
    "braces": (
        '{title: A quay, "summary": Boats., date: 2024-05-10, kind: own, image: {file: x.jpg, alt: x}}\n',
        f"{{{LINE}, title: A quay, date: 2024-05-10, kind: own, }}\n",
    ),
    "a quotation whose lines begin at the margin": (
        f'summary: "Boats\n# no comment\ntitle: no key"\n{HEAD}',
        f"{HEAD}{LINE}\n",
    ),
    "a summary at the end": (f"{HEAD}summary: Boats.\n", f"{HEAD}{LINE}\n"),
    "empty values": (f"withdrawn:   # {{date: …}}\n{HEAD}summary:\nimage: # none\n", f"{LINE}\n{HEAD}"),
    "keys that are marked as such": (f"\"summary\": x\n? withdrawn\n{HEAD}? 'image'\n: null\n", f"{LINE}\n{HEAD}"),
    "indentation": (
        "  title: A quay\n  summary: |\n     Boats.\n  date: 2024-05-10\n  kind: own\n",
        f"  title: A quay\n  date: 2024-05-10\n  kind: own\n  {LINE}\n",
    ),
    "an end of its own": (f"{HEAD}summary: Boats.\n... # the end\n", f"{HEAD}{LINE}\n... # the end\n"),
    "control characters": (
        f"{HEAD}\x01story: qu\x02ay\nsum\x03mary: Bo\x04ats.\n",
        f"{HEAD}\x01story: qu\x02ay\n{LINE}\n",
    ),
    "line ends of Unicode": (
        f"{HEAD}story: quay\u2028summary: Boats.\u2029topics: [A]\x85language: en\n",
        f"{HEAD}story: quay\u2028topics: [A]\x85language: en\n{LINE}\n",
    ),
}
"""By name: a front matter as it was, and as it is when its article is withdrawn."""


@pytest.mark.parametrize("name", FRONT_MATTERS)
def test_what_stays_stays_byte_for_byte(name: str, site: Site) -> None:
    """However the front matter is written, only what holds the words is cut out of it."""
    before, after = FRONT_MATTERS[name]
    file = site.write(RIVER, f"---\n{before}---\n\nWords.\n")
    done(site)
    assert file.read_bytes().decode() == f"---\n{after}---\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("opening", ["---\n", "\ufeff---\n", "\ufeff\n \n---  \n"])
@pytest.mark.parametrize("closing", ["---\n", "--- \t\n", "...\n"])
@pytest.mark.parametrize("text", ["", "\nWords.\n", "Words.", "\x01Words.\n---\nMore.\n"])
def test_what_editors_do_stays_too(opening: str, closing: str, text: str, newline: str, site: Site) -> None:
    """A byte order mark, blank lines, the ends of lines; of what is below the front matter nothing stays."""
    before = f"{opening}{HEAD}summary: Boats.\n{closing}{text}"
    after = f"{opening}{HEAD}{LINE}\n{closing}"
    file = site.write(RIVER, before.replace("\n", newline))
    done(site)
    assert file.read_bytes().decode() == after.replace("\n", newline)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=60)
SAFE = st.lists(st.sampled_from("boats quay NO 12:30 can't 世界 🚢 Café".split()), min_size=1, max_size=5).map(" ".join)
KEPT: dict[str, Plain] = {"title": "A quay", "date": "2024-05-10", "kind": "own"}


@st.composite
def entry(draw: st.DrawFn, key: str, text: str) -> str:
    """An entry of a block mapping, in one of the styles that there are."""
    lines = text.split()
    styles = [
        f"{key}: {text}",
        f"{key}:\n    {text}   # a comment",
        f"'{key}':   " + "\n  ".join(lines),
        f'"{key}": "' + "\n\n".join(lines) + '" # a comment',
        f"{key}: '" + text.replace("'", "''") + "'",
        f"? {key}\n: {text}",
        f"{key}: |\n  " + "\n\n  ".join(lines),
        f"{key}: >+  # a comment\n   " + "\n   ".join([*lines, "# no comment"]) + "\n",
    ]
    return draw(st.sampled_from(styles[:6] if key in ("date", "kind") else styles))


@st.composite
def image(draw: st.DrawFn) -> str:
    """A picture's entry."""
    alt = draw(entry("alt", draw(SAFE)))
    block = "image:\n  # its file\n  file: x.jpg\n  " + alt.replace("\n", "\n  ") + "\n  # no more\n"
    return draw(
        st.sampled_from([block.removesuffix("  # no more\n").rstrip("\n"), "image: {file: x.jpg,\n alt: x}", "image:"])
    )


@st.composite
def articles(draw: st.DrawFn) -> tuple[str, str]:
    """A file, and what is to be left of it, but for the line that is to come."""
    entries = {key: draw(entry(key, draw(SAFE) if key == "title" else str(value))) for key, value in KEPT.items()}
    entries |= {
        "summary": draw(entry("summary", draw(SAFE))),
        "image": draw(image()),
        "topics": "topics:\n- A\n-  B # b",
    }
    before, after = "---\n", "---\n"
    for key in draw(st.permutations(sorted(entries))):
        comment = draw(st.sampled_from(["", "# A note.\n", " # A note.\n\n# Another: one.\n"]))
        before += f"{comment}{entries[key]}\n"
        after += comment + ("" if key in ("summary", "image") else f"{entries[key]}\n")
    end = draw(st.sampled_from(["# The end.\n---\n", "---\n", "...  \n"]))
    return before + end + draw(TEXTS), f"{after}{LINE}\n{end}"


@given(articles(), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
def test_whatever_the_order_and_the_style(article: tuple[str, str], newline: str, mark: str) -> None:
    """Each line of the other keys stays, with their comments, and nothing of the text."""
    before, after = (mark + text.replace("\n", newline) for text in article)
    with TemporaryDirectory() as folder:
        site = Site(Path(folder))
        file = site.write(RIVER, before)
        done(site)
        assert file.read_bytes().decode() == after


@given(TEXTS | st.just("A long one. " * 160), st.booleans())
def test_whatever_the_reason(reason: str, in_braces: bool) -> None:
    """It is read again on one line; where nothing of it is left, it is refused."""
    head = "{title: A quay, date: 2024-05-10, kind: own}\n" if in_braces else HEAD
    with TemporaryDirectory() as folder:
        site = Site(Path(folder))
        file = site.write(RIVER, f"---\n{head}---\nWords.\n")
        is_refused = isinstance(withdraw(site.root, "river", reason, NOW), str)
        article = read_article(RIVER, file.read_bytes())
    assert isinstance(article, Article)
    assert is_refused == (not one_line(reason))
    assert is_refused or article.matter.withdrawn == Withdrawal(
        date=NOW.replace(microsecond=0), reason=one_line(reason)
    )


@pytest.mark.parametrize("name", ["boats-leave", "river", RIVER, f"./{RIVER}", "{site}/" + RIVER])
def test_what_an_article_is_called(name: str, site: Site) -> None:
    """By its slug, by its file's name, or by the path from the site's folder or from where one is; drafts too."""
    site.article(slug="boats-leave", draft=True)
    site.article("other", title="River")
    site.write("content/articles/broken.md", "no front matter")
    assert done(site, name.format(site=site.root)).path == RIVER


@pytest.mark.parametrize(
    ("name", "reason", "said"),
    [
        ("rivet", REASON, "There is no article 'rivet'. Did you mean 'river'? 'python build.py list' names them all."),
        ("content/pages/about.md", REASON, "There is no article 'content/pages/about.md'."),
        ("", REASON, "There is no article ''."),
        ("twice", REASON, f"'twice' may be any of {FOLDER}/one.md, content/articles/twice.md. Name one by its path."),
        ("gone", REASON, f"{FOLDER}/gone.md is withdrawn already; nothing was changed."),
        (
            "half",
            REASON,
            "nothing was changed. Its file still holds the text, 'summary' or 'image': remove them by hand.",
        ),
        ("river", " \n\u202e", "it cannot be empty. Say it with --reason."),
        ("river", "x" * (MAX_VERBATIM + 1), "at most 2000 characters; this has 2001."),
    ],
)
def test_what_cannot_be_done_is_refused(name: str, reason: str, said: str, site: Site) -> None:
    """With what to do instead, and nothing is changed."""
    site.article()
    site.article("one", slug="twice")
    site.write("content/articles/twice.md", f"---\n{HEAD}---\nWords.\n")
    site.article("half", withdrawn={"date": "2024-04-01", "reason": "Asked."})
    site.write(f"{FOLDER}/gone.md", f"---\n{HEAD}{LINE}\n---\n")
    site.write("content/pages/about.md", "---\ntitle: About\n---\nUs.\n")
    before = tree(site)
    result = withdraw(site.root, name, reason, NOW)
    assert isinstance(result, str)
    assert said in result
    assert tree(site) == before


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"---\n{HEAD}titel: x\n---\nWords.\n", ["5:1: article/unknown-key"]),
        (f"---\n{HEAD}story: [\n---\nWords.\n", ["6:1: yaml/syntax"]),
        (f"---\nsummary: x\n{HEAD}updated: 2024-01-01\n---\nYour own text.\n", ["6:10: article/updated-before-date"]),
        ("Words.", ["1:1: file/no-front-matter"]),
        (b"---\ntitle: \xff", ["2:8: file/not-utf-8"]),
        (f"---\n{HEAD}? # what was said\n  summary\n: Boats.\n---\nWords.\n", ["2:1: yaml/syntax"]),
    ],
)
def test_a_front_matter_that_cannot_be_changed_is_a_problem(text: str | bytes, expected: list[str], site: Site) -> None:
    """With its place in the file as it stands, and nothing is changed."""
    site.write(RIVER, text)
    before = tree(site)
    assert [said.split(": ")[0:2] for said in problems(site)] == [f"{RIVER}:{place}".split(": ") for place in expected]
    assert tree(site) == before


def problems(site: Site, name: str = "river") -> list[str]:
    """What is wrong, where a withdrawal fails on a file."""
    result = withdraw(site.root, name, REASON, NOW)
    assert isinstance(result, tuple)
    return list(map(str, result))


@pytest.mark.parametrize("fields", [{"licence": "CC-BY-9"}, {"kind": "link"}, {"story": "x", "retrieved": None}])
def test_neither_the_gate_nor_the_text_is_in_the_way(fields: dict[str, Any], site: Site) -> None:
    """Whatever is wrong with the rights or with the text, it can be withdrawn, and the site builds."""
    site.article(body="Your own text. (AP)\n\n![x](http://x.example/x.jpg)", **fields)
    assert site.build().code == 1
    done(site)
    assert site.build().err == ""


def test_a_picture_that_others_show_stays(site: Site) -> None:
    """Only in the same folder does a name mean the same file; one that is not there, or cannot go, is no failure."""
    site.article(image=QUAY)
    site.article("other", image={**QUAY, "file": "QUAY.jpg"})
    site.article("third", image=QUAY)
    site.write("content/articles/elsewhere.md", (site.root / RIVER).read_bytes())
    site.write(f"{FOLDER}/quay.jpg", PICTURE)
    result = done(site)
    assert (result.picture, result.picture_stays) == (
        None,
        f"{FOLDER}/quay.jpg stays: {FOLDER}/other.md names it too, or cannot be read.",
    )
    assert done(site, "other").picture is None
    assert done(site, "third").picture == f"{FOLDER}/quay.jpg"
    site.article(image=QUAY)
    assert done(site).picture_stays == ""
    site.write("content/articles/quay.jpg/file", b"")
    result = done(site, "elsewhere")
    assert result.picture is None
    assert result.picture_stays.startswith("content/articles/quay.jpg could not be deleted: ")
    assert result.picture_stays in message(result)


def test_a_picture_beside_what_cannot_be_read_stays(site: Site) -> None:
    """It may be named there."""
    site.article(image=QUAY)
    site.write(f"{FOLDER}/broken.md", "no front matter")
    site.write(f"{FOLDER}/quay.jpg", PICTURE)
    assert done(site).picture_stays == f"{FOLDER}/quay.jpg stays: {FOLDER}/broken.md names it too, or cannot be read."


def test_what_was_captured_is_left(site: Site) -> None:
    """The fingerprint holds no words; on the capture, which git does not hold, the curator decides."""
    digest = "ab" * 32
    site.article(retrieved={"at": "2024-03-02", "sha256": digest, "words": 3})
    for name in (f"{digest}.txt", f"voa/{digest}.html", f"{'cd' * 32}.txt"):
        site.write(f".captures/{name}", "As captured.")
    site.write(f"{FOLDER}/river.fingerprint", "hashes")
    before = tree(site)
    result = done(site)
    assert {path for path, data in tree(site).items() if data != before.get(path)} == {RIVER}
    assert result.captures == (f".captures/{digest}.txt", f".captures/voa/{digest}.html")
    for path in result.captures:
        assert f"{path} holds the original as captured. Delete it if you may not keep it." in message(result)


def test_the_file_is_replaced_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its mode stays; where the disk is full it is as it was, and nothing else is left behind."""
    site.article(image=QUAY)
    site.write(f"{FOLDER}/quay.jpg", PICTURE)
    file = site.root / RIVER
    file.chmod(0o640)
    before = tree(site)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing(errno.ENOSPC))
        [problem] = problems(site)
    assert problem.startswith(f"{RIVER}:1:1: file/unreadable: it cannot be written: No space left on device. ")
    assert tree(site) == before
    done(site)
    assert file.stat().st_mode & 0o7777 == 0o640
    assert set(tree(site)) == set(before) - {f"{FOLDER}/quay.jpg"}


def failing(number: int) -> Callable[..., None]:
    """A function of the system that fails."""

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def test_links_are_not_followed(site: Site) -> None:
    """A link in the place of an article is a problem, whatever it leads to; one in a picture's place goes itself."""
    outside = site.write("../outside.md", f"---\n{HEAD}---\nWords.\n")
    (site.root / FOLDER).mkdir(parents=True)
    (site.root / RIVER).symlink_to(outside)
    for name in ("river", RIVER):
        assert problems(site, name) == [str(files.linked(RIVER))]
    (site.root / FOLDER / "quay.jpg").symlink_to(outside)
    site.article("quay", image=QUAY)
    assert done(site, "quay").picture == f"{FOLDER}/quay.jpg"
    assert outside.read_text() == f"---\n{HEAD}---\nWords.\n"


@pytest.mark.parametrize("place", [FOLDER, RIVER, ".captures"])
def test_what_the_system_does_not_let_us_read(place: str, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder or a file without permission is a problem, and nothing is changed."""
    site.article()
    site.write(".captures/x", "")
    before = tree(site)
    forbidden = str(site.root / place)

    def guarded(real: Callable[..., object]) -> Callable[..., object]:
        def call(path: object, *more: object, **options: object) -> object:
            if str(path) == forbidden:
                raise PermissionError(errno.EACCES, "Permission denied", forbidden)
            return real(path, *more, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", guarded(os.scandir))
        patch.setattr(Path, "read_bytes", guarded(Path.read_bytes))
        patch.setattr(builtins, "open", guarded(open))
        [problem] = problems(site)
    assert problem.startswith(f"{place}:1:1: file/unreadable: it cannot be read: Permission denied. ")
    assert tree(site) == before


def test_what_is_said(site: Site) -> None:
    """What was done, what to do next, and what no command here can do."""
    site.article()
    assert "\n".join(message(done(site))) == (
        f"Withdrew {RIVER}: the text, 'summary' and 'image' are out of it, the date and the reason are in it.\n"
        "The rest of the front matter stays, to say where the article came from. Look whether anything in it quotes.\n"
        "Next: run 'python build.py', then publish. The words then leave the site's pages, lists and feeds; the\n"
        "article's page, if it has one, says when and why it was withdrawn.\n"
        "Caches, feed readers and archives may hold copies. Only those who run them can remove those."
    )


def test_of_the_history_it_speaks_where_there_is_one(site: Site) -> None:
    """With the paths as the repository has them, fit for a shell."""
    repository = site.root.parent
    (repository / ".git").mkdir()
    site.article("a river's", image=QUAY)
    said = "\n".join(message(done(site, "a-river-s")))
    quoted = f"""'site/{FOLDER}/a river'"'"'s.md'"""
    command = f"git filter-repo --sensitive-data-removal --invert-paths --path {quoted} --path site/{FOLDER}/quay.jpg\n"
    assert command in said
    assert f"Copy {quoted} as it is now" in said
    assert WORDS not in said


def test_a_picture_that_stays_is_left_in_the_history(site: Site) -> None:
    """What another article shows is not to be removed from every commit."""
    (site.root / ".git").write_text("gitdir: elsewhere")
    site.article(image=QUAY)
    site.article("other", image=QUAY)
    assert done(site).committed == (RIVER,)
    assert done(site, "other").committed == (f"{FOLDER}/other.md", f"{FOLDER}/quay.jpg")
