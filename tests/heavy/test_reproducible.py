"""The same bytes whatever the surroundings."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from tests.heavy.conftest import ROOT, sample, showcase

SURROUNDINGS = (
    {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "0"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {
        "TZ": "America/St_Johns",
        "LC_ALL": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "12345",
        "PYTHONUTF8": "0",
        "HOME": "/nowhere",
    },
)


def tree(folder: Path) -> dict[str, str]:
    """Hash of each file, by path."""
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }


def test_two_builds_are_alike_byte_for_byte(tmp_path: Path) -> None:
    """Other time zone, locale, hash seed, umask, folder and day: not a byte differs."""
    for make in (sample, showcase):
        trees = []
        for n, surroundings in enumerate(SURROUNDINGS):
            site = make(tmp_path / f"{n}")
            old = os.umask(0o022 if n else 0o077)
            try:
                command = [
                    sys.executable,
                    str(ROOT / "build.py"),
                    "--source",
                    str(site.root),
                    "--now",
                    f"202{7 + n}-05-06",
                ]
                environment = {**os.environ, **surroundings}
                subprocess.run(command, check=False, env=environment, cwd=tmp_path, capture_output=True)
            finally:
                os.umask(old)
            trees.append(tree(site.public))
        assert len(trees[0]) > 20
        assert trees[0] == trees[1] == trees[2]
