"""The scalar types of front matter and configuration: what their text may be, and what it becomes."""

from __future__ import annotations

import enum
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated
from urllib.parse import quote, urlsplit

from broadsheet import url
from broadsheet.record import Reads, UnreadableError
from broadsheet.slug import is_slug, slugify
from broadsheet.words import one_line, scrub


class Unknown(enum.Enum):
    """What the curator looked for and did not find, and says so. Absent means not stated."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN
MAX_LINE = 1_000
"""Characters of a headline, a name or an address."""
MAX_VERBATIM = 2_000
"""Characters of a credit line, a note, a correction: enough for those, too little for somebody's article."""

_INSTANT = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[Tt ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?(?: ?(?P<zone>[Zz]|[+-]\d{2}:?\d{2}))?)?"
)
_NAME = re.compile(r"\?P<\w+>")  # of a group, which JSON Schema's expressions (ECMA-262) write otherwise
_LANGUAGE = re.compile(
    r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-(?:[A-Za-z\d]{5,8}|\d[A-Za-z\d]{3}))*"
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COUNT = re.compile(r"\d{1,9}")
_SHARE = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,4})?)(?P<percent> ?%)?")
_EMAIL = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}")
_SEGMENT = r"[^/\\?#%\s\x00-\x1f:*\"<>|]{1,120}"
_ADDRESS = re.compile(rf"/(?:{_SEGMENT}/)*(?:{_SEGMENT}\.html?)?")
PICTURES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}
"""Media types of pictures by the ending of a file's name: all that there are, and the same on every machine."""


def read_line(text: str) -> str:
    """One line of text, scrubbed; white space as single spaces."""
    line = one_line(text)
    if not line:
        raise UnreadableError("holds no text", "Write some, or leave the key out")
    if len(line) > MAX_LINE:
        raise UnreadableError(f"is longer than {MAX_LINE} characters", "Shorten it")
    return line


def read_verbatim(text: str) -> str:
    """Text kept as it is but for characters that no page can carry, and white space at its ends."""
    verbatim = scrub(text).strip() or read_line(text)
    if len(verbatim) > MAX_VERBATIM:
        raise UnreadableError(f"is longer than {MAX_VERBATIM} characters", "Shorten it")
    return verbatim


@lru_cache(maxsize=1024)  # the dates of one article are often the same
def read_moment(text: str) -> datetime:
    """A date (midnight UTC) or an instant, aware, in the offset that was written. RFC 3339, section 5.6."""
    match = _INSTANT.fullmatch(text.strip())
    if match is None:
        raise UnreadableError(f"is '{text[:40]}', not a date", "Write 2024-02-29 or 2024-02-29T09:30:00Z")
    if match["time"] and not match["zone"]:
        raise UnreadableError(f"is '{text[:40]}', a time in no time zone", "Add Z for UTC, or an offset such as +02:00")
    zone = (match["zone"] or "Z").upper().replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(f"{match['day']}T{match['time'] or '00:00'}{zone}")
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise UnreadableError(f"is '{text[:40]}', which no calendar has", "Write a date that exists") from None
    if not 1600 <= moment.year <= 9900:
        raise UnreadableError(f"is '{text[:40]}'", "Write a year from 1600 to 9900")
    return moment


def read_instant(text: str) -> datetime:
    """As `read_moment`, in UTC."""
    return read_moment(text).astimezone(UTC)


def read_moment_or_unknown(text: str) -> datetime | Unknown:
    """As `read_moment`, or the word `unknown`."""
    return UNKNOWN if text.strip() == "unknown" else read_moment(text)


def read_web_address(text: str) -> str:
    """An absolute http or https address."""
    address = text.strip()
    if not url.is_web_address(address):
        raise UnreadableError(f"is '{one_line(text)[:80]}', not a web address", "Write it in full, from https://")
    return address


def read_web_address_or_unknown(text: str) -> str | Unknown:
    """As `read_web_address`, or the word `unknown`."""
    return UNKNOWN if text.strip() == "unknown" else read_web_address(text)


def read_base_url(text: str) -> str:
    """A web address of a folder, as a URI (RFC 3986): no query, no fragment, a slash at its end."""
    address = read_web_address(text)
    parts = urlsplit(address)
    odd = any(sign in address for sign in "?#%") or ".." in parts.path or "//" in parts.path
    try:
        host = parts.netloc.lower().encode("idna").decode()
    except UnicodeError:
        odd, host = True, ""
    if odd:
        raise UnreadableError(f"is '{address[:80]}'", "Write the address of the site's folder, without ? # % // or ..")
    return f"{parts.scheme}://{host}{quote(parts.path.rstrip('/'))}/"


def read_slug(text: str) -> str:
    """A name that can stand in an address."""
    if not is_slug(text):
        better = slugify(text)
        hint = f"Write '{better}'" if better else "Use letters, digits and hyphens"
        raise UnreadableError(f"is '{one_line(text)[:80]}', which cannot stand in an address", hint)
    return text


def read_flag(text: str) -> bool:
    """`true` or `false`."""
    if text not in ("true", "false"):
        raise UnreadableError(f"is '{text[:40]}'", "Write true or false")
    return text == "true"


def read_count(text: str) -> int:
    """A whole number, 1 to 999,999,999."""
    if not _COUNT.fullmatch(text) or int(text) < 1:
        raise UnreadableError(f"is '{text[:40]}'", "Write a whole number from 1, in digits only")
    return int(text)


