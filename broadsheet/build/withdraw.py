"""Taking an article's words out of `content/` for good, keeping where they came from.

The front matter stays as it was written, byte for byte: what goes is cut at the places that the YAML parser reports,
and what came out is read again and compared before anything is changed on the disk. The gate is not asked, so that
nothing that it finds can stand in the way of a withdrawal.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from msgspec import Struct
from yaml.events import CollectionEndEvent, CollectionStartEvent, Event, MappingStartEvent, ScalarEvent

from broadsheet.build import files
from broadsheet.build.stamps import walk
from broadsheet.fields import MAX_VERBATIM
from broadsheet.model import Article, FrontMatter
from broadsheet.plainyaml import Plain
from broadsheet.problem import Problem, did_you_mean, printable
from broadsheet.reading.article import read_article
from broadsheet.reading.frontmatter import Sheet, split
from broadsheet.record import decode
from broadsheet.slug import slugify
from broadsheet.words import one_line, scrub

_GONE = ("summary", "image", "withdrawn")
"""Keys of the words and of the picture, and the one that is written anew; an empty one may be there."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAKS = "\n\x85\u2028\u2029"
"""What ends a line for the parser, in scrubbed text (YAML 1.1, section 4.2)."""
_REST_OF_LINE = re.compile(f"[^{_BREAKS}]*[{_BREAKS}]?")
# Atomic, so that a long comment is not read again from each of its signs.
_COMMA = re.compile(r"(?>(?:\s|#.*+)*),[ \t]*(?:#.*)?")
_NEWLINE = re.compile(r"\r\n|\r|\n")
# After the manual of git-filter-repo 2.47, "Sensitive Data Removal", and GitHub's page named below.
_HISTORY = """\
If the text was ever committed, the history of the git repository still holds it. To take it out of there:
  1. Commit and push the withdrawal. Clone the repository anew, and in the top folder of the new clone run
       git filter-repo --sensitive-data-removal --invert-paths {paths}
     (2.47 or later, https://github.com/newren/git-filter-repo). It removes these files from every commit, the
     newest too. Where one had other names before, add '--path' with each of them.
  2. Copy {article} as it is now, without its words, into the new clone and commit it.
  3. git push --force --mirror origin
     It overwrites what others have pushed meanwhile. That GitHub rejects refs/pull/ is expected.
  4. Put a new clone in the place of every other, this one too: a push from an old one brings the text back.
GitHub goes on showing old commits to those who have their addresses, and in pull requests; forks keep them. Its
support can remove cached views and what pull requests refer to, and decides from case to case whether it does:
  https://docs.github.com/authentication/keeping-your-account-and-data-secure/removing-sensitive-data-from-a-repository
A branch that holds the built site, if there is one, has a history of its own.
"""


class Withdrawn(Struct, frozen=True, kw_only=True):
    """What was done. Paths are relative to the site's folder, with `/`."""

    path: str
    picture: str | None
    """The picture that was deleted."""
    picture_stays: str
    """Why a picture that is there was not deleted, a sentence; else empty."""
    captures: tuple[str, ...]
    """Files that hold the original as it was captured."""
    committed: tuple[str, ...]
    """The article and its picture, relative to the git repository that they lie in; empty where they lie in none."""


Outcome = Withdrawn | tuple[Problem, ...] | str
"""What was done; or problems of a file; or why the request cannot be met. With the last two nothing was changed."""


def withdraw(source: Path, name: str, reason: str, now: datetime) -> Outcome:
    """Take the words of an article out of its file. `name` is its slug, its file's name, or the path to its file."""
    why = one_line(reason)
    if not why or len(why) > MAX_VERBATIM:
        length = f"at most {MAX_VERBATIM} characters; this has {len(why)}" if why else "it cannot be empty"
        return f"The page of the article prints the reason: {length}. Say it with --reason."
    try:
        content = files.scan(source)
        matching = _matching(source, name, content.articles)
        if len(matching) == 1:
            return _withdraw(source, matching[0], content.articles, why, now)
        return _not_one(source, name, content, matching)
    except OSError as error:
        place = os.path.relpath(error.filename, source) if isinstance(error.filename, str) else str(source)
        return (files.unreadable(place, error),)


