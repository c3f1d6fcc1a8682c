"""What a subscriber reads of an article, in every format: kind and origin, what was put right, the text, the credit.

Its markup is plain, so that the sanitisers of readers keep it.
"""

from __future__ import annotations

from broadsheet.render.credit import byline_html, corrections_html, credit_html, picture_html, withdrawal_html
from broadsheet.site.feed import FeedItem
from broadsheet.site.views import LongMarkup
from broadsheet.site.wording import joined

CHANNEL_RIGHTS = "Each item states whose words it holds and under what terms. No licence covers the feed as a whole."
"""A licence of a whole feed would be claimed of the words of others in it."""


def content_html(item: FeedItem) -> LongMarkup:
    """The body of an item, as HTML."""
    before = byline_html(item.slip.label, joined(item.authors), item.original) + corrections_html(item.corrections)
    picture = picture_html(item.image) if item.image else ""
    before += withdrawal_html(item.withdrawn) + picture
    return b"%b%b%b" % (before.encode(), item.html, credit_html(item.slip).encode())
