"""Settings: the file, the environment over it, and nothing that means nothing."""

import os
from datetime import time
from itertools import pairwise
from pathlib import Path

import pytest

from beredning.config import Config, read_config, reference, settings
from workflow.core.errors import BadInput

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stand in an empty folder, with none of our variables set."""
    for name in os.environ:
        if name.startswith("BEREDNING_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def _refused(text: str | bytes) -> BadInput:
    """Read a file that must be refused, and give the refusal."""
    file = Path("settings.toml")
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(BadInput) as caught:
        read_config(file)
    return caught.value


def test_no_file_is_needed() -> None:
    """Every setting has a default."""
    config = read_config()

    assert "sqlite:///beredning.db" == config.database.url
    assert "Beredning <beredning@region.example>" == config.mail.sender
    assert Path("run/mail") == config.mail.outbox_dir
    assert time(7, 30) == config.mail.remind_at
    assert "http://localhost:8000" == config.web.base_url
    assert () == config.processes.path
    assert config.cli.act_as


def test_shipped_file_says_the_defaults() -> None:
    """`config.toml` in the root holds every key, with the value it has anyway."""
    text = (ROOT / "config.toml").read_text(encoding="utf-8")

    unnamed = [key for _, key, _ in settings() if f"\n{key} = " not in text]

    assert Config() == read_config(ROOT / "config.toml")
    assert [] == unnamed


def test_every_key_of_the_shipped_file_is_explained() -> None:
    """Each key in `config.toml` has a comment above it."""
    lines = (ROOT / "config.toml").read_text(encoding="utf-8").splitlines()

    bare = [
        line
        for above, line in pairwise(lines)
        if " = " in line and not line.startswith("#") and not above.startswith("#")
    ]

    assert [] == bare


def test_reference_is_made_from_the_settings() -> None:
    """The page holds every setting under a heading; `make docs` writes it."""
    page = (ROOT / "docs/reference/configuration.md").read_text(encoding="utf-8")

    missing = [key for section, key, _ in settings() if f"### `{section}.{key}`\n" not in page]

    assert [] == missing
    assert reference() == page


def test_file_in_the_working_folder_is_read() -> None:
    """Without a path, `config.toml` of the working folder counts."""
    Path("config.toml").write_text('[web]\nbase_url = "https://prio.region.example/"\n')

    assert "https://prio.region.example" == read_config().web.base_url


def test_byte_order_mark_is_no_fault() -> None:
    """A file saved by Notepad is read."""
    Path("config.toml").write_bytes("\ufeff[cli]\nact_as = false\n".encode())

    assert not read_config().cli.act_as


@pytest.mark.parametrize(
    ("name", "value", "changed"),
    [
        ("BEREDNING_DATABASE__URL", "postgresql://u@h/d", {"url": "postgresql://u@h/d"}),
        ("BEREDNING_MAIL__SENDER", "Prio <p@r.example>", {"sender": "Prio <p@r.example>"}),
        ("BEREDNING_MAIL__OUTBOX_DIR", "brev", {"outbox_dir": "brev"}),
        ("BEREDNING_MAIL__REMIND_AT", "06:05", {"remind_at": "06:05"}),
        ("BEREDNING_WEB__BASE_URL", "https://a.example", {"base_url": "https://a.example"}),
        ("BEREDNING_CLI__ACT_AS", "false", {"act_as": False}),
        ("beredning_cli__act_as", "false", {"act_as": False}),
    ],
)
def test_environment_stands_over_the_file(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, changed: dict[str, object]
) -> None:
    """A variable replaces one key and leaves its neighbours as the file has them."""
    Path("config.toml").write_text(
        '[mail]\nsender = "a@b.example"\noutbox_dir = "x"\nremind_at = "08:00"\n'
    )
    section = name.lower().removeprefix("beredning_").partition("__")[0]
    expected = read_config().model_dump(mode="json")
    expected[section] |= changed
    monkeypatch.setenv(name, value)

    actual = read_config().model_dump(mode="json")

    assert expected == actual


def test_folders_come_as_list_or_as_search_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The region's folders are a list in the file, or one text as in PATH."""
    Path("config.toml").write_text('[processes]\npath = ["a", "b"]\n')
    from_file = read_config().processes.path
    monkeypatch.setenv("BEREDNING_PROCESSES__PATH", os.pathsep.join(["c", "d", ""]))
    from_environment = read_config().processes.path

    assert (Path("a"), Path("b")) == from_file
    assert (Path("c"), Path("d")) == from_environment