def message(done: Withdrawn) -> tuple[str, ...]:
    """The lines to print: what was done, what to do next, and what is beyond this command."""
    lines = [f"Withdrew {done.path}: the text, 'summary' and 'image' are out of it, the date and the reason are in it."]
    lines += [f"Deleted {done.picture}."] if done.picture else []
    lines += [done.picture_stays] if done.picture_stays else []
    lines += [f"{path} holds the original as captured. Delete it if you may not keep it." for path in done.captures]
    lines += [
        "The rest of the front matter stays, to say where the article came from. Look whether anything in it quotes.",
        "Next: run 'python build.py', then publish. The words then leave the site's pages, lists and feeds; the",
        "article's page, if it has one, says when and why it was withdrawn.",
        "Caches, feed readers and archives may hold copies. Only those who run them can remove those.",
    ]
    if done.committed:
        article, *_ = named = [shlex.quote(printable(path)) for path in done.committed]
        paths = " ".join(f"--path {path}" for path in named)
        lines += _HISTORY.format(paths=paths, article=article).splitlines()
    return tuple(map(printable, lines))


def _matching(source: Path, name: str, articles: Iterable[str]) -> list[str]:
    """The articles that a name may mean. A path is read from where the user is or from the site's folder."""
    root = os.path.realpath(source) + os.sep
    given = {os.path.realpath(path).removeprefix(root).replace(os.sep, "/") for path in (name, source / name)}
    return [path for path in articles if path in given] or [path for path in articles if name in _names(source, path)]


def _names(source: Path, path: str) -> set[str]:
    """The slug of an article and its file's name. A file that cannot be read has a name all the same."""
    stem = PurePosixPath(path).stem
    stated = _mapping(_sheet(source, path)).get("slug")
    return {stem, stated if isinstance(stated, str) else slugify(stem)}


def _sheet(source: Path, path: str) -> Sheet | Problem:
    data = files.read(source, path)
    return data if isinstance(data, Problem) else split(path, data)


def _mapping(sheet: Sheet | Problem) -> dict[str, Plain]:
    return sheet.data if isinstance(sheet, Sheet) and isinstance(sheet.data, dict) else {}


def _not_one(source: Path, name: str, content: files.Content, matching: list[str]) -> Outcome:
    """Why no article is meant for certain."""
    if matching:
        return printable(f"'{name}' may be any of {', '.join(matching)}. Name one by its path.")
    unusable = (p for p in content.problems if name in (p.path, PurePosixPath(p.path).stem))
    known = {known for path in content.articles for known in _names(source, path)}
    unknown = f"There is no article '{name}'. {did_you_mean(name, known)}'python build.py list' names them all."
    return tuple(unusable) or printable(unknown)


def _withdraw(source: Path, path: str, articles: Iterable[str], why: str, now: datetime) -> Outcome:
    data = files.read(source, path)
    if isinstance(data, Problem):
        return (data,)
    sheet = split(path, data)
    if isinstance(sheet, Problem):
        return (sheet,)
    matter = decode(FrontMatter, sheet.data, "article")
    if isinstance(matter, tuple):
        return sheet.problems(matter)
    if matter.withdrawn is not None:
        return _already(path, sheet, matter)
    edited = _edited(sheet, data, why, now)
    if isinstance(edited, Problem):
        return (edited,)
    article = read_article(path, edited)
    if not isinstance(article, Article):
        return _problems_of_front_matter(sheet, data) or article
    return _carry_out(source, path, edited, matter, articles)


def _carry_out(source: Path, path: str, edited: bytes, matter: FrontMatter, articles: Iterable[str]) -> Outcome:
    """Write the file and delete the picture. All that may fail comes before the write, but for that deletion."""
    captures = tuple(_captures(source, path, matter))
    picture = str(PurePosixPath(path).with_name(matter.image.file)) if matter.image else None
    shared_with = _shared_with(source, path, matter, articles)
    concerned = [path, *([picture] if picture and not shared_with else [])]
    committed = _committed(source, concerned)
    try:
        _replace(source / path, edited)
    except OSError as error:
        return (_unwritable(path, error),)
    deleted, stays = _delete(source, picture, shared_with)
    return Withdrawn(path=path, picture=deleted, picture_stays=stays, captures=captures, committed=committed)


