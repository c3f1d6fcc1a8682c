"""A cluster of processes on this machine: the same bytes, whoever dies; and what is said where it cannot be used."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from distributed.core import rpc

from benchmarks import corpus
from broadsheet import extras
from broadsheet.build import workers
from broadsheet.build.workers import Crew
from tests.heavy.conftest import ROOT, sample
from tests.making import NOW, Site

PATIENCE = 60
"""Seconds after which a test fails rather than waits."""


@dataclass
class Cluster:
    """A scheduler, and the workers that were started, by name."""

    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """Where the scheduler says where it is."""
        return self.folder / "scheduler.json"

    @property
    def address(self) -> str:
        """As `--executor` takes it."""
        known: str = json.loads(self.file.read_bytes())["address"]
        return known.replace("tcp://", "dask://")

    def start(self, name: str, *arguments: str, **environment: str) -> None:
        """Start one of Dask's programs; only workers are told where Broadsheet is."""
        given = (
            "--host",
            "127.0.0.1",
            "--no-dashboard",
            "--dashboard-address",
            "127.0.0.1:0",
            "--scheduler-file",
            str(self.file),
            *arguments,
        )
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{given[-1]}", *given[:-1]],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": "", **environment},
                stdout=log,
                stderr=log,
            )

    def worker(self, name: str, threads: int = 1, **environment: str) -> None:
        """Start a worker."""
        options = ("--name", name, "--nthreads", str(threads), "--no-nanny", "--local-directory", str(self.folder))
        self.start(name, *options, "dask_worker", **{"PYTHONPATH": str(ROOT), **environment})

    def stop(self, *names: str) -> None:
        """Kill processes."""
        for name in names:
            process = self.processes.pop(name)
            process.kill()
            process.wait()

    def asked(self, question: str) -> Any:
        """What the scheduler says."""

        async def ask() -> Any:
            async with rpc(self.address.replace("dask", "tcp")) as scheduler:
                return await asyncio.wait_for(getattr(scheduler, question)(), PATIENCE)

        return asyncio.run(ask())

    def at_work(self) -> dict[str, list[str]]:
        """The tasks that each worker has and has not finished, by its name."""
        names = {address: worker["name"] for address, worker in self.asked("identity")["workers"].items()}
        return {names[address]: tasks for address, tasks in self.asked("processing").items() if address in names}


@contextmanager
def running(folder: Path, **threads: int) -> Iterator[Cluster]:
    """A cluster with workers of so many threads."""
    cluster = Cluster(folder)
    try:
        cluster.start("scheduler", "--port", "0", "dask_scheduler")
        wait(cluster.file.exists)
        for name, number in threads.items():
            cluster.worker(name, number)
        wait(lambda: cluster.at_work().keys() == threads.keys())
        yield cluster
    finally:
        cluster.stop(*list(cluster.processes))


def wait(is_so: Callable[[], bool]) -> None:
    """Until something is so."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it never was"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers, of one thread and of two."""
    with running(tmp_path_factory.mktemp("cluster"), ada=1, ben=2) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Four hundred articles, built by this process."""
    site = Site(tmp_path_factory.mktemp("paper"))
    corpus.write(400, site.root)
    result = site.build("--no-cache", "-j", "1")
    assert (result.code, result.err) == (0, "")
    return site


def command(site: Site, output: Path, cluster: str) -> list[str]:
    """A build of its own process."""
    given = ("--source", str(site.root), "--output", str(output), "--executor", cluster)
    return [sys.executable, str(ROOT / "build.py"), "build", "--no-cache", "--now", NOW, *given]


def files(folder: Path) -> dict[str, bytes]:
    """All of it, by path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_sample_is_the_same(tmp_path: Path, cluster: Cluster) -> None:
    """Byte for byte, without the cache and with one that this process filled."""
    site = sample(tmp_path)
    assert site.build().code == 0
    expected = site.files()
    article = next((site.root / "content/articles").rglob("*.md"))
    far = tmp_path / "far"
    assert site.build("--executor", cluster.address, "--output", str(far), "--no-cache").code == 0
    assert files(far) == expected
    text = article.read_text(encoding="utf-8")
    article.write_text(text.replace("title: ", "title: So ", 1), encoding="utf-8")
    assert site.build("--executor", cluster.address).code == 0
    assert site.files() != expected
    assert site.build("--output", str(far), "--no-cache").code == 0
    assert site.files() == files(far)


