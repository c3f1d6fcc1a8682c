#!/usr/bin/env python3
"""Two commands for a fresh checkout; both install what they need into `.venv`.

python3 dev.py site     build the sample site and, on a terminal, show it
python3 dev.py test     check the format, the types and the code, and run all tests
"""

import functools
import hashlib
import http.server
import os
import shutil
import subprocess
import sys
import venv
import webbrowser
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
MANY = (
    *("audit", "cases", "hostile", "mutation", "outside_links", "withdraw"),
    *("duplicates", "fetching", "importing", "importing_attacks", "importing_feeds", "ping"),
    *("markup", "merge", "pages", "texts"),
    *("compiled", "faults_publishing", "incremental", "publish", "serving", "serving_watch", "surroundings"),
)
"""Tests that build many sites, wait for servers or try many inputs: on all cores, without the measure of coverage,
which slows them and is of the core only."""
CORE = "broadsheet/*.py,broadsheet/re*/*,broadsheet/rights/*,broadsheet/site/*"


def main(arguments: list[str]) -> int:
    """Run a command; its exit code."""
    if arguments == ["site"]:
        return site()
    if arguments[:1] == ["test"]:
        return test(arguments[1:])
    print(__doc__)
    return 0 if arguments in (["-h"], ["--help"]) else 2


def site() -> int:
    """Build the sample site and show it."""
    install("requirements.txt")
    code = run("build.py", "build")
    if code == 0 and sys.stdin.isatty() and sys.stdout.isatty():
        show(ROOT / "public")
    return code


def test(arguments: list[str]) -> int:
    """Run every check that needs neither a browser nor Java. Further arguments go to pytest."""
    install("requirements.txt", "requirements-import.txt", "requirements-serve.txt", "requirements-test.txt")
    many = [] if arguments else [f"tests/test_{name}.py" for name in MANY]
    checks = [
        ("-m", "ruff", "format", "--check", "."),
        ("-m", "ruff", "check", "."),
        ("-m", "mypy"),
        ("-m", "coverage", "run", "-m", "pytest", *(f"--ignore={file}" for file in many), *arguments),
        *([("-m", "pytest", "-n", "auto", *many)] if many else []),
    ]
    codes = [run(*check) for check in checks]
    if not arguments:
        codes.append(run("-m", "coverage", "report", "--fail-under=95", f"--include={CORE}"))
    return max(codes)


def install(*requirements: str) -> None:
    """Make `.venv` hold what the files require; nothing is done where they have not changed since."""
    wanted = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in requirements)).hexdigest()
    stamp = VENV / f".installed-{len(requirements)}"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    if not PYTHON.exists():
        print("Making .venv …", flush=True)
        try:
            venv.create(VENV, with_pip=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(VENV, ignore_errors=True)
            sys.exit("Python cannot make a virtual environment here. On Debian and Ubuntu: apt install python3-venv")
    print("Installing what is needed into .venv …", flush=True)
    files = [argument for name in requirements for argument in ("-r", str(ROOT / name))]
    command = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", *files)
    if run(*command) != 0:
        sys.exit("The installation failed; what pip says stands above.")
    stamp.write_text(wanted)


def run(*arguments: str) -> int:
    """Run the virtual environment's Python here; its exit code."""
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, check=False).returncode


def show(folder: Path) -> None:
    """Serve a folder on this machine only and open it in a browser, until Ctrl-C."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        print(f"Look at it at {address} and press Ctrl-C when done.", flush=True)
        webbrowser.open(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
