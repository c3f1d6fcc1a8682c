"""The package's registers, read once a machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.register import kept, packaged
from broadsheet.register.register import Register


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this machine would keep them."""
    file = tmp_path / "__pycache__/registers"
    monkeypatch.setattr(kept, "FILE", file)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return file


def test_registers_come_back_as_they_were_read(machine: Path) -> None:
    """Under their key, and no other."""
    kept.keep(packaged(), b"key")
    assert kept.load(Register, b"key") == packaged()
    assert kept.load(Register, b"another") is None
    assert [path.name for path in machine.parent.iterdir()] == ["registers"]


def test_whoever_wants_no_such_file_gets_none(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By `-B` or PYTHONDONTWRITEBYTECODE, or where nobody may write."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    kept.keep(packaged(), b"key")
    assert not machine.parent.exists()
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    machine.parent.write_text("a file")
    kept.keep(packaged(), b"key")
    assert kept.load(Register, b"key") is None


def test_another_text_has_another_key() -> None:
    """And so has another module that reads it, by size and time."""
    assert len({kept.key([]), kept.key([b"a", b"b"]), kept.key([b"ab"])}) == 3


@given(end=st.integers(0, 300))
def test_what_is_damaged_counts_as_absent(tmp_path_factory: pytest.TempPathFactory, end: int) -> None:
    """Wherever it ends."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "FILE", tmp_path_factory.mktemp("machine") / "registers")
        patch.setattr(sys, "dont_write_bytecode", False)
        kept.keep(packaged(), b"key")
        whole = kept.FILE.read_bytes()
        kept.FILE.write_bytes(whole[:end])
        assert kept.load(Register, b"key") is None
        kept.FILE.write_bytes(whole[:end] + bytes([whole[end] ^ 1]) + whole[end + 1 :])
        assert kept.load(Register, b"key") is None
