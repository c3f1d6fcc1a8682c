"""Take the pictures of the sample site that the documents show.

python docs/pictures.py [FOLDER]    needs Chromium and requirements-heavy.txt; writes docs/pictures/*.png
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.heavy.conftest import CHROMIUM, FLAGS, sample, serve  # noqa: E402

PAGES = {
    "home": "",
    "reprint": "2023/12/us-mexico-discuss-options/",
    "excerpt": "2023/12/us-officials-meet-with-mexican-president/",
    "topic": "topics/migration/",
    "sources-and-terms": "sources-and-terms/",
}
SHOTS = [(390, "light"), (1280, "light")]
DARK = {"home": [(1280, "dark")], "reprint": [(390, "dark")]}


def main(folder: Path) -> None:
    """Take all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        site = sample(Path(temporary))
        result = site.build()
        if result.code:
            sys.exit(result.err)
        server = serve(site.public)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, path in PAGES.items():
            for width, scheme in SHOTS + DARK.get(name, []):
                page = browser.new_page(viewport={"width": width, "height": 860}, color_scheme=scheme)  # type: ignore[arg-type]
                page.goto(f"http://127.0.0.1:{server.server_address[1]}/{path}")
                page.evaluate("document.fonts.ready")
                suffix = "-dark" if scheme == "dark" else ""
                page.screenshot(path=folder / f"{name}-{width}{suffix}.png", full_page=name != "reprint")
                page.close()
        browser.close()
        server.shutdown()
        server.server_close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
