"""`config.yaml` -> the site's configuration. Six lines are enough; an unknown key is refused with a suggestion."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from broadsheet.fields import BaseUrl, Count, Email, Flag, Language, Line, MenuAddress, Share, Slug
from broadsheet.plainyaml import YamlError, parse, place
from broadsheet.problem import Finding, Problem, did_you_mean
from broadsheet.record import decode
from broadsheet.register import Licence, Publisher, Register, packaged
from broadsheet.slug import is_slug, slugify
from broadsheet.words import scrub


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What the editor decides about rights. The numbers are the editor's, no law's."""

    commercial: Flag = False
    """Whether the site is commercial, so that non-commercial licences do not serve."""
    advertising: Flag = False
    """Whether advertising stands beside the texts."""
    paywall: Flag = False
    """Whether readers pay, or register, to read."""
    evidence_days: Count | None = None
    """Greatest age of the evidence on which a reprint rests; none for any age."""
    excerpt_words: Count = 75
    """Most words quoted of one work."""
    excerpt_share: Share = 0.2
    """Most of one work's words quoted, as a share of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationEntry:
    """An entry of the site's menu."""

    title: Line
    address: MenuAddress
    """Within the site, from `/`, or a web address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The configuration of a site."""

    title: Line
    base_url: BaseUrl
    """With a slash at its end; its path is the base path of every address."""
    description: Line = "A digest of other people's reporting, with its papers in order"
    language: Language = "en"
    editor: Line | None = None
    """Who answers for the digest."""
    email: Email | None = None
    licence: Line = "LicenseRef-Own"
    """Of the digest's own words: an id of the register of licences."""
    theme: Slug = "default"
    theme_options: dict[str, Line] = field(default_factory=dict)
    page_size: Count = 20
    """Articles a page of a listing."""
    feed_size: Count = 20
    """Items a feed."""
    navigation: tuple[NavigationEntry, ...] = ()
    rights: Rights = field(default_factory=Rights)
    publishers: dict[str, Publisher] = field(default_factory=dict)
    """The site's own entries in the register of publishers."""
    licences: dict[str, Licence] = field(default_factory=dict)
    """The site's own entries in the register of licences."""

    @property
    def base_path(self) -> str:
        """`/` or `/repo/`."""
        return urlsplit(self.base_url).path

    @property
    def register(self) -> Register:
        """The package's register with the site's own entries over it."""
        return packaged().with_own(self.publishers, self.licences)


MAX_BYTES = 1_000_000
"""Of the file: registers of a site's own can be long."""


def read(path: str, data: bytes, base_url: str | None = None) -> Config | tuple[Problem, ...]:
    """The configuration in a file, or its problems. `base_url` stands over the file's."""
    try:
        text = scrub(data.decode("utf-8-sig"))
        raw = parse(text, MAX_BYTES)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return (Problem(path, line, 1, "file/not-utf-8", "this file is not UTF-8", "Save it as UTF-8"),)
    except YamlError as error:
        return (error.problem(path),)
    if isinstance(raw, dict) and base_url is not None:
        raw["base_url"] = base_url
    config = decode(Config, raw, "config")
    findings = config if isinstance(config, tuple) else tuple(_check(config))
    if isinstance(config, Config) and not findings:
        return config
    return place(findings, path, text)


def _check(config: Config) -> list[Finding]:
    """What the types cannot say: names that must be known, and grants that need evidence."""
    register = config.register
    found = []
    if config.licence not in register.licences:
        found.append(_unknown_licence(config.licence, ("licence",), register))
    for name, publisher in config.publishers.items():
        if not is_slug(name):
            message = f"'{name}' cannot be a publisher's id"
            remedy = f"Write '{slugify(name) or 'a-name'}'"
            found.append(Finding("config/bad-id", message, remedy, ("publishers", name), key=True))
        for n, terms in enumerate(publisher.terms):
            if terms.licence not in register.licences:
                found.append(_unknown_licence(terms.licence, ("publishers", name, "terms", n, "licence"), register))
        if not publisher.terms:
            message = f"publisher '{name}' has no terms"
            found.append(Finding("config/no-terms", message, "Add at least one entry", ("publishers", name, "terms")))
        if not publisher.evidence:
            message = f"publisher '{name}' has no evidence for its terms"
            remedy = "Add where and when they were read"
            found.append(Finding("config/no-evidence", message, remedy, ("publishers", name, "evidence")))
    return found


def _unknown_licence(name: str, at: tuple[str | int, ...], register: Register) -> Finding:
    hint = did_you_mean(name, register.licences)
    return Finding(
        "config/licence-unknown", f"licence '{name}' is in no register", f"{hint}Describe it under 'licences'", at
    )