def test_a_worker_that_is_killed_costs_time_only(tmp_path: Path, paper: Site, cluster: Cluster) -> None:
    """Killed while it has chunks that it has not finished; another one does them."""
    cluster.worker("cleo")
    wait(lambda: "cleo" in cluster.at_work())
    build = subprocess.Popen(command(paper, tmp_path / "far", cluster.address), stderr=subprocess.PIPE)
    cleo = cluster.processes["cleo"]

    def is_caught() -> bool:
        cleo.send_signal(signal.SIGSTOP)  # so that what it has now is what it dies with
        if any(task.startswith("broadsheet-") for task in cluster.at_work()["cleo"]):
            return True
        cleo.send_signal(signal.SIGCONT)
        return False

    wait(is_caught)
    assert build.poll() is None
    cluster.stop("cleo")
    _, said = build.communicate(timeout=PATIENCE)
    assert (build.returncode, said) == (0, b"")
    assert files(tmp_path / "far") == paper.files()


def test_an_error_of_a_template_comes_back_as_itself(tmp_path: Path, cluster: Cluster) -> None:
    """The same problem at the same place."""
    site = sample(tmp_path)
    site.write("templates/article.html", "\n{{ page.no_such_thing }}\n")
    here, far = site.build("--no-cache"), site.build("--no-cache", "--executor", cluster.address)
    assert here.code == 1
    assert "templates/article.html:2:1: theme/template" in here.err
    assert far == here


@pytest.mark.parametrize("kind", ["another", "none"])
def test_a_worker_of_another_version_is_refused(kind: str, tmp_path: Path, cluster: Cluster) -> None:
    """By its version and by a digest of its code; and one that has none at all."""
    if kind == "another":
        shutil.copytree(ROOT / "broadsheet", tmp_path / "broadsheet", ignore=shutil.ignore_patterns("__pycache__"))
        with (tmp_path / "broadsheet/words.py").open("a") as code:
            code.write("\n# newer\n")
    cluster.worker("odd", PYTHONPATH=str(tmp_path))
    try:
        wait(lambda: "odd" in cluster.at_work())
        site = sample(tmp_path)
        result = site.build("--executor", cluster.address)
    finally:
        cluster.stop("odd")
        wait(lambda: "odd" not in cluster.at_work())
    assert result.code == 2
    assert (
        " has Broadsheet 0." if kind == "another" else " cannot run Broadsheet: No module named 'broadsheet'"
    ) in result.err
    assert "Install the same on all machines" in result.err
    assert not site.public.exists()


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    """Nobody there, somebody who is silent, no workers: each in one line, within half a minute."""
    site = sample(tmp_path)
    with running(tmp_path) as lonely, silent() as mute:
        said = {
            "dask://127.0.0.1:1": "No Dask scheduler answers at tcp://127.0.0.1:1. ",
            mute: f"No Dask scheduler answers at {mute.replace('dask', 'tcp')}. ",
            lonely.address: "has no workers. ",
            lonely.address.replace("dask", "tls"): "cannot be used: TLS expects ",
        }
        builds = {
            address: subprocess.Popen(command(site, site.public, address), stderr=subprocess.PIPE) for address in said
        }
        for address, build in builds.items():
            _, err = build.communicate(timeout=PATIENCE)
            assert (build.returncode, err.count(b"\n")) == (2, 1), err
            assert said[address] in err.decode()
    assert not site.public.exists()


@contextmanager
def silent() -> Iterator[str]:
    """The address of somebody who takes what is sent and says nothing."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"dask://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize(
    "address", ["127.0.0.1:8786", "dask://host", "dask://host:x", "dask://u@host:1", "dask://h:1/x"]
)
def test_an_address_that_is_none_is_refused(address: str, site: Site) -> None:
    """As a mistake of usage, with the form that is meant."""
    result = site.build("--executor", address)
    assert result.code == 2
    assert f"it is '{address}'. Write dask://HOST:PORT" in result.err


def test_the_extra_that_is_missing_is_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = site.build("--executor", "dask://127.0.0.1:1")
    assert (result.code, result.err.count("\n")) == (2, 1)
    assert extras.remedy("distributed") in result.err


def test_a_cluster_that_never_comes_back_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is done here."""

    class Silent(Executor):
        """Takes whatever it is given."""

        def submit(self, *_: Any) -> Future[Any]:  # type: ignore[override]
            taken.append(Future[Any]())
            return taken[-1]

    taken: list[Future[Any]] = []
    monkeypatch.setattr(workers, "_PATIENCE", 0.2)
    started = time.monotonic()
    with Crew(2, Silent()) as crew:
        made = list(crew.each(lambda task, chunk: task + chunk, 1, range(100)))
    assert made == list(range(1, 101))
    assert 0 < len(taken) < 20
    assert time.monotonic() - started < 2