def test_clock_time_of_toml_is_a_time_too() -> None:
    """TOML's own unquoted time means what it looks like."""
    Path("config.toml").write_text("[mail]\nremind_at = 06:45:00\n")

    assert time(6, 45) == read_config().mail.remind_at


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[mail]\nsendr = 'a@b.example'", "'mail.sendr' finns inte; menade du 'mail.sender'?"),
        ("[mial]\nsender = 'a@b.example'", "'mial' finns inte; menade du 'mail'?"),
        (
            "url = 'x'",
            "'url' finns inte. Tillåtna: database, mail, smtp, web, auth, about, processes, cli.",
        ),
        ("mail = 3", "mail ska vara en sektion med nycklar"),
        ("[mail]\nsender = 3", "mail.sender ska vara en text"),
        ("[mail]\nsender = 'ingen'", "mail.sender 'ingen' är ingen avsändare"),
        ("[mail]\nsender = 'å@region.example'", "är ingen avsändare"),
        ('[mail]\nsender = "a@b.example\\nBcc: c@d.example"', "är ingen avsändare"),
        ("[mail]\nremind_at = '7:30'", "mail.remind_at '7:30' är inget klockslag"),
        ("[mail]\nremind_at = '24:00'", "mail.remind_at '24:00' är inget klockslag"),
        ("[mail]\nremind_at = 7", "mail.remind_at '7' är inget klockslag"),
        ("[mail]\noutbox_dir = 7", "mail.outbox_dir ska vara en sökväg"),
        ("[web]\nbase_url = 'ftp://a.example'", "web.base_url 'ftp://a.example' är ingen adress"),
        ("[web]\nbase_url = 'https://'", "är ingen adress"),
        ("[web]\nbase_url = 'https://a.example/?x=1'", "är ingen adress"),
        ("[database]\nurl = 'mysql://h/d'", "database.url ska börja med sqlite:///"),
        ("[database]\nurl = 'sqlite:///:memory:'", "database.url ska börja med sqlite:///"),
        ("[processes]\npath = 3", "processes.path ska vara en lista"),
        ("[processes]\npath = [3]", "processes.path ska vara en sökväg"),
        ("[cli]\nact_as = 'kanske'", "cli.act_as ska vara true eller false"),
        ("[smtp]\ntls = 'none'\nuser = 'u'", "smtp.user skulle sändas okrypterat; sätt smtp.tls"),
        (
            "[smtp]\npassword = 'p'\ntls = 'none'",
            "smtp.password skulle sändas okrypterat; sätt smtp.tls",
        ),
        ("[mail", "filen är inte TOML"),
        (b"[mail]\nsender = '\xe5'", "filen är inte TOML i UTF-8"),
        ("a = " + "[" * 100_000, "filen är inte TOML"),
        ("#" * 1_000_001, "filen är för stor"),
    ],
)
def test_what_cannot_be_used_is_refused(text: str | bytes, sentence: str) -> None:
    """One sentence names the file, the key and what to write instead."""
    refusal = _refused(text)

    assert sentence in refusal.sv
    assert refusal.sv.startswith("settings.toml: ")
    assert refusal.en.startswith("settings.toml: ")


def test_every_fault_is_counted() -> None:
    """The sentence names the first fault and counts the rest; the reasons hold them all."""
    refusal = _refused("[mail]\nsendr = 1\nremindat = 2\n[weeb]\n")

    assert refusal.sv.endswith("(2 fel till)")
    assert ["unknown_setting"] * 3 == [reason.code for reason in refusal.reasons]


def test_password_is_never_repeated() -> None:
    """What was wrong with the database's address is said without the address."""
    refusal = _refused("[database]\nurl = 'mysql://u:hemligt@h/d'")
    in_clear = _refused("[smtp]\ntls = 'none'\npassword = 'hemligt'")
    config = Config(smtp={"password": "hemligt"})  # type: ignore[arg-type]

    assert "hemligt" not in refusal.sv + refusal.en + in_clear.sv + in_clear.en
    assert "sqlite" not in repr(config)
    assert "hemligt" not in repr(config)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BEREDNING_MAIL__SENDR", "BEREDNING_MAIL__SENDER"),
        ("BEREDNING_MAIL_SENDER", "BEREDNING_MAIL__SENDER"),
        ("BEREDNING_DATABASE", "BEREDNING_DATABASE__URL"),
    ],
)
def test_misspelt_variable_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    """A variable with our prefix that means nothing is refused with the nearest one."""
    monkeypatch.setenv(name, "x")

    with pytest.raises(BadInput) as caught:
        read_config()

    assert f"miljön: inställningen '{name}' finns inte; menade du '{meant}'?" in caught.value.sv


def test_fault_in_a_variable_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody searches the file for what the environment says."""
    monkeypatch.setenv("BEREDNING_CLI__ACT_AS", "kanske")

    with pytest.raises(BadInput) as caught:
        read_config()

    assert "BEREDNING_CLI__ACT_AS ska vara true eller false." == caught.value.sv


def test_missing_file_is_refused() -> None:
    """A file that was asked for and is not there is named."""
    with pytest.raises(BadInput, match=r"^borta\.toml: filen går inte att läsa"):
        read_config(Path("borta.toml"))
