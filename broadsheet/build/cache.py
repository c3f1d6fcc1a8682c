"""What the last build knew, in `.cache/`: deletable at any time, and never believed where it contradicts itself.

An SQLite file for each combination of output, address and selection, and beside it a folder of sheets with what was
prepared of texts. They hold no pickles, and no code but that of compiled templates; each record is checked against its
digest when it is taken out. A file that is damaged, foreign or of another version of the program is as good as none. A
kill leaves the file as it was before (its rollback journal) or, where there was none before, none.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Self

from broadsheet.build.sheets import Sheets
from broadsheet.digest import SIZE, digest

FOLDER = ".cache"
SHEETS = ".sheets"
MOST = 6
"""Files of other outputs, addresses and selections that are kept."""
FEW = 1_000
"""Files that are asked for one by one: of more, all that are known come faster."""
_SCHEMA = """
CREATE TABLE article (
  path TEXT PRIMARY KEY, stamp BLOB, source BLOB, settings BLOB, entry BLOB, listed BLOB, page BLOB, bill BLOB,
  leaf BLOB, compared BLOB, seal BLOB
) WITHOUT ROWID;
CREATE TABLE prepared (path TEXT PRIMARY KEY, bill BLOB, page BLOB);
CREATE TABLE copy (path TEXT PRIMARY KEY, stamp BLOB, digest BLOB) WITHOUT ROWID;
CREATE TABLE page (file TEXT PRIMARY KEY, key BLOB, stamp BLOB) WITHOUT ROWID;
CREATE TABLE note (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
"""
_KEPT = "stamp, source, settings, entry, listed, page, bill, leaf, compared, seal"


class CacheDamagedError(Exception):
    """The cache contradicts itself, and is to be thrown away."""


class Kept(NamedTuple):
    """An article, as far as it is needed in every build."""

    stamp: bytes
    """Of its files; empty where they are to be looked at again."""
    source: bytes
    """Digest of their bytes."""
    settings: bytes
    """Digest of what its records were made by, beside the program."""
    entry: bytes
    """Packed; empty for a draft."""
    listed: bytes
    """Digest of the entry."""
    page: bytes
    """Digest of the prepared page."""
    bill: bytes
    """Digest of the line in the bill of materials."""
    leaf: bytes
    """Where that lies, with the line of the bill, among the sheets; empty where both are in the database."""
    compared: bytes
    """Value of a `Compared`."""


class Cache:
    """The file, open. A context manager; what was put in is kept where `commit` was called."""

    def __init__(
        self,
        db: sqlite3.Connection,
        sheets: Sheets,
        file: Path | None = None,
        fresh: Path | None = None,
        *,
        is_new: bool = False,
    ) -> None:
        """`fresh` is where a new one is written that is to become `file`. Without either it is kept nowhere."""
        self.sheets = sheets
        self._db = db
        self._file = file
        self._fresh = fresh
        self.is_new = is_new
        """All that is in it was put in by this build."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()
        self.sheets.close()
        if self._fresh is not None:
            with suppress(OSError):
                self._fresh.unlink()

    def commit(self) -> None:
        """Keep what was put in, from now on."""
        self._db.commit()
        if self._fresh is not None and self._file is not None:
            self._db.close()
            with suppress(OSError):
                self._fresh.replace(self._file)
                _forget_oldest(self._file.parent)
            self._db, self._fresh = _connect(""), None

    def articles(self) -> Iterator[tuple[str, Kept]]:
        """All articles, by path. Raises `CacheDamagedError`."""
        for path, *row in self._db.execute(f"SELECT path, {_KEPT} FROM article"):  # noqa: S608 -- our own columns
            yield path, _kept(path, row)

    def put(self, rows: Iterable[tuple[str, Kept]]) -> None:
        """Keep articles."""
        self._db.executemany(
            "INSERT OR REPLACE INTO article VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(path, *kept, _seal(path, kept)) for path, kept in rows],
        )

    def put_prepared(self, rows: Iterable[tuple[str, bytes, bytes]]) -> None:
        """(path, line of the bill, prepared page) of articles that are on no sheet."""
        self._db.executemany("INSERT OR REPLACE INTO prepared VALUES (?, ?, ?)", rows)

    def article(self, path: str) -> Kept | None:
        """One of them. Raises `CacheDamagedError`."""
        row = self._db.execute(f"SELECT {_KEPT} FROM article WHERE path = ?", (path,)).fetchone()  # noqa: S608
        return _kept(path, row) if row else None

    def known(self, path: str) -> Kept:
        """As `article`, of one that must be there."""
        kept = self.article(path)
        if kept is None:
            raise CacheDamagedError(path)
        return kept

    def drop(self, paths: Iterable[str]) -> None:
        """Forget articles."""
        given = [(path,) for path in paths]
        self._db.executemany("DELETE FROM article WHERE path = ?", given)
        self._db.executemany("DELETE FROM prepared WHERE path = ?", given)

    def page_of(self, path: str, kept: Kept) -> bytes:
        """The prepared page of an article. Raises `CacheDamagedError` where it is another than it was, or none."""
        page = self.sheets.page(kept.leaf) if kept.leaf else self._prepared("page", path)
        return self._checked(path, page, kept.page)

    def bill_of(self, path: str, kept: Kept) -> str:
        """The line of an article in the bill of materials. Raises `CacheDamagedError` where it is another, or none."""
        line = self.sheets.line(kept.leaf) if kept.leaf else self._prepared("bill", path)
        return self._checked(path, line, kept.bill).decode()

    def _checked(self, path: str, found: object, wanted: bytes) -> bytes:
        if not isinstance(found, bytes) or not found or not (self.is_new or digest(found) == wanted):
            raise CacheDamagedError(path)
        return found

    def _prepared(self, column: str, path: str) -> object:
        row = self._db.execute(f"SELECT {column} FROM prepared WHERE path = ?", (path,)).fetchone()  # noqa: S608
        return row[0] if row else None

    def page_keys(self, files: Collection[str]) -> dict[str, tuple[bytes, bytes]]:
        """(key, stamp in the output) of these files of the output, and perhaps of others, as far as they are known."""
        if self.is_new:
            return {}
        asked = "SELECT file, key, stamp FROM page"
        if len(files) > FEW:
            rows: Iterable[tuple[str, bytes, bytes]] = self._db.execute(asked)
        else:
            rows = (row for file in files for row in self._db.execute(f"{asked} WHERE file = ?", (file,)))
        return {file: (key, stamp) for file, key, stamp in rows}

    def pages_except(self, files: Collection[str]) -> list[str]:
        """Files of which there are keys and which are not among these."""
        return [file for (file,) in self._db.execute("SELECT file FROM page") if file not in files]

    def put_pages(self, rows: Mapping[str, tuple[bytes, bytes]], gone: Iterable[str]) -> None:
        """(key, stamp) of files that were published, and those that are no more."""
        self._db.executemany("DELETE FROM page WHERE file = ?", [(file,) for file in gone])
        self._db.executemany("INSERT OR REPLACE INTO page VALUES (?, ?, ?)", [(f, *row) for f, row in rows.items()])

    def copy(self, path: str, stamp: bytes) -> bytes | None:
        """The SHA-256 of a file with this stamp, where it is known."""
        row = self._db.execute("SELECT digest FROM copy WHERE path = ? AND stamp = ?", (path, stamp)).fetchone()
        return row[0] if row else None

    def put_copy(self, path: str, stamp: bytes, digest: bytes) -> None:
        """Keep the SHA-256 of a file."""
        self._db.execute("INSERT OR REPLACE INTO copy VALUES (?, ?, ?)", (path, stamp, digest))

    def put_sealed(self, name: str, value: bytes) -> None:
        """Note something, with its digest."""
        self.put_note(name, _sealed(name, value) + value)

    def sealed(self, name: str) -> bytes:
        """What was noted so under a name; empty where nothing was. Raises `CacheDamagedError`."""
        noted = self.note(name)
        if noted and noted[:SIZE] != _sealed(name, noted[SIZE:]):
            raise CacheDamagedError(name)
        return noted[SIZE:]

    def note(self, name: str) -> bytes:
        """What was noted under a name; empty where nothing was."""
        row = self._db.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return row[0] if row and isinstance(row[0], bytes) else b""

    def put_note(self, name: str, value: bytes) -> None:
        """Note something."""
        self._db.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, value))


