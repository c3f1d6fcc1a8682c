"""The package as somebody installs it."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from tests.heavy.conftest import ROOT


def test_the_wheel_carries_themes_and_registers(tmp_path: Path) -> None:
    """Installed in an environment of its own, the `broadsheet` command builds a site in an empty folder."""
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    venv.create(tmp_path / "venv", with_pip=True)
    pip = [str(tmp_path / "venv/bin/python"), "-m", "pip", "install", "--quiet", "-r", str(ROOT / "requirements.txt")]
    subprocess.run([*pip, str(wheel)], check=True)
    site = tmp_path / "site"
    site.mkdir()
    (site / "config.yaml").write_text("title: Paper\nbase_url: https://paper.example/\n")
    command = str(tmp_path / "venv/bin/broadsheet")
    for arguments in (["new", "article", "First", "--kind", "own"], ["build", "--drafts"]):
        done = subprocess.run([command, *arguments], cwd=site, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
    assert "Built 1 article" in done.stdout
    assert (site / "public/theme/style.css").stat().st_size > 10_000