def _already(path: str, sheet: Sheet, matter: FrontMatter) -> str:
    rest = sheet.markdown.strip() or matter.summary or matter.image
    remains = " Its file still holds the text, 'summary' or 'image': remove them by hand." if rest else ""
    return printable(f"{path} is withdrawn already; nothing was changed.{remains}")


def _problems_of_front_matter(sheet: Sheet, data: bytes) -> tuple[Problem, ...]:
    """As `read_article` finds them in the file as it stands; those of the text need no mending, it goes."""
    found = read_article(sheet.path, data)
    return () if isinstance(found, Article) else tuple(p for p in found if p.line < sheet.markdown_line)


class _Entry(Struct, frozen=True):
    """A key at the top of the front matter with its value, and all that goes with them: whole lines, or the comma."""

    key: str
    start: int
    end: int


def _edited(sheet: Sheet, data: bytes, why: str, now: datetime) -> bytes | Problem:
    """The file without its words, or why that cannot be written safely."""
    date = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    withdrawn = f"withdrawn: {{date: {date}, reason: {json.dumps(why, ensure_ascii=False)}}}"
    edited = _cut(sheet, data.decode(), withdrawn).encode()
    kept = {key: value for key, value in _mapping(sheet).items() if key not in _GONE}
    again = split(sheet.path, edited)
    if _mapping(again) == {**kept, "withdrawn": {"date": date, "reason": why}} and _is_without_text(again):
        return edited
    message = "the front matter is written in a way that this command cannot change without harm"
    remedy = f"Remove all below it, 'summary' and 'image' by hand, and add '{withdrawn}'"
    return Problem(sheet.path, sheet.yaml_line, 1, "yaml/syntax", message, remedy)


def _is_without_text(sheet: Sheet | Problem) -> bool:
    return isinstance(sheet, Sheet) and not sheet.markdown


def _cut(sheet: Sheet, raw: str, withdrawn: str) -> str:
    """The file's text as it is on the disk, less what goes, with what comes."""
    newline = _NEWLINE.search(raw)
    bounds = _bounds(raw)
    yaml_start = sum(len(line) + 1 for line in scrub(raw).split("\n")[: sheet.yaml_line - 1])
    changes = [
        (bounds[yaml_start + start], bounds[yaml_start + end], text)
        for start, end, text in _changes(sheet.yaml, withdrawn, newline[0] if newline else "\n")
    ]
    body = (bounds[len(bounds) - 1 - len(sheet.markdown)], len(raw), "")
    for start, end, text in sorted([*changes, body], reverse=True):  # from the end, so that places ahead stay true
        raw = raw[:start] + text + raw[end:]
    return raw


def _bounds(raw: str) -> list[int]:
    """For each place between two characters of the scrubbed text, the place in the text as it is on the disk."""
    ends = (n + 1 for n, sign in enumerate(raw) if scrub(sign) and raw[n : n + 2] != "\r\n")
    return [0, *ends]


def _changes(text: str, withdrawn: str, newline: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what comes in its place) of each change to the YAML."""
    events = iter(yaml.parse(text, Loader=_LOADER))
    root: Any = next(event for event in events if isinstance(event, MappingStartEvent))
    entries = list(_entries(text, events, root.flow_style))
    yield from ((entry.start, entry.end, "") for entry in entries if entry.key in _GONE)
    empty = [entry.start for entry in entries if entry.key == "withdrawn"]
    if root.flow_style:
        at, come = empty[0] if empty else entries[0].start, f"{withdrawn}, "
    else:
        at, come = empty[0] if empty else entries[-1].end, " " * root.start_mark.column + withdrawn + newline
    yield at, at, come


def _entries(text: str, events: Iterator[Event], is_flow: bool) -> Iterator[_Entry]:
    """The entries of the mapping whose events come next."""
    while isinstance(event := next(events), ScalarEvent):
        key: Any = event
        start, end = key.start_mark.index, _end_of_node(events)
        if is_flow:
            comma = _COMMA.match(text, end)
            yield _Entry(key.value, start, comma.end() if comma else end)
        else:
            yield _Entry(key.value, _line_start(text, start), _line_end(text, end))


def _end_of_node(events: Iterator[Event]) -> int:
    """Where the next node ends. A block collection's own end is reported past the comments that follow it."""
    depth = end = 0
    while True:
        event: Any = next(events)
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if isinstance(event, ScalarEvent) or event.end_mark.index > event.start_mark.index:
            end = event.end_mark.index
        if depth == 0:
            return end


