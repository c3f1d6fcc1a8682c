"""An item on its way from a capture to an article, and what a run was asked for."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from broadsheet.importing import captures
from broadsheet.importing.capture import Capture
from broadsheet.importing.captures import Kept
from broadsheet.importing.draft import Draft
from broadsheet.importing.recognise import InputKind
from broadsheet.model import Retrieved
from broadsheet.words import one_line

if TYPE_CHECKING:
    from broadsheet.importing.proposal import Text

FEEDS = (InputKind.FEED, InputKind.JSON_FEED)
SUFFIXES = {
    InputKind.TEXT: ".source",
    InputKind.HTML: ".html",
    InputKind.FEED: ".xml",
    InputKind.JSON_FEED: ".feed.json",
}
"""Of the bytes in `.captures/`. A text's is not `.txt`, which is that of its normal form."""


class Order(Struct, frozen=True, kw_only=True):
    """What an import is asked for, beside the articles' own matters."""

    source: Path
    """The site's folder."""
    newest: int | None = None
    """Of a feed, the newest entries only."""
    since: datetime | None = None
    """Of a feed, entries published from then on."""
    is_update: bool = False
    """Let articles follow their originals where those changed."""
    is_dry: bool = False
    """Write nothing."""


class Item(Struct, frozen=True):
    """A draft, with the capture that it was read from."""

    name: str
    """The file, the address, or the feed's entry."""
    capture: Capture
    kind: InputKind
    draft: Draft

    def retrieved(self, text: Text) -> Retrieved:
        """How the digest came by the text."""
        return Retrieved(
            from_=one_line(self.capture.url or self.capture.name),
            at=self.capture.at,
            sha256=text.sha256 if text.plain else None,
            words=text.words or None,
        )

    def keep(self, source: Path, text: Text, path: str, written: str) -> None:
        """Store the capture. The bytes of a feed are stored once for all of its entries."""
        is_of_feed = self.kind in FEEDS
        kept = Kept(
            name=self.capture.name,
            url=self.capture.url,
            at=f"{self.capture.at:%Y-%m-%dT%H:%M:%SZ}",
            charset=self.capture.charset,
            media_type=self.capture.media_type,
            bytes_sha256="" if is_of_feed else self.capture.sha256,
            sha256=text.sha256,
            words=text.words,
            article=path,
            written=written,
        )
        captures.keep(source, self.capture, text.plain, kept, "" if is_of_feed else SUFFIXES[self.kind])
