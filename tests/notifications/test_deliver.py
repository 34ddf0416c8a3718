"""The folder that takes mails, and the names of its files."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.deliver import FolderSender, Sender, TemporaryFailure, file_name


def _send(sender: Sender, message_id: str, body: bytes) -> str:
    """Send one mail over a lane of its own."""

    async def go() -> str:
        async with sender.lane() as lane:
            return await lane.send(message_id, "a@b.example", body)

    return asyncio.run(go())


def test_mail_becomes_a_whole_file(tmp_path: Path) -> None:
    """A mail lies in the folder byte for byte, under its Message-ID, with nothing beside it."""
    folder = tmp_path / "a" / "b"
    sender: Sender = FolderSender(folder)

    answer = _send(sender, "000001-assignment@region.example", b"\x00\r\nbytes")

    assert "000001-assignment@region.example.eml" == answer
    file = folder / "000001-assignment@region.example.eml"
    assert [file] == list(folder.iterdir())
    assert b"\x00\r\nbytes" == file.read_bytes()


def test_same_mail_again_replaces_itself(tmp_path: Path) -> None:
    """A mail that is sent again after a crash is still one mail."""
    sender = FolderSender(tmp_path)

    _send(sender, "m@b.example", b"one")
    _send(sender, "m@b.example", b"one")

    assert ["m@b.example.eml"] == [file.name for file in tmp_path.iterdir()]


def test_folder_that_cannot_be_written_is_a_temporary_failure(tmp_path: Path) -> None:
    """A folder that is a file, full or read-only says so, and the mail is tried again."""
    in_the_way = tmp_path / "mail"
    in_the_way.write_text("")

    with pytest.raises(TemporaryFailure) as caught:
        _send(FolderSender(in_the_way), "m@b.example", b"")

    assert str(in_the_way) in caught.value.text


def test_what_could_not_be_put_in_place_is_taken_away(tmp_path: Path) -> None:
    """Half a mail is never left behind."""
    (tmp_path / "m@b.example.eml").mkdir()

    with pytest.raises(TemporaryFailure):
        _send(FolderSender(tmp_path), "m@b.example", b"x")

    assert ["m@b.example.eml"] == [file.name for file in tmp_path.iterdir()]


@pytest.mark.parametrize(
    "message_id", ["../../etc/passwd", "a/b@c", ".hidden", "a\x00b", "å@b", "x" * 500, ""]
)
def test_file_stays_in_its_folder(message_id: str, tmp_path: Path) -> None:
    """No Message-ID leads out of the folder or makes a hidden file."""
    _send(FolderSender(tmp_path), message_id, b"x")

    (file,) = tmp_path.iterdir()
    assert tmp_path == file.parent
    assert not file.name.startswith(".")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_different_mails_have_different_files(one: str, other: str) -> None:
    """Two Message-IDs never share a file."""
    same = one == other

    assert same == (file_name(one) == file_name(other))
