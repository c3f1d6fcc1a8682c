"""What stands on every page: the nameplate, the menu, the foot."""

from __future__ import annotations

import broadsheet
from broadsheet.site import urls, wording
from broadsheet.site.assemble import Site
from broadsheet.site.head import site_feeds
from broadsheet.site.views import LinkView, SiteView


def _menu(site: Site) -> list[tuple[str, str]]:
    stories = [("Stories", urls.STORIES)] if site.stories else []
    first = [("Latest", urls.HOME), ("Topics", urls.TOPICS), ("Publishers", urls.PUBLISHERS)]
    return [*first, *stories, ("Archive", urls.ARCHIVE), ("Sources & terms", urls.SOURCES)]


def masthead(site: Site) -> SiteView:
    """The record that templates see as `site`."""
    config, base = site.config, site.base
    licence = config.register.licences[config.licence]
    menu = [(entry.title, entry.address) for entry in config.navigation] or _menu(site)
    return SiteView(
        title=config.title,
        description=config.description,
        home=base.href(urls.HOME),
        date=wording.weekday(site.articles[0].date) if site.articles else None,
        navigation=tuple(LinkView(title, base.reference(address)) for title, address in menu),
        pages=tuple(LinkView(page.matter.title, base.href(urls.page(page.slug))) for page in site.pages),
        feed=base.href(urls.feed(urls.HOME, config.feeds.formats[0])),
        feed_links=site_feeds(site.imprint),
        feeds=base.href(urls.FEEDS),
        sources=base.href(urls.SOURCES),
        editor=config.editor or "",
        licence=LinkView(licence.name, licence.url or ""),
        generator=f"Broadsheet {broadsheet.__version__}",
    )
