"""How long a reader of a preview waits: from an article's being saved to the new words on the screen, in Chromium.

    python benchmarks/serving.py [N] [--edits N] [--poll] [--site FOLDER]        20 articles and 20 edits unless told

Prints the median and the worst, in milliseconds: of the whole, of the build as the server states it, and of the rest,
which is what the preview itself costs: seeing the edit, telling the page, loading it again, drawing it. An edit of
another article, which is to leave the page alone, is made between two that count. Needs what requirements-heavy.txt
and requirements-serve.txt name, and Chromium at $CHROMIUM or /usr/bin/chromium.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import corpus

ROOT = Path(__file__).resolve().parent.parent
MATTER = "---\ntitle: {title}\ndate: 2026-01-02T03:04:05Z\nkind: own\nsummary: Nothing but a measure.\n---\n\n{words}\n"
PAGE = "2026/01/measured/"
# When the words of each edit were first drawn: a frame is drawn between its callback and the next task.
CLOCK = """
window.seen = {};
const look = () => requestAnimationFrame(() => setTimeout(() => {
  const words = /Edit \\d+ of this/.exec(document.querySelector("main")?.textContent);
  if (words) seen[words[0]] ??= performance.timeOrigin + performance.now();
}));
addEventListener("DOMContentLoaded", look);
new MutationObserver(look).observe(document, { childList: true, subtree: true });
"""
DRAWN = """words => new Promise(done => {
  const timer = setInterval(() => words in seen && (clearInterval(timer), done(seen[words])), 2);
})"""


def main(arguments: list[str]) -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", nargs="?", type=int, default=20)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--poll", action="store_true", help="as `serve --poll`")
    parser.add_argument("--site", type=Path, help="a folder to make the site in, or with one made by corpus.py")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        site = options.site or Path(folder) / "site"
        if not site.exists():
            corpus.write(options.articles, site)
        for name in ("measured", "other"):
            edit(site, name, "Before any edit.")
        whole, build = measure(site, options.edits, ["--poll"] if options.poll else [])
    print(f"{options.articles} articles, {options.edits} edits     median   worst")
    for name, values in (
        ("from saving to seeing", whole),
        ("of that the build", build),
        ("of that the preview", [w - b for w, b in zip(whole, build, strict=True)]),
    ):
        print(f"{name:<30} {statistics.median(values):6.0f}  {max(values):6.0f}  ms")
    return 0


def edit(site: Path, name: str, words: str) -> None:
    """Save an article as editors do: at once, in place."""
    file = site / "content/articles/2026/01" / f"{name}.md"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(MATTER.format(title=name.capitalize(), words=words), encoding="utf-8")


def measure(site: Path, edits: int, flags: list[str]) -> tuple[list[float], list[float]]:
    """Milliseconds from saving to seeing, and of the build, an edit."""
    from playwright.sync_api import sync_playwright

    whole, builds = [], []
    with preview(site, flags) as lines, sync_playwright() as playwright:
        address = next(line.split()[4] for line in lines if line.startswith("Look at it"))
        executable = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.add_init_script(CLOCK)
        page.goto(address + PAGE)
        for n in range(edits):
            edit(site, "other", f"Edit {n} of the other.")
            seconds(lines)
            time.sleep(0.3)
            saved = time.time()
            edit(site, "measured", f"Edit {n} of this.")
            page.get_by_text(f"Edit {n} of this.").wait_for()
            whole.append(page.evaluate(DRAWN, f"Edit {n} of this") - saved * 1000)
            builds.append(seconds(lines) * 1000)
        browser.close()
    return whole, builds


def seconds(lines: Iterable[str]) -> float:
    """What the next build took."""
    return next(float(found[1]) for line in lines if (found := re.search(r", in ([\d.]+) s$", line.strip())))


@contextmanager
def preview(site: Path, flags: list[str]) -> Iterator[Iterator[str]]:
    """The lines that a preview prints, while it runs."""
    command = [sys.executable, str(ROOT / "build.py"), "serve", "--source", str(site), "--port", "0", *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- a command of our own
    assert process.stdout is not None
    try:
        yield iter(process.stdout.readline, "")
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
