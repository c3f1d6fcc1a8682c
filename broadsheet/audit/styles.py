"""Style sheets, as far as two questions need them: what they load, and what they hide. CSS Syntax Module, Level 3."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

_STRING = r"\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?"
# An address without quotation marks may hold what elsewhere begins a comment.
_TOKEN = re.compile(rf"(?P<kept>url\(\s*[^\"'\s)][^)]*\)?|{_STRING})|/\*.*?(?:\*/|\Z)", re.IGNORECASE | re.DOTALL)
_URL = re.compile(r"url\(\s*(?:\"([^\"]*)|'([^']*)|([^)\"']*))", re.IGNORECASE)
_IMPORT = re.compile(r"@import\s*(?:\"([^\"]*)|'([^']*))", re.IGNORECASE)
_PICTURES = re.compile(r"(?:image-set|image|src|cross-fade)\(([^;{}]*)", re.IGNORECASE)
_STRINGS = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.IGNORECASE | re.DOTALL)
_NAMESPACE = re.compile(r"@namespace[^;]*;", re.IGNORECASE)
_HIDING = re.compile(
    r"(?<![\w-])(?:display:none|visibility:(?:hidden|collapse)|content-visibility:hidden|color:transparent"
    r"|(?:opacity|font-size):0(?:\.0*)?(?:%|px|r?em|!|;|\Z)|transform:scale\(0\)|clip:rect\(0|clip-path:inset\((?:50|100)%"
    r"|(?:left|right|top|text-indent|margin-left):-\d{3,})"
)
_SHOWING = re.compile(r"(?<![\w-])(?:display:(?!none)|visibility:visible|opacity:(?:0?\.\d*[1-9]|1))")
_SCREENS = ("all", "screen", "onlyscreen")


class Rule(Struct, frozen=True):
    """A rule that decides whether something is seen."""

    selector: str
    hides: bool
    """Whatever the reader's screen is like; else it shows, perhaps on some screens only."""


def loaded(css: str) -> list[str]:
    """The addresses of what a style sheet, or a style attribute, loads."""
    if "(" not in css and "@" not in css and "\\" not in css:
        return []
    text = _NAMESPACE.sub("", _unescaped(_without_comments(css)))
    within = (string for picture in _PICTURES.findall(text) for string in _STRINGS.findall(picture))
    found = (next(filter(None, forms), "") for forms in (*_URL.findall(text), *_IMPORT.findall(text), *within))
    return [address.strip() for address in dict.fromkeys(found) if address.strip()]


def hides(declarations: str) -> bool:
    """Whether declarations keep something from being seen."""
    return ":" in declarations and _HIDING.search(_squeezed(declarations)) is not None


def deciding(css: str) -> tuple[Rule, ...]:
    """The rules of a style sheet by which something is hidden or shown, in order; empty where none hides.

    What is hidden in print or on some screens only is seen on others, and so is not taken for hidden.
    """
    rules = []
    for selector, declarations, is_always in _rules(_TOKEN.sub(_without_braces, css)):
        if is_always and hides(declarations):
            rules.append(Rule(selector, True))
        elif _SHOWING.search(_squeezed(declarations)):
            rules.append(Rule(selector, False))
    return tuple(rules) if any(rule.hides for rule in rules) else ()


def _rules(css: str) -> Iterator[tuple[str, str, bool]]:
    """(selector, declarations, whether it holds everywhere), rules within rules too."""
    selectors: list[str] = []
    conditions: list[str] = []
    text = ""
    for part in re.split(r"([{}])", css):
        if part not in ("{", "}"):
            text = part
            continue
        declared, _, prelude = text.rpartition(";") if part == "{" else (text, "", "")
        is_apart = any(map(_is_apart, conditions))
        if selectors and selectors[-1] and declared.strip() and not is_apart:
            yield selectors[-1], declared, all(map(_is_always, conditions))
        if part == "}" and selectors:
            selectors.pop()
            conditions.pop()
        elif part == "{":
            prelude = prelude.strip()
            is_rule = not prelude.startswith("@")
            conditions.append("" if is_rule else prelude)
            selectors.append(_within(selectors, prelude) if is_rule else "".join(selectors[-1:]))
        text = ""


def _within(selectors: list[str], selector: str) -> str:
    """The selector of a rule that may stand within another. CSS Nesting Module."""
    outer = next((outer for outer in reversed(selectors) if outer), "")
    if not outer:
        return selector
    return selector.replace("&", f":is({outer})") if "&" in selector else f":is({outer}) {selector}"


def _is_always(condition: str) -> bool:
    name, _, of = condition.partition(" ")
    return name in ("", "@layer", "@supports") or (name == "@media" and _squeezed(of) in _SCREENS)


def _is_apart(condition: str) -> bool:
    """Whether what stands in it says nothing of a screen."""
    return condition.startswith(("@media print", "@keyframes", "@font-face", "@page"))


def _squeezed(text: str) -> str:
    return "".join(_unescaped(_without_comments(text)).split()).casefold()


def _without_comments(css: str) -> str:
    return _TOKEN.sub(lambda token: token["kept"] or " ", css) if "/*" in css else css


def _without_braces(token: re.Match[str]) -> str:
    kept = token["kept"] or " "
    return " " if "{" in kept or "}" in kept else kept


def _unescaped(css: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match[1], 16) if match[1] else 0
        return (chr(code) if 0 < code < 0x110000 else "\ufffd") if match[1] else match[2]

    return _ESCAPE.sub(character, css) if "\\" in css else css
