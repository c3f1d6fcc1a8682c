"""Rules on pictures: each has a creator, a credit and a licence of its own; a text's licence never covers it."""

from __future__ import annotations

from urllib.parse import unquote

from broadsheet import url
from broadsheet.model import Article, Image, Kind, ReviewFinding
from broadsheet.problem import Finding
from broadsheet.register import Condition
from broadsheet.rights import wire
from broadsheet.rights.case import Case, Policy
from broadsheet.rights.licensing import non_commercial, unknown_licence
from broadsheet.rights.source import is_within

_OF_PICTURES_TOO = {"LicenseRef-USGov-PD", "LicenseRef-PD"}


def check_case(case: Case) -> list[Finding]:
    """The pictures of somebody else's article: as any, and none that the publisher keeps out of its terms."""
    return [*check(case.article, case.policy), *_kept_out(case)]


def _kept_out(case: Case) -> list[Finding]:
    image, terms = case.article.matter.image, case.terms
    if image is None or terms is None or case.publisher is None or case.is_reviewed(ReviewFinding.PERMISSION_GRANTED):
        return []
    is_theirs = image.source is not None and is_within(url.host(image.source), case.publisher.domains)
    # Without a source, a picture under the licence of the publisher's texts is taken for one of the publisher's.
    seems_theirs = is_theirs or (image.source is None and image.licence == terms.licence)
    if Condition.NO_IMAGES not in terms.conditions or not seems_theirs:
        return []
    message = f"{case.publisher.name} keeps its pictures out of the terms of its texts, and this seems to be one"
    at = ("image", "source") if is_theirs else ("image", "licence")
    return [Finding("rights/image-excluded", message, "Leave the picture out, or use one from elsewhere", at)]


def check(article: Article, policy: Policy) -> list[Finding]:
    """The picture that the front matter describes, and those that the text shows."""
    image = article.matter.image
    found = _described(image, article.matter.kind, policy) if image else []
    if image is not None and not policy.rights.images and image.licence not in (policy.own_licence, "LicenseRef-Own"):
        message = "config.yaml says that no pictures of others are shown"
        found.append(Finding("rights/image-off", message, "Leave the picture out", ("image",)))
    own = {image.file, f"./{image.file}"} if image else set()
    remedy = "Put a copy beside the article and describe it under 'image:' with its own rights, or leave it out"
    for shown in article.body.images:
        if unquote(shown.src) not in own:
            message = f"the text shows '{shown.src[:80]}', which no 'image:' describes"
            found.append(Finding("rights/image-unlicensed", message, remedy, shown.line))
    return found


def _described(image: Image, kind: Kind, policy: Policy) -> list[Finding]:
    found = [
        _unlicensed(f"the picture '{image.file}' has no {key} of its own", f"Add 'image.{key}', or leave it out")
        for key in ("creator", "credit", "licence")
        if getattr(image, key) is None
    ]
    found += _licence(image.licence, kind, policy)
    for key in ("creator", "credit", "alt"):
        text = getattr(image, key)
        if text and wire.names_agency(text, policy.register.agencies):
            message = f"'{text[:80]}' names an agency, whose pictures are not ours to show"
            found.append(Finding("rights/image-agency", message, "Leave the picture out", ("image", key)))
    return found


def _licence(name: str | None, kind: Kind, policy: Policy) -> list[Finding]:
    if name is None or (kind is Kind.OWN and name == policy.own_licence) or name == "LicenseRef-Own":
        return []
    licence = policy.register.licences.get(name)
    at = ("image", "licence")
    if licence is None:
        unknown = unknown_licence(name, policy.register)
        return [_unlicensed(f"the picture's {unknown.message}", unknown.remedy, at)]
    of_texts = {terms.licence for publisher in policy.register.publishers.values() for terms in publisher.terms}
    if name.startswith("LicenseRef-") and name in of_texts - _OF_PICTURES_TOO:
        message = f"'{name}' are a publisher's terms for its texts"
        return [_unlicensed(message, "Leave the picture out, or state the terms of the picture itself", at)]
    if not licence.permits_reprint:
        return [_unlicensed(f"'{name}' does not permit showing the picture", "Leave the picture out", at)]
    if policy.rights.commercial and not licence.permits_commercial_use:
        return [Finding("rights/non-commercial", non_commercial(name), "Leave the picture out", at)]
    return []


def _unlicensed(message: str, remedy: str, at: tuple[str, ...] = ("image",)) -> Finding:
    return Finding("rights/image-unlicensed", message, remedy, at)
