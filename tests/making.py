"""What the tests build with: a site in a temporary folder, articles by their differences from a good one."""

from __future__ import annotations

import hashlib
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from broadsheet.cli import main
from broadsheet.reading import markdown
from broadsheet.words import sha256

CONFIG = "title: The Test Paper\nbase_url: https://paper.example/\n"
NOW = "2026-11-21T12:00:00Z"
WORDS = "Our own words say why this is worth reading."
ARTICLE = {
    "title": "A river rises",
    "date": "2024-03-02T08:00:00Z",
    "kind": "full",
    "summary": "Water in the lower town.",
    "topics": ["Weather"],
    "origin": {
        "publisher": "voa",
        "url": "https://www.voanews.com/a/river.html",
        "authors": ["Ada Reporter"],
        "published": "2024-03-01",
    },
    "retrieved": {
        "from": "https://www.voanews.com/a/river.html",
        "at": "2024-03-02T07:00:00Z",
        "sha256": "0" * 64,
        "words": 400,
    },
    "licence": "LicenseRef-USGov-PD",
}
"""The front matter of an article that may be published."""


@dataclass(frozen=True)
class Result:
    """What a run of the command line did."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Site:
    """A site in a folder."""

    root: Path

    @property
    def public(self) -> Path:
        """The output."""
        return self.root / "public"

    def write(self, path: str, content: str | bytes) -> Path:
        """Write a file of the site."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def article(self, name: str = "river", body: str = WORDS, **changes: object) -> str:
        """Write an article; `changes` replace fields, None leaves one out. Its path.

        Its hash is that of its name, for several may have one body and are to be different works. Where a text may not
        be changed, `retrieved` is to say `captured(body)`.
        """
        path = f"content/articles/2024/03/{name}.md"
        digest = hashlib.sha256(name.encode()).hexdigest()
        retrieved = {**ARTICLE["retrieved"], "sha256": digest}  # type: ignore[dict-item]
        self.write(path, matter({**ARTICLE, "retrieved": retrieved, **changes}) + body + "\n")
        return path

    def run(self, *arguments: str) -> Result:
        """Run the command line in this process."""
        out, err = io.StringIO(), io.StringIO()
        verb, *rest = arguments
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = main([verb, "--source", str(self.root), *rest])
            except SystemExit as stopped:
                code = int(stopped.code or 0)
        return Result(code, out.getvalue(), err.getvalue())

    def build(self, *arguments: str) -> Result:
        """Build as at `NOW`."""
        return self.run("build", "--now", NOW, *arguments)

    def read(self, path: str) -> str:
        """A file of the output."""
        return (self.public / path).read_text(encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """All of the output, by path."""
        return {str(p.relative_to(self.public)): p.read_bytes() for p in self.public.rglob("*") if p.is_file()}


def captured(body: str) -> dict[str, object]:
    """What `retrieved` says of a text that was captured as this markdown shows it: its true hash, its links."""
    read = markdown.read(body)
    return {"sha256": sha256(" ".join(passage.text for passage in read.passages)), "links": len(read.links)}


def matter(fields: dict[str, object]) -> str:
    """A front matter. JSON is YAML, so each value is written as JSON."""
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items() if value is not None]
    return "---\n" + "\n".join(lines) + "\n---\n\n"