def read_number(text: str) -> int:
    """A whole number, 0 to 999,999,999."""
    return 0 if text.strip("0") == "" != text else read_count(text)


def read_share(text: str) -> float:
    """A share above 0 and up to 1, written `20 %` or `0.2`."""
    match = _SHARE.fullmatch(text.strip())
    share = float(match["number"]) / (100 if match["percent"] else 1) if match else 0.0
    if not 0 < share <= 1:
        raise UnreadableError(f"is '{text[:40]}'", "Write a share such as 20 % or 0.2")
    return share


def read_language(text: str) -> str:
    """A language tag. BCP 47 (RFC 5646), the langtag without extensions."""
    if not _LANGUAGE.fullmatch(text):
        raise UnreadableError(f"is '{text[:40]}', not a language tag", "Write one such as en, pt-BR or zh-Hant")
    return text


def read_sha256(text: str) -> str:
    """64 lower-case hexadecimal digits."""
    if not _SHA256.fullmatch(text):
        raise UnreadableError("is not a SHA-256", "Write its 64 lower-case hexadecimal digits")
    return text


def read_uri(text: str) -> str:
    """A name with a scheme, `urn:uuid:…` or an address: RFC 3986, section 3."""
    if len(text) > MAX_LINE or not _URI.fullmatch(text):
        remedy = "Write one such as 'urn:uuid:123e4567-e89b-42d3-a456-426614174000'"
        raise UnreadableError(f"is '{one_line(text)[:80]}', not a URI", remedy)
    return text


def read_email(text: str) -> str:
    """A mailbox, `name@host`."""
    if not _EMAIL.fullmatch(text):
        raise UnreadableError(f"is '{one_line(text)[:80]}', not an e-mail address", "Write name@example.org")
    return text


def read_file_name(text: str) -> str:
    """The name of a file beside the article: no folder, no leading dot."""
    name = one_line(text)
    if name != text or "/" in name or "\\" in name or ":" in name or name.startswith(".") or len(name) > 100:
        raise UnreadableError(f"is '{name[:80]}'", "Write the bare name of a file that lies beside the article")
    stem, _, ending = name.rpartition(".")
    if not stem or ending.lower() not in PICTURES:
        raise UnreadableError(f"is '{name[:80]}', not a picture", "Use a JPEG, PNG, GIF, WebP or AVIF file")
    return name


def read_address(text: str) -> str:
    """An address within the site, from `/`, with a slash or `.html` at its end."""
    folders = [part for part in text.split("/") if part]
    is_odd = any(part.startswith(".") or slugify(part) == f"{part}-x" for part in folders) or one_line(text) != text
    if not _ADDRESS.fullmatch(text) or is_odd or len(text.encode()) > MAX_LINE:
        raise UnreadableError(f"is '{one_line(text)[:80]}'", "Write an address of this site, such as /old/address/")
    return text


def read_menu_address(text: str) -> str:
    """An address within the site from `/`, or a web address."""
    if not (text.startswith("/") and url.is_relative(text)) and not url.is_web_address(text):
        raise UnreadableError(
            f"is '{one_line(text)[:80]}'", "Write an address of this site from '/', or one from https://"
        )
    return text


def _string(**more: object) -> tuple[tuple[str, object], ...]:
    return (("type", "string"), *more.items())


def _whole(pattern: str) -> str:
    """JSON Schema searches; the fields match the whole text."""
    return f"^(?:{_NAME.sub('', pattern)})$"


Line = Annotated[str, Reads(read_line, _string(minLength=1, maxLength=MAX_LINE))]
Verbatim = Annotated[str, Reads(read_verbatim, _string(minLength=1))]
Instant = Annotated[datetime, Reads(read_instant, _string(pattern=_whole(_INSTANT.pattern)))]
Moment = Annotated[datetime, Reads(read_moment, _string(pattern=_whole(_INSTANT.pattern)))]
MomentOrUnknown = Annotated[datetime | Unknown, Reads(read_moment_or_unknown)]
WebAddress = Annotated[str, Reads(read_web_address, _string(format="uri"))]
WebAddressOrUnknown = Annotated[str | Unknown, Reads(read_web_address_or_unknown)]
BaseUrl = Annotated[str, Reads(read_base_url, _string(format="uri"))]
Slug = Annotated[str, Reads(read_slug, _string(minLength=1))]
Flag = Annotated[bool, Reads(read_flag, (("type", "boolean"),))]
Count = Annotated[int, Reads(read_count, (("type", "integer"), ("minimum", 1)))]
Number = Annotated[int, Reads(read_number, (("type", "integer"), ("minimum", 0)))]
Share = Annotated[float, Reads(read_share, (("type", ("number", "string")),))]
Language = Annotated[str, Reads(read_language, _string(pattern=_whole(_LANGUAGE.pattern)))]
Sha256 = Annotated[str, Reads(read_sha256, _string(pattern=_whole(_SHA256.pattern)))]
Uri = Annotated[str, Reads(read_uri, _string(format="uri"))]
Email = Annotated[str, Reads(read_email, _string(format="email"))]
FileName = Annotated[str, Reads(read_file_name)]
MenuAddress = Annotated[str, Reads(read_menu_address)]
Address = Annotated[str, Reads(read_address, _string(pattern=_whole(_ADDRESS.pattern)))]
