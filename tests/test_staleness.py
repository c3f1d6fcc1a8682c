"""Changes that are easily overlooked: behind links, and between the look around and the turn to publish."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from broadsheet.build import engine, last
from broadsheet.build.inputs import COARSE_GRAIN, GRAIN, Inputs, unread
from broadsheet.build.last import Asked, Glance, glance
from broadsheet.build.publish import publishing
from tests import building, making, paper
from tests.paper import Paper

NOW = paper.INSTANTS[0]


@pytest.fixture
def site(tmp_path: Path) -> Paper:
    """A digest of its own, built."""
    made = paper.make(tmp_path.resolve() / "site")
    made.configure(theme_options=None)  # so that the theme.yaml says what is shown
    build(made)
    return made


def settle() -> None:
    """Wait until all that was changed is so old that a stamp can be relied on."""
    time.sleep(2 * GRAIN / 1e9)


def build(site: Paper) -> dict[str, bytes]:
    """Build as a user does; the output, which is that of a clean build."""
    settle()
    outcome = building.run("build", "-s", str(site.root), "--now", NOW)
    assert outcome.code == 0, outcome
    made = building.files(site.public)
    assert not building.differences(made, building.clean(site.root, "--now", NOW)[1])
    return made


@pytest.mark.parametrize(
    ("link", "edited", "old", "new"),
    [
        ("config.yaml", "", "Weir", "Other Weir"),
        ("themes/probe", "templates/foot.html", "{{ sign(1) }}", "a plain foot"),
        ("themes/probe", "static/probe.css", "probe", "a probe"),
        ("themes/probe", "theme.yaml", "Hello", "Servus"),
        ("themes/probe/theme.yaml", "", "Hello", "Servus"),
    ],
)
def test_an_edit_behind_a_link_is_seen(site: Paper, link: str, edited: str, old: str, new: str) -> None:
    """The configuration and themes may be kept elsewhere and linked to."""
    behind = site.root.parent / "elsewhere"
    (site.root / link).rename(behind)
    (site.root / link).symlink_to(behind)
    before = build(site)
    file = behind / edited if edited else behind
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    assert build(site) != before


@pytest.mark.parametrize("is_pictured", [False, True])
def test_an_edit_that_no_other_page_shows_plans_nothing(
    site: Paper, monkeypatch: pytest.MonkeyPatch, is_pictured: bool
) -> None:
    """Its line in the bill of materials is changed where it stands, with the digest of its picture."""
    path = site.add("lock", "link", seed=1)
    if is_pictured:
        site.write("content/articles/2024/03/gauge.png", paper.PICTURE)
        site.change(
            path, image={"file": "gauge.png", "alt": "G", "licence": "CC-BY-4.0", "creator": "A", "credit": "A"}
        )
    before = build(site)
    retrieved = site.matter(path)["retrieved"]
    assert isinstance(retrieved, dict)
    site.change(path, retrieved={**retrieved, "at": "2024-02-29T07:00:00Z"})
    monkeypatch.setattr(engine, "settle", None)
    after = build(site)
    changed = {file for file in after if after[file] != before.get(file)}
    assert "rights.json" in changed
    assert not {"index.html", "topics/index.html"} & changed


def test_the_first_edit_of_a_reprint_plans_nothing(site: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is what was captured no more: its page, the bill and the count of such reprints say so, again and again."""
    path = site.add("lock", "voa", seed=1)
    captured, retrieved = site.body(path), site.matter(path)["retrieved"]
    assert isinstance(retrieved, dict)
    site.change(path, retrieved={**retrieved, **making.captured(captured)})
    as_captured = build(site)
    monkeypatch.setattr(engine, "settle", None)
    for said in (f"{captured} And more.", captured, f"{captured} Or less."):
        site.change(path, body=said)
        after = build(site)
        changed = {file for file in after if after[file] != as_captured[file]}
        told = {"2024/03/lock/index.html", "rights.json", "sources-and-terms/index.html"}
        assert changed >= told if said != captured else not changed
        assert "index.html" not in changed


def test_what_another_build_published_meanwhile_is_known(site: Paper) -> None:
    """A build that looked around before another ended does not take its notes for those of its own look."""
    site.change(site.articles()[0], body="Edited.")
    settle()
    seen = look(site)
    assert seen.noted
    site.change(site.articles()[1], aliases=["/what/it/was/"])
    build(site)
    assert not engine.build(options(site, seen=seen), lambda *_: None).problems
    (site.public / "what/it/was/index.html").unlink()
    build(site)


def test_who_has_waited_looks_again(site: Paper) -> None:
    """What came while another build was publishing is in what is published next."""
    seen = look(site)
    with ExitStack() as other:
        other.enter_context(publishing(site.public))

        def let_in(_: int) -> None:
            site.add("newcomer", "own")
            other.close()

        engine.build(replace(options(site, seen=seen), on_wait=let_in), lambda *_: None)
    assert not building.differences(building.files(site.public), building.clean(site.root, "--now", NOW)[1])


@pytest.mark.parametrize(
    ("age", "is_reliable"),
    [(0, False), (GRAIN / 2, False), (2 * GRAIN, True), (COARSE_GRAIN, True)],
)
def test_a_stamp_is_relied_on_where_no_later_change_can_have_it(age: float, is_reliable: bool) -> None:
    """That is where the file was read later than in the grain of time in which it had changed."""
    changed = time.time_ns() - int(age) | 1  # a file system that counts nanoseconds
    seen = unread(Inputs((("content/articles/a.md", (10, changed, changed, 7)),), (), 0))
    assert seen.is_settled == is_reliable == bool(seen.digest)


def test_whole_seconds_are_relied_on_later() -> None:
    """A file system that counts seconds, or every other one, has coarser grains."""
    changed = (time.time_ns() // 1_000_000_000 - 1) * 1_000_000_000
    assert not unread(Inputs((("content/articles/a.md", (10, changed, changed, 7)),), (), 0)).is_settled


def look(site: Paper) -> Glance:
    """What a build sees before it waits for its turn."""
    seen = glance(options(site).asked, datetime.fromisoformat(NOW))
    assert seen
    return seen


def test_two_processes_look_as_one_does(site: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the output is large, another process looks at it meanwhile: at what was left, changed and removed."""
    monkeypatch.setattr(last, "MANY", 0)
    moment = datetime.fromisoformat(NOW)
    engine.build(options(site), lambda *_: None)
    seen = []
    for change in (lambda: None, lambda: site.write("public/index.html", "x"), (site.public / "feed.xml").unlink):
        change()
        with_help = glance(options(site).asked, moment, is_alone=True)
        assert with_help
        assert with_help.noted == look(site).noted
        seen.append(with_help.noted is not None)
    assert seen == [True, False, False]


def test_a_helper_that_dies_leaves_the_question_to_who_asked_it() -> None:
    """And an answer is the helper's where it has one."""
    own = os.getpid()
    assert last.meanwhile(lambda: os.getpid() != own)()
    assert not last.meanwhile(lambda: os.getpid() == own)()
    assert last.meanwhile(lambda: os.getpid() == own or os._exit(1))()


def options(site: Paper, seen: Glance | None = None) -> engine.Options:
    """A build with the cache, as the command line asks for it."""
    asked = Asked(site.root, site.root / "config.yaml", site.public, None, drafts=False, future=False)
    return engine.Options(**asked._asdict(), now=datetime.fromisoformat(NOW), with_cache=True, seen=seen)