def _sealed(name: str, value: bytes) -> bytes:
    return digest(name.encode(), value)


def _kept(path: str, row: Sequence[Any]) -> Kept:
    """An article in a row of `_KEPT`. Raises `CacheDamagedError`."""
    kept = Kept(*row[:-1])
    if _seal(path, kept) != row[-1]:
        raise CacheDamagedError(path)
    return kept


def _seal(path: str, kept: Kept) -> bytes:
    try:
        return digest(path.encode(), *kept)
    except TypeError:  # a damaged file may give anything
        raise CacheDamagedError(path) from None


def existing(file: Path, version: bytes) -> Cache | None:
    """The cache in a file; None where there is none that this version of the program made."""
    with suppress(OSError, sqlite3.Error):
        if not file.is_file():
            return None
        db = _connect(file)
        with suppress(sqlite3.Error):
            if db.execute("SELECT value FROM note WHERE name = 'version'").fetchone() == (version,):
                return Cache(db, _sheets(file))
        db.close()
    return None


def begin(file: Path | None, version: bytes, scratch: str) -> Cache:
    """A new cache; without a file, or where it cannot be written, it lasts as long as the build, sheets in `scratch`.

    Until it is complete it has another name, the same each time: what a kill leaves is overwritten by the next build.
    """
    if file is not None:
        fresh = file.with_name(f"{file.name}.new")
        with suppress(OSError, sqlite3.Error):
            fresh.parent.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            file.with_suffix(SHEETS).mkdir(exist_ok=True)
            return Cache(_laid_out(fresh, version), _sheets(file), file, fresh, is_new=True)
    return Cache(_laid_out("", version), Sheets(scratch), is_new=True)