def _line_start(text: str, at: int) -> int:
    return max(text.rfind(sign, 0, at) for sign in _BREAKS) + 1


def _line_end(text: str, at: int) -> int:
    """The end of the line, with the comment on it. A block scalar ends where the next line begins."""
    rest = _REST_OF_LINE.match(text, at)
    return at if rest is None or _line_start(text, at) == at else rest.end()


def _captures(source: Path, article: str, matter: FrontMatter) -> Iterator[str]:
    """What is captured of the original's text, as it is and as it was, lies in a folder that git ignores."""
    captured = [path for path, _ in walk(source, files.CAPTURES, hidden=True)]
    records = (path for path in captured if path.endswith(".json") and _is_of(source / path, article))
    digests = {PurePosixPath(path).stem for path in records}
    if matter.retrieved and matter.retrieved.sha256:
        digests.add(matter.retrieved.sha256)
    return (path for path in captured if any(digest in PurePosixPath(path).name for digest in digests))


def _is_of(record: Path, article: str) -> bool:
    """Whether a record of a capture says that this article was made of it."""
    try:
        data = json.loads(record.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(data, dict) and data.get("article") == article


def _shared_with(source: Path, path: str, matter: FrontMatter, articles: Iterable[str]) -> str | None:
    """Another article in the folder that names the picture, or of which that cannot be told."""
    if matter.image is None:
        return None
    folder = PurePosixPath(path).parent
    beside = (other for other in articles if other != path and PurePosixPath(other).parent == folder)
    return next((other for other in beside if _may_show(source, other, matter.image.file)), None)


def _may_show(source: Path, path: str, file: str) -> bool:
    sheet = _sheet(source, path)
    image = _mapping(sheet).get("image")
    named = image.get("file") if isinstance(image, dict) else None
    is_named = isinstance(named, str) and named.casefold() == file.casefold()  # to some disks case is all one
    return is_named or isinstance(sheet, Problem)


def _replace(file: Path, data: bytes) -> None:
    """Put a file in the place of another at once, so that whoever reads it sees the one or the other. Raises OSError.

    A link that has got there since is itself replaced, not what it leads to.
    """
    handle, name = tempfile.mkstemp(prefix=".withdraw-", dir=file.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        temporary.chmod(file.lstat().st_mode & 0o7777)
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def _delete(source: Path, picture: str | None, shared_with: str | None) -> tuple[str | None, str]:
    """The picture, if it was deleted; else why it stays. The words are gone by now, so a failure is only said."""
    if picture is None or not os.path.lexists(source / picture):
        return None, ""
    if shared_with:
        return None, f"{picture} stays: {shared_with} names it too, or cannot be read."
    try:
        (source / picture).unlink()
    except OSError as error:
        return None, f"{picture} could not be deleted: {error.strerror or error}. Delete it yourself."
    return picture, ""


def _unwritable(path: str, error: OSError) -> Problem:
    message = f"it cannot be written: {error.strerror or error}"
    return Problem(path, 1, 1, "file/unreadable", message, "Look at its folder's permissions and its disk")


def _committed(source: Path, paths: Iterable[str]) -> tuple[str, ...]:
    """The paths within the git repository that the site lies in, if any."""
    root = source.resolve()
    for folder in (root, *root.parents):
        if os.path.lexists(folder / ".git"):
            return tuple((root / path).relative_to(folder).as_posix() for path in paths)
    return ()
