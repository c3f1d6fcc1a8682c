"""The same pages and feeds that Broadsheet makes of the same articles."""

SITENAME = "The Made-up Paper"
SITEURL = FEED_DOMAIN = "https://paper.example"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "theme"
PLUGIN_PATHS = ["plugins"]
PLUGINS = ["neighbours"]

PATH = "content"
ARTICLE_PATHS = ["articles"]
PAGE_PATHS = ["pages"]
STATIC_PATHS: list[str] = []
OUTPUT_PATH = "public"

ARTICLE_URL = "{date:%Y}/{date:%m}/{slug}/"
PAGE_URL = "{slug}/"
TAG_URL = "topics/{slug}/"
CATEGORY_URL = "publishers/{slug}/"
MONTH_ARCHIVE_URL = "archive/{date:%Y}/{date:%m}/"
ARTICLE_SAVE_AS, PAGE_SAVE_AS, TAG_SAVE_AS, CATEGORY_SAVE_AS, MONTH_ARCHIVE_SAVE_AS = (
    f"{address}index.html" for address in (ARTICLE_URL, PAGE_URL, TAG_URL, CATEGORY_URL, MONTH_ARCHIVE_URL)
)
AUTHOR_SAVE_AS = DRAFT_SAVE_AS = ""

DIRECT_TEMPLATES = ["index", "tags", "categories", "archives", "404", "sitemap"]
TAGS_SAVE_AS = "topics/index.html"
CATEGORIES_SAVE_AS = "publishers/index.html"
ARCHIVES_SAVE_AS = "archive/index.html"
SITEMAP_SAVE_AS = "sitemap.xml"

DEFAULT_PAGINATION = 20
PAGINATED_TEMPLATES = dict.fromkeys(("index", "tag", "category", "period_archives"))
PAGINATION_PATTERNS = [
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
]

FEED_ALL_RSS = "feed.xml"
TAG_FEED_RSS = "topics/{slug}/feed.xml"
CATEGORY_FEED_RSS = "publishers/{slug}/feed.xml"
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
FEED_MAX_ITEMS = 20
RSS_FEED_SUMMARY_ONLY = False
