"""Workers on other machines: a Dask cluster, as a `concurrent.futures.Executor`.

https://distributed.dask.org/en/stable/api.html#distributed.Client.get_executor
A worker of another version would make other bytes, so it is refused: all of them are asked before anything is sent,
and each task carries what its worker has to be, for workers come and go.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import pickle
import platform
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

import broadsheet
from broadsheet import extras
from broadsheet.build.inputs import LIBRARIES
from broadsheet.record import UnreadableError

if TYPE_CHECKING:
    from distributed import Client

P = ParamSpec("P")
Result = TypeVar("Result")

ANSWER = 10
"""Seconds within which a scheduler and its workers have to answer."""
_SCHEMES = {"dask": "tcp", "tls": "tls"}
_CLUSTER = ("dask", "distributed", "cloudpickle")
"""Libraries whose versions have to be the same, so that one end understands what the other sends."""
_one_at_a_time = threading.Lock()
"""A worker may have several threads: they would gain nothing, and what we do is not made for them."""


class ClusterError(Exception):
    """A cluster that cannot be used; says why, and what to do."""


class Cluster(Executor):
    """A cluster whose workers are of our version, as far as they answered."""

    def __init__(self, client: Client, size: int) -> None:
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._sent: dict[bytes, Any] = {}
        self.size = size
        """Workers that answered."""

    def submit(self, function: Callable[P, Result], /, *args: P.args, **_: P.kwargs) -> Future[Result]:
        """As `concurrent.futures` has it; `bytes` among the arguments are sent to each worker once.

        Raises `BrokenExecutor` where nobody takes it.
        """
        task, large = _as_bytes(_do, versions(), function, *args)
        try:
            buffers = [self._send(data) for data in large]
            key = f"broadsheet-{uuid.uuid4()}"  # Dask's pages show what is before the hyphen
            made: Future[Result] = self._executor.submit(pickle.loads, task, buffers=buffers, key=key)
        except Exception as error:
            raise BrokenExecutor from error
        return made

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Forget what is under way."""
        self._executor.shutdown(wait=wait and not cancel_futures)

    def _send(self, data: bytes) -> Any:  # noqa: ANN401 -- Dask's future, which has no types
        """What stands for data that all workers have: a worker's death loses only its own copy."""
        if data not in self._sent:
            self._sent[data] = self._client.scatter(data, broadcast=True, hash=False, timeout=ANSWER)
        return self._sent[data]


def read_cluster(text: str) -> str:
    """An address `dask://HOST:PORT` or `tls://HOST:PORT` -> Dask's own. Raises `UnreadableError`."""
    with suppress(ValueError):
        parts = urlsplit(text)
        is_whole = parts.netloc == parts.netloc.strip() and parts.geturl() == f"{parts.scheme}://{parts.netloc}"
        if parts.scheme in _SCHEMES and parts.hostname and parts.port and is_whole and "@" not in parts.netloc:
            return f"{_SCHEMES[parts.scheme]}://{parts.netloc}"
    raise UnreadableError(f"is '{text[:80]}'", "Write dask://HOST:PORT, or tls://HOST:PORT where the cluster has TLS")


@contextmanager
def connect(address: str) -> Iterator[Cluster]:
    """The cluster whose scheduler has this address, as `read_cluster` gives it. Raises `ClusterError`."""
    try:
        from distributed import Client
    except ImportError as error:
        needed = f"'--executor' needs {error.name}, which is not here"
        raise ClusterError(f"{needed}. {extras.remedy('distributed')}.") from None
    with _silent():
        workers = _workers(address)
        client = Client(address, timeout=ANSWER, set_as_default=False)
        try:
            yield Cluster(client, _count(client, workers))
        finally:
            with suppress(Exception):
                client.close(timeout=ANSWER)


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """What has to be the same on all machines, so that they make the same bytes."""
    libraries = {name: _version(name) for name in (*LIBRARIES, *_CLUSTER)}
    python = ".".join(platform.python_version_tuple()[:2])
    return {"Python": python, "Broadsheet": f"{broadsheet.__version__} ({_program()})", **libraries}


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return "none"


def _program() -> str:
    """Beginning of a digest of our code and registers. Themes are sent along, wherever they lie."""
    package = Path(broadsheet.__file__).parent
    files = {
        path.relative_to(package).as_posix(): path for kind in ("py", "yaml") for path in package.rglob(f"*.{kind}")
    }
    made = hashlib.sha256()
    for name in sorted(name for name in files if not name.startswith("themes/")):
        made.update(f"{name}\0".encode() + hashlib.sha256(files[name].read_bytes()).digest())
    return made.hexdigest()[:8]


