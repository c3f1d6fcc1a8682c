"""Where the time of a build goes: seconds by stage, and the templates and articles that took most of it."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

MOST = 10
"""Articles that are named."""


class Profile:
    """Adds up seconds. Stages are this process's, by the clock; work is that of all workers."""

    def __init__(self, *, names_articles: bool = False) -> None:
        """`names_articles`: also by article, which takes memory for each."""
        self.names_articles = names_articles
        self.stages: defaultdict[str, float] = defaultdict(float)
        self.work: defaultdict[str, float] = defaultdict(float)
        self.templates: defaultdict[str, float] = defaultdict(float)
        self.pages: Counter[str] = Counter()
        """How many each template made."""
        self.articles: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """What is done meanwhile is of this stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] += time.perf_counter() - started

    def worked(self, steps: Iterable[str], seconds: Iterable[float], article: str = "") -> None:
        """A worker spent so many seconds on each step; fewer than steps where it did not come to the others."""
        for step, spent in zip(steps, seconds, strict=False):
            self.work[step] += spent
            if self.names_articles and article:
                self.articles[article] += spent

    def rendered(self, template: str, seconds: float, article: str = "") -> None:
        """A file was rendered from a template, or by a module of ours."""
        self.templates[template] += seconds
        self.pages[template] += 1
        self.worked(("rendered and staged",), (seconds,), article)

    def lines(self) -> list[str]:
        """For people."""
        whole = sum(self.stages.values())
        said = [_line(seconds, f"{_share(seconds, whole)} {stage}") for stage, seconds in self.stages.items()]
        said += [_line(whole, "  100% altogether"), "", "Of this, or beside it where several worked:"]
        said += [_line(seconds, f"       {name}") for name, seconds in _slowest(self.work)]
        said += ["", "Templates:"]
        for name, seconds in _slowest(self.templates):
            each = seconds / self.pages[name] * 1000
            said.append(_line(seconds, f"       {name}: {self.pages[name]} files, {each:.2f} ms each"))
        said += ["", "Slowest articles:"]
        said += [f"{seconds * 1000:8.1f} ms       {path}" for path, seconds in _slowest(self.articles)[:MOST]]
        return said


def _slowest(spent: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(spent.items(), key=lambda item: item[1], reverse=True)


def _line(seconds: float, text: str) -> str:
    return f"{seconds:8.3f} s {text}"


def _share(seconds: float, whole: float) -> str:
    return f"{seconds / whole:5.0%}" if whole else "     "
