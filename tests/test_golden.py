"""The golden site: every feature once, through a theme that prints its records, byte for byte.

`BROADSHEET_REFRESH=1 python -m pytest tests/test_golden.py` writes what is made now; the diff is to be reviewed.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.making import NOW, Site

GOLDEN = Path(__file__).parent / "golden"
EXPECTED = GOLDEN / "expected"


def test_the_golden_site_is_built_as_expected(tmp_path: Path) -> None:
    """Every file of the output is the expected one, and no file is missing or too many."""
    shutil.copytree(GOLDEN / "site", tmp_path / "site")
    site = Site(tmp_path / "site")
    result = site.build()
    assert (result.code, result.err) == (0, "")
    made = site.files()
    if os.environ.get("BROADSHEET_REFRESH"):
        shutil.rmtree(EXPECTED, ignore_errors=True)
        shutil.copytree(site.public, EXPECTED)
    expected = {str(p.relative_to(EXPECTED)): p.read_bytes() for p in EXPECTED.rglob("*") if p.is_file()}
    assert sorted(made) == sorted(expected)
    assert [name for name in sorted(made) if made[name] != expected[name]] == []


def test_order_and_time_leave_no_trace(tmp_path: Path) -> None:
    """A site built later, from files in another order and with other times, has the same bytes."""
    outputs = []
    for name, now in (("one", NOW), ("two", "2027-06-30T23:59:59Z")):
        site = Site(tmp_path / name)
        files = sorted((GOLDEN / "site").rglob("*"), reverse=name == "two")
        for n, file in enumerate(f for f in files if f.is_file()):
            made = site.write(str(file.relative_to(GOLDEN / "site")), file.read_bytes())
            os.utime(made, (n, n))
        assert site.run("build", "--now", now).code == 0
        outputs.append(site.files())
    assert outputs[0] == outputs[1]


def test_a_second_build_writes_nothing(tmp_path: Path) -> None:
    """Files whose bytes did not change are not touched."""
    shutil.copytree(GOLDEN / "site", tmp_path / "site")
    site = Site(tmp_path / "site")
    site.build()
    before = {p: p.stat().st_mtime_ns for p in site.public.rglob("*")}
    assert ", 0 written," in site.build().out
    assert {p: p.stat().st_mtime_ns for p in site.public.rglob("*")} == before