class _Call:
    """A call that happens when it is unpickled."""

    def __init__(self, function: Callable[..., Any], arguments: tuple[object, ...]) -> None:
        self._parts = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[object, ...]]:
        return self._parts


def _as_bytes(function: Callable[..., Any], *arguments: object) -> tuple[bytes, list[bytes]]:
    """What `pickle.loads` makes the call's result of, and the `bytes` among the arguments, for its `buffers`.

    A worker on which there is no Broadsheet would end if Dask itself came upon our functions, and so would the
    scheduler's part of a task; an error within a task is an answer like any other.
    """
    large = [argument for argument in arguments if isinstance(argument, bytes)]
    given = tuple(pickle.PickleBuffer(it) if isinstance(it, bytes) else it for it in arguments)
    return pickle.dumps(_Call(function, given), protocol=5, buffer_callback=lambda _: None), large


def _do(wanted: dict[str, str], function: Callable[..., Result], *args: object) -> Result:
    """On a worker: what was submitted, if it is one of ours."""
    if versions() != wanted:
        raise BrokenExecutor(_difference(wanted, versions()))
    with _one_at_a_time:
        return function(*args)


@contextmanager
def _silent() -> Iterator[None]:
    """Without Dask's log: what it says, with tracebacks, is either mended or said here in a sentence."""
    level = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(level)


def _workers(address: str) -> list[str]:
    """Addresses of a scheduler's workers. Raises `ClusterError` where it does not answer, or has none."""
    try:
        workers = asyncio.run(_ask(address))
    except OSError:
        remedy = "Start it with 'dask scheduler', or look at the address and at what lies between"
        raise ClusterError(f"No Dask scheduler answers at {address}. {remedy}.") from None
    except Exception as error:  # noqa: BLE001 -- of many kinds: TLS without certificates, another protocol
        remedy = "Look at the scheduler's version of distributed and, for TLS, at the certificates"
        raise ClusterError(f"The Dask scheduler at {address} cannot be used: {_line(error)}. {remedy}.") from None
    if not workers:
        raise ClusterError(f"The Dask scheduler at {address} has no workers. Start them with 'dask worker'.")
    return workers


async def _ask(address: str) -> list[str]:
    """As `_workers`, while there are none for a few seconds. `Client` would wait without an end for who is silent."""
    from distributed.core import rpc
    from distributed.security import Security

    arguments = Security().get_connection_args("client")
    deadline = time.monotonic() + ANSWER
    async with rpc(address, connection_args=arguments) as scheduler:
        while True:
            said = await asyncio.wait_for(scheduler.identity(n_workers=-1), ANSWER)
            if said["workers"] or time.monotonic() > deadline:
                return list(said["workers"])
            await asyncio.sleep(0.2)


def _count(client: Client, workers: list[str]) -> int:
    """Workers that are as we are. Raises `ClusterError` where one is not, or none answers."""
    asking, _ = _as_bytes(versions)
    asked = {client.get_executor(pure=False, workers=[name]).submit(pickle.loads, asking): name for name in workers}
    answered = wait(asked, timeout=ANSWER).done
    for future in sorted(answered, key=lambda future: asked[future]):
        _check(future, asked[future])
    if not answered:
        remedy = "They are at work for others, or cannot be reached: try again, or look at their logs"
        raise ClusterError(f"None of the {len(workers)} Dask workers answers within {ANSWER} s. {remedy}.")
    return len(answered)


def _check(future: Future[dict[str, str]], worker: str) -> None:
    remedy = "Install the same on all machines, and start the workers again"
    try:
        found = future.result()
    except Exception as error:  # noqa: BLE001 -- whatever a worker is missing
        raise ClusterError(f"The Dask worker {worker} cannot run Broadsheet: {_line(error)}. {remedy}.") from None
    if found != versions():
        raise ClusterError(f"The Dask worker {worker} has {_difference(versions(), found)}. {remedy}.")


def _difference(wanted: dict[str, str], found: dict[str, str]) -> str:
    names = [name for name in wanted if found.get(name) != wanted[name]]
    return ", ".join(f"{name} {found.get(name, 'none')} instead of {wanted[name]}" for name in names)


def _line(error: Exception) -> str:
    """The first line of what an error says."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