def _sheets(file: Path) -> Sheets:
    return Sheets(str(file.with_suffix(SHEETS)))


def _laid_out(file: Path | str, version: bytes) -> sqlite3.Connection:
    db = _connect(file)
    db.execute("PRAGMA page_size = 16384")  # a row has as many bytes
    db.execute("PRAGMA journal_mode = OFF")  # it is thrown away unless it is complete
    db.executescript(_SCHEMA)
    db.execute("INSERT INTO note VALUES ('version', ?)", (version,))
    return db


def discard(file: Path) -> None:
    """Remove a cache that is damaged, whatever it is."""
    import shutil  # only needed where something is wrong

    with suppress(OSError):
        shutil.rmtree(file) if file.is_dir() and not file.is_symlink() else file.unlink()
        file.with_name(f"{file.name}-journal").unlink(missing_ok=True)


def _connect(file: Path | str) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=60)
    # A killed process loses nothing by this, and after a failure of the power every file is looked at anyway.
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cell_size_check = ON")
    db.execute("PRAGMA cache_size = -16000")
    return db


def _forget_oldest(folder: Path) -> None:
    """Remove the caches that were used last of all."""
    others = sorted(folder.glob("*.sqlite"), key=lambda other: other.stat().st_mtime, reverse=True)
    for other in others[MOST:]:
        other.unlink()
        _sheets(other).tidy(())
        with suppress(FileNotFoundError):
            other.with_suffix(SHEETS).rmdir()
