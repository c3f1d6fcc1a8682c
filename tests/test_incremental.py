"""A build that follows other builds leaves what a clean one would: over long random sequences of changes.

A machine makes change after change to a small digest (`paper.py`). After each it builds, in this process or in a fresh
one, and beside that a copy of the sources, made anew in another folder, is built into nothing. Both must end and say
the same; the output must be the same, byte for byte, and files whose bytes are the same must not have been touched.

`BROADSHEET_STEPS=5000 python -m pytest tests/test_incremental.py` makes that many changes; the usual number is 300.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, Phase, currently_in_test_context, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests import building, paper
from tests.building import MANIFEST, Fresh, Outcome
from tests.making import captured

STEPS = int(os.environ.get("BROADSHEET_STEPS", "300"))
AT_ONCE = 25
"""Changes to one digest, from its beginning."""
MOST_ARTICLES = 16
FLAGS = (
    *(("--drafts",), ("--future",), ("--keep-going",), ("--base-url", "https://preview.example/42/")),
    *(("--config", "other.yaml"), ("--verbose",)),
)
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 -- a folder of its own is made there
WHICH = st.integers(0, MOST_ARTICLES - 1)
"""An article or a page, by its place in the list of those there are."""
N = st.integers(0, 3)
"""A variant of what is written."""
counts: Counter[str] = Counter()


def say(text: str) -> None:
    """Say what is done, for whoever reads of a failure."""
    if currently_in_test_context():
        note(text)
    else:
        print(text)


class State(NamedTuple):
    """All that says what a clean build makes."""

    sources: dict[str, bytes]
    now: str
    flags: frozenset[tuple[str, ...]]


class Digest(RuleBasedStateMachine):
    """A digest, changed and built."""

    fresh: Fresh
    """For the clean builds."""
    other: Fresh
    """For builds of the digest itself in a process of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY)).resolve()
        self.paper = paper.make(self.folder / "site")
        self.paper.write("other.yaml", (self.paper.root / "config.yaml").read_bytes().replace(b"Weir", b"Other Weir"))
        self.now = paper.INSTANTS[0]
        self.flags: set[tuple[str, ...]] = set()
        self.output = self.paper.public
        self.foreign: dict[str, bytes] = {}
        """What is not ours in the output."""
        self.foreign_there: dict[str, bytes] = {}
        """The same in the other output folder."""
        self.builds = 0
        self.failures = 0
        self.held = 0
        self.good = self.state()
        self.build()

    def teardown(self) -> None:
        """Nothing stays."""
        shutil.rmtree(self.folder)

    # What is compared.

    @invariant()
    def the_output_is_that_of_a_clean_build(self) -> None:
        """After every change, or after two, built and compared; what is wrong for long is mended."""
        self.held -= 1
        if self.held > 0:
            return
        code = self.build()
        self.failures = self.failures + 1 if code else 0
        if code == 0:
            self.good = self.state()
        elif self.failures > self.builds % 2:
            self.mend()

    def state(self) -> State:
        """As it is now."""
        return State(building.source_files(self.paper.root), self.now, frozenset(self.flags))

    def mend(self) -> None:
        """Put the sources, the clock and the flags back to where all was well."""
        say("# all is put back as it was when it was well")
        sources, self.now, flags = self.good
        self.flags = set(flags)
        for path in building.source_files(self.paper.root).keys() - sources.keys():
            self.paper.write(path, None)
        for path, data in sources.items():
            if not (self.paper.root / path).exists() or (self.paper.root / path).read_bytes() != data:
                self.paper.write(path, data)
        self.failures = 0
        assert self.build() == 0

    def build(self, *more: str) -> int:
        """Build the digest as it is now and a copy of it cleanly, and compare; the exit code."""
        self.builds += 1
        arguments = ("--now", self.now, *(word for flag in sorted(self.flags) for word in flag), *more)
        source, copy = self.paper.root, self.folder / "copy"
        building.copy_of(source, copy)
        before, before_times = self.tree(), building.times(self.output)
        known = manifest(self.output)
        is_warm = self.builds % 3 != 0
        ours = self.arguments(source, self.output, *arguments, *building.jobs(1 + self.builds % 2))
        say(f"# build.py {' '.join(arguments)} ({'warm' if is_warm else 'fresh'} process)")
        self.fresh.start(*self.arguments(copy, copy / "public", *arguments))
        try:
            outcome = building.run(*ours) if is_warm else self.other.run(*ours)
        finally:
            clean = self.fresh.wait()
        should_be = building.files(copy / "public") if clean.code in (0, 3) else before
        shutil.rmtree(copy)
        self.compare(outcome, clean, should_be, known)
        self.compare_times(before, before_times)
        counts["builds"] += 1
        counts[f"ended {outcome.code}"] += 1
        counts["wrote something"] += outcome.written > 0
        return outcome.code

    def arguments(self, source: Path, output: Path, *arguments: str) -> tuple[str, ...]:
        """Those of a build; the configuration is named by its path, as it lies outside of the folder one is in."""
        words = (str(source / "other.yaml") if word == "other.yaml" else word for word in arguments)
        return "build", "-s", str(source), "-o", str(output), *words

    def tree(self) -> dict[str, bytes]:
        """The output without what is not ours."""
        return {path: data for path, data in building.files(self.output).items() if path not in self.foreign}

    def compare(
        self, outcome: Outcome, clean: Outcome, should_be: dict[str, bytes], known: dict[str, dict[str, str]]
    ) -> None:
        """The exit code, what was said, and every byte."""
        assert outcome.code == clean.code, f"ended {outcome.code}, should be {clean.code}: {outcome.err}{clean.err}"
        reasons = ("Wrote ", "Left ")
        said = [line for line in outcome.said(self.folder / "site") if not line.startswith(reasons)]
        assert said == [line for line in clean.said(self.folder / "copy") if not line.startswith(reasons)]
        is_ = self.tree()
        assert building.differences(is_, should_be) == []
        assert {path: (self.output / path).read_bytes() for path in self.foreign} == self.foreign
        assert building.empty_folders(self.output) == [], "folders in which nothing is"
        extra = building.beside(self.paper.root) - {"content", "static", "themes", "templates", "public", ".cache"}
        assert extra <= {"config.yaml", "other.yaml"}, "something is left over beside the output"
        if clean.code in (0, 3):
            # The manifest keeps the first id that a page had in feeds, as long as there is that page.
            ids = {**manifest_of(should_be[MANIFEST])["ids"], **known["ids"]}
            expected = {path: number for path, number in ids.items() if path in should_be}
            assert manifest_of(is_[MANIFEST])["ids"] == expected
        if outcome.code in (1, 2):
            assert is_ == should_be, "a build that failed changed the output"

    def compare_times(self, before: dict[str, bytes], before_times: dict[str, int]) -> None:
        """Whatever has the bytes that it had was not touched."""
        after = building.times(self.output)
        same = [path for path, data in self.tree().items() if before.get(path) == data]
        touched = [path for path in [*same, *self.foreign] if after[path] != before_times.get(path, after[path])]
        assert touched == [], "touched, and the same as before"

    # What is changed.

    def article(self, which: int) -> str:
        """An article's path."""
        paths = self.paper.articles()
        path = paths[which % len(paths)]
        say(f"# {path}")
        return path

    def page(self, which: int) -> str:
        """A page's path."""
        paths = self.paper.pages()
        path = paths[which % len(paths)]
        say(f"# {path}")
        return path

    def write(self, path: str, content: str | bytes | None) -> None:
        """Write a file of the sources, or remove it."""
        say(f"# {path}: {content!r}")
        self.paper.write(path, content)

    @rule()
    def two_at_once(self) -> None:
        """Build only after two more changes."""
        self.held = 3

    @rule()
    def nothing(self) -> None:
        """Build twice: the second writes nothing, nowhere."""
        if self.build() in (0, 3):
            before = building.times(self.output)
            outcome = building.run(*self.arguments(self.paper.root, self.output, "--now", self.now, *self.plain()))
            assert outcome.written == 0
            assert building.times(self.output) == before

    def plain(self) -> list[str]:
        """The flags in use."""
        return [word for flag in sorted(self.flags) for word in flag]

    @rule(which=WHICH, n=N)
    def edit_body(self, which: int, n: int) -> None:
        """Other words in the text."""
        path = self.article(which)
        _, quote, rest = self.paper.body(path).partition("\n\n")
        self.paper.change(path, body=f"{paper.SENTENCES[n]} {paper.SENTENCES[-1]}{quote}{rest}")

    @rule(which=WHICH, n=N)
    def edit_summary(self, which: int, n: int) -> None:
        """Another summary, or none."""
        self.paper.change(self.article(which), summary=None if n == 0 else paper.SENTENCES[n])

    @rule(which=WHICH, n=N)
    def retitle(self, which: int, n: int) -> None:
        """Another headline."""
        self.paper.change(self.article(which), title=f"A headline {'once more ' * n}for all")

    @rule(which=WHICH, instant=st.sampled_from(paper.INSTANTS))
    def redate(self, which: int, instant: str) -> None:
        """Another date, perhaps the instant of the build or one to come."""
        self.paper.change(self.article(which), date=instant)

    @rule(which=WHICH, n=N)
    def update(self, which: int, n: int) -> None:
        """A date of change."""
        self.paper.change(self.article(which), updated=(None, "2024-06-01", "2026-11-20", "2027-01-01")[n])

    @rule(which=WHICH)
    def draft(self, which: int) -> None:
        """A draft, or none any more."""
        path = self.article(which)
        self.paper.change(path, draft=None if self.paper.matter(path).get("draft") else True)

    @rule(which=WHICH, n=N)
    def story(self, which: int, n: int) -> None:
        """Another story, or none."""
        self.paper.change(self.article(which), story=(None, "flood", "fair", "flood")[n])

    @rule(which=WHICH, n=st.integers(0, 5), m=st.integers(0, 5))
    def topics(self, which: int, n: int, m: int) -> None:
        """Other topics: two, one or none."""
        self.paper.change(self.article(which), topics=sorted({*paper.TOPICS[n:m], *paper.TOPICS[m : m + 1]}))

    @rule(which=WHICH, n=N)
    def slug(self, which: int, n: int) -> None:
        """Another address, perhaps one that another article has."""
        path = self.article(which)
        name = PurePosixPath(path).stem
        self.paper.change(path, slug=(None, f"{name}-again", f"on-{name}", "river")[n])

    @rule(which=WHICH, n=N)
    def alias(self, which: int, n: int) -> None:
        """A former address."""
        path = self.article(which)
        name = PurePosixPath(path).stem
        self.paper.change(path, aliases=[f"/old/{name}/", f"/old/{name}.html", "/2020/01/it/"][:n])

    @rule(which=WHICH, to=st.sampled_from(("full", "link", "own")))
    def kind(self, which: int, to: str) -> None:
        """More of somebody's work or less of it, as the gate allows."""
        path = self.article(which)
        if (self.paper.matter(path)["kind"] == "own") == (to == "own"):
            self.paper.change(path, kind=to, body=" ".join(paper.SENTENCES[:2]))

    @rule(which=WHICH, publisher=st.sampled_from(("voa", "herald", "The Daily Unknown", "daily")))
    def publisher(self, which: int, publisher: str) -> None:
        """Another publisher of a work, which may not let it be reprinted."""
        path = self.article(which)
        origin = self.paper.matter(path).get("origin")
        if isinstance(origin, dict):
            self.paper.change(
                path, origin={**origin, "publisher": publisher, "url": f"https://{PurePosixPath(path).stem}.example/"}
            )

    @rule(which=WHICH, n=N)
    def taken_in(self, which: int, n: int) -> None:
        """When the original was: its page and the bill of materials say so, no other page does."""
        path = self.article(which)
        retrieved = self.paper.matter(path).get("retrieved")
        if isinstance(retrieved, dict):
            self.paper.change(path, retrieved={**retrieved, "at": f"2024-02-2{n}T07:00:00Z"})

    @rule(which=WHICH)
    def as_captured(self, which: int) -> None:
        """A reprint is letter for letter the original, until its text is edited."""
        path = self.article(which)
        retrieved = self.paper.matter(path).get("retrieved")
        if isinstance(retrieved, dict) and self.paper.matter(path)["kind"] == "full":
            self.paper.change(path, retrieved={**retrieved, **captured(self.paper.body(path))})

    @rule(which=WHICH, n=N)
    def correct(self, which: int, n: int) -> None:
        """Corrections, more or fewer."""
        path = self.article(which)
        self.paper.change(
            path, corrections=[{"date": f"2024-06-0{m + 1}", "text": paper.SENTENCES[m]} for m in range(n)]
        )

    @rule(which=WHICH)
    def withdraw(self, which: int) -> None:
        """Withdrawn, or back again."""
        path = self.article(which)
        is_withdrawn = self.paper.matter(path).get("withdrawn")
        withdrawn = None if is_withdrawn else {"date": "2026-11-01", "reason": "It was not so."}
        self.paper.change(path, withdrawn=withdrawn)

    @rule(which=WHICH)
    def fingerprint(self, which: int) -> None:
        """The fingerprint beside an article goes, or comes from another."""
        path = self.article(which).replace(".md", ".fingerprint")
        others = sorted(self.paper.root.glob("content/articles/**/*.fingerprint"))
        is_there = (self.paper.root / path).exists()
        self.write(path, None if is_there or not others else others[0].read_bytes())

    @rule(which=WHICH)
    def touch(self, which: int) -> None:
        """Another time, the same bytes."""
        path = self.paper.root / self.article(which)
        os.utime(path, ns=(1_700_000_000_000_000_000 + which,) * 2)

    @rule(which=WHICH, is_time_kept=st.booleans())
    def change_and_keep_the_size(self, which: int, is_time_kept: bool) -> None:
        """Other bytes, as many; and perhaps of the same time."""
        path = self.paper.root / self.article(which)
        text, time = path.read_text(), path.stat().st_mtime_ns
        at = text.index("title: ") + 8
        path.write_text(text[:at] + ("B" if text[at] == "A" else "A") + text[at + 1 :])
        if is_time_kept:
            os.utime(path, ns=(time, time))

    @rule(
        path=st.sampled_from(
            ("config.yaml", "static/hello.txt", "themes/probe/static/probe.css", "templates/sign.html")
        )
    )
    def change_another_file_and_keep_size_and_time(self, path: str) -> None:
        """Other bytes, as many, of the same time: not of an article."""
        file = self.paper.root / path
        text, time = file.read_text() if file.exists() else "", file.stat().st_mtime_ns if file.exists() else 0
        swapped = {"e": "a", "a": "e"}
        at = next((n for n in range(len(text) - 3, 0, -1) if path != "config.yaml" and text[n] in swapped), None)
        if path == "config.yaml" and '"The ' in text:
            file.write_text(text.replace('"The ', '"One '))
        elif path == "config.yaml":
            file.write_text(text.replace('"One ', '"The '))
        elif at is not None and path != "templates/sign.html":
            file.write_text(text[:at] + swapped[text[at]] + text[at + 1 :])
        elif "sealed" in text or "signed" in text:
            file.write_text(text.replace("sealed", "SIGNED") if "sealed" in text else text.replace("signed", "sealed"))
        if file.exists():
            os.utime(file, ns=(time, time))

    @rule(which=WHICH, n=N)
    def rename(self, which: int, n: int) -> None:
        """Another name of the file, and so another address where no slug is set."""
        path = PurePosixPath(self.article(which))
        name = path.stem.split("-")[0]
        if not (self.paper.root / (new := path.with_name(f"{name}-{n}.md"))).exists():
            self.paper.move(str(path), str(new))

    @rule(which=WHICH, folder=st.sampled_from(("2024/03", "2024/04", "elsewhere/deep/down")))
    def move(self, which: int, folder: str) -> None:
        """Into another folder."""
        path = PurePosixPath(self.article(which))
        if not (self.paper.root / (new := f"content/articles/{folder}/{path.name}")).exists():
            self.paper.move(str(path), new)

    @rule(one=WHICH, other=WHICH)
    def swap(self, one: int, other: int) -> None:
        """Two files change their names, each with its size and time."""
        first, second = (self.paper.root / self.article(which) for which in (one, other))
        between = first.with_suffix(".between")
        first.rename(between)
        if second.exists():
            second.rename(first)
        between.rename(second)

    @rule(which=WHICH)
    def delete(self, which: int) -> None:
        """Gone."""
        if len(self.paper.articles()) > 6:
            self.paper.delete(self.article(which))

    @rule(
        name=st.sampled_from(paper.NAMES),
        sort=st.sampled_from(paper.SORTS),
        seed=N,
        instant=st.sampled_from(paper.INSTANTS),
    )
    def add(self, name: str, sort: str, seed: int, instant: str) -> None:
        """One more, or another in its place."""
        if len(self.paper.articles()) < MOST_ARTICLES:
            self.paper.add(name, sort, seed, date=instant)

    @rule(which=WHICH, n=N)
    def picture(self, which: int, n: int) -> None:
        """A picture, another, or none; and other bytes of it."""
        path = self.article(which)
        image = {"file": "gauge.png", "alt": f"Gauge {n}", "licence": "CC-BY-4.0", "creator": "A", "credit": "A"}
        if self.paper.matter(path)["kind"] == "own":
            self.write(f"{PurePosixPath(path).parent}/gauge.png", paper.PICTURE + bytes(n))
            self.paper.change(path, image=image if n else None)

    @rule(n=N, is_time_kept=st.booleans())
    def picture_bytes(self, n: int, is_time_kept: bool) -> None:
        """Other bytes of the pictures there are, as many, perhaps of the same time."""
        for file in sorted(self.paper.root.glob("content/**/gauge.png")):
            time = file.stat().st_mtime_ns
            file.write_bytes(paper.PICTURE[:-1] + bytes([n]))
            if is_time_kept:
                os.utime(file, ns=(time, time))

    @rule(which=WHICH, n=N)
    def edit_page(self, which: int, n: int) -> None:
        """Other words, title or summary of a page, which menus may show."""
        path = self.page(which)
        field: Any = {
            0: {"body": paper.SENTENCES[0]},
            1: {"title": "Contact"},
            2: {"summary": "All of us"},
            3: {"title": "About"},
        }
        self.paper.change(path, **field[n])

    @rule(name=st.sampled_from(("imprint", "team")), n=N)
    def add_page(self, name: str, n: int) -> None:
        """One more page, another or none."""
        path = f"content/pages/{name}.md"
        if n == 0:
            self.write(path, None)
        else:
            self.paper.change(path, title=name.title(), body=paper.SENTENCES[n], slug=None if n == 1 else f"{name}-{n}")

    @rule(which=WHICH)
    def draft_page(self, which: int) -> None:
        """A page is a draft, or none any more."""
        path = self.page(which)
        self.paper.change(path, draft=None if self.paper.matter(path).get("draft") else True)

    @rule(path=st.sampled_from(("hello.txt", "deep/er/x.bin", "theme/probe.css", ".well-known/x", "about/x")), n=N)
    def static(self, path: str, n: int) -> None:
        """A file that is copied: other, more, none; perhaps over one of the theme."""
        self.write(f"static/{path}", None if n == 0 else bytes([n]) * 100)

    @rule(data=st.data(), key=st.sampled_from([key for key, _ in paper.SETTINGS]))
    def configure(self, data: st.DataObject, key: str) -> None:
        """A setting, or the site's own entries in the registers."""
        value = data.draw(st.sampled_from(dict(paper.SETTINGS)[key]), label=key)
        self.paper.configure(**{key: value})

    @rule()
    def switch_theme(self) -> None:
        """The package's theme, or the site's own."""
        is_own = b"probe" in (self.paper.root / "config.yaml").read_bytes()
        self.paper.configure(theme=None if is_own else "probe", theme_options=None)

    @rule(data=st.data(), path=st.sampled_from([path for path, _ in paper.TEMPLATES]))
    def template(self, data: st.DataObject, path: str) -> None:
        """A file of the theme or the site's own templates: other, more, none."""
        self.write(path, data.draw(st.sampled_from(dict(paper.TEMPLATES)[path]), label="text"))

    @rule(instant=st.sampled_from(paper.INSTANTS))
    def clock(self, instant: str) -> None:
        """Later, or earlier."""
        self.now = instant

    @rule(flag=st.sampled_from(FLAGS))
    def flag(self, flag: tuple[str, ...]) -> None:
        """A flag is given from now on, or not any more."""
        self.flags ^= {flag}

    @rule()
    def elsewhere(self) -> None:
        """From now on into the other output folder."""
        self.foreign, self.foreign_there = self.foreign_there, self.foreign
        self.output = self.folder / "elsewhere" if self.output == self.paper.public else self.paper.public

    @rule(mistake=st.sampled_from(paper.MISTAKES))
    def mistake(self, mistake: tuple[str, str, str | bytes]) -> None:
        """Something is wrong, and is mended later."""
        what, path, text = mistake
        say(f"# {what}")
        self.write(path, text)

    @rule()
    def link(self) -> None:
        """A symbolic link among the articles."""
        path = self.paper.root / "content/articles/2024/03/link.md"
        if not path.is_symlink():
            path.symlink_to(self.paper.root / self.paper.articles()[0])

    # What happens to what was built.

    @rule(which=st.integers(0, 60), how=st.sampled_from(("deleted", "altered", "cut", "empty")))
    def damage(self, which: int, how: str) -> None:
        """A file of the output is not what it was."""
        ours = sorted(self.tree().keys() - {MANIFEST})
        if not ours:
            return
        path = self.output / ours[which % len(ours)]
        say(f"# {path.name} in the output is {how}")
        data = path.read_bytes()
        path.unlink()
        if how == "deleted" and not any(path.parent.iterdir()) and path.parent != self.output:
            path.parent.rmdir()
        elif how != "deleted":
            path.write_bytes({"altered": data[:-1] + b"?", "cut": data[: len(data) // 2], "empty": b""}[how])

    @rule()
    def lose_the_output(self) -> None:
        """The whole output is gone."""
        shutil.rmtree(self.output, ignore_errors=True)
        self.foreign = {}

    @rule(path=st.sampled_from(paper.FOREIGN))
    def somebody_else_s_file(self, path: str) -> None:
        """A file that is not ours in the output."""
        (self.output / path).parent.mkdir(parents=True, exist_ok=True)
        (self.output / path).write_bytes(b"mine")
        self.foreign[path] = b"mine"

    @rule()
    def lose_the_cache(self) -> None:
        """The cache is gone."""
        shutil.rmtree(self.paper.root / ".cache", ignore_errors=True)

    @rule()
    def clean(self) -> None:
        """`clean` takes what is ours out of the output."""
        building.run("clean", "-s", str(self.paper.root), "-o", str(self.output))
        assert self.tree() == {}

    @precondition(lambda _: building.offers("--no-cache"))
    @rule()
    def without_cache(self) -> None:
        """A build with `--no-cache`, between those with one."""
        self.build("--no-cache")


def manifest_of(data: bytes) -> dict[str, Any]:
    """A manifest's files and ids."""
    read: dict[str, Any] = json.loads(data)
    return read


def manifest(output: Path) -> dict[str, Any]:
    """The manifest of an output; one of nothing where there is none."""
    file = output / MANIFEST
    return manifest_of(file.read_bytes()) if file.exists() else {"files": [], "ids": {}}


def test_any_sequence_of_changes_leaves_what_a_clean_build_makes(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code, problems, every byte, and the times of what stayed."""
    counts.clear()
    with building.fresh() as Digest.fresh, building.fresh() as Digest.other:
        run_state_machine_as_test(
            Digest,
            settings=settings(
                max_examples=max(1, STEPS // AT_ONCE),
                stateful_step_count=AT_ONCE,
                suppress_health_check=list(HealthCheck),
                phases=(Phase.reuse, Phase.generate),  # to shrink a sequence takes many minutes
                print_blob=False,
            ),
        )
    with capsys.disabled():
        print(f"\n{dict(counts)}")
    assert counts["builds"] >= STEPS * 0.6
    assert counts["ended 0"] > counts["builds"] / 2


@pytest.fixture
def digest() -> Iterator[Digest]:
    """A digest, built once."""
    with building.fresh() as Digest.fresh, building.fresh() as Digest.other:
        made = Digest()
        yield made
        made.teardown()


def test_every_setting_and_every_entry_of_the_registers_is_seen(digest: Digest) -> None:
    """One after the other, each from what the one before made of the site."""
    for key, values in paper.SETTINGS:
        for value in (*values[1:], values[0]):
            say(f"{key}: {value}")
            digest.paper.configure(**{key: value})
            digest.build()


def test_every_template_and_every_file_of_a_theme_is_seen(digest: Digest) -> None:
    """Those of the theme and the site's own, reached in whatever way; each text in the place of the one before."""
    digest.paper.write("templates/article.html", dict(paper.TEMPLATES)["templates/article.html"][1])
    for path, texts in paper.TEMPLATES:
        for text in (*texts[1:], texts[0]):
            say(f"{path}: {text}")
            digest.paper.write(path, text)
            assert digest.build() == 0


def test_every_mistake_is_seen_and_its_mending(digest: Digest) -> None:
    """In an article, the configuration, a template: nothing is published, all of it when it is mended."""
    for what, path, text in paper.MISTAKES:
        say(what)
        file = digest.paper.root / path
        before = file.read_bytes() if file.exists() else None
        digest.paper.write(path, text)
        assert digest.build() in (1, 2)
        assert digest.build("--keep-going") in (1, 2, 3)
        digest.paper.write(path, before)
        assert digest.build() == 0
