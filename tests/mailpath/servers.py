"""Postfix and Dovecot of the system's packages, each in a folder of its own, on loopback.

Postfix takes mail with STARTTLS and hands it to Dovecot over LMTP, which refuses whom it
does not know: then Postfix writes a bounce to the envelope sender. Both need root, since
they change user.
"""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import trustme

PASSWORD = "provlosenord"
HOST = "127.0.0.1"
LMTP_DAEMON = Path("/usr/lib/dovecot/lmtp")

MAIN_CF = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = {daemons}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
inet_interfaces = {host}
inet_protocols = ipv4
myhostname = post.region.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = {domains}
virtual_transport = lmtp:inet:{host}:{lmtp}
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {folder}/server.pem
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
bounce_queue_lifetime = 1m
"""
MASTER_CF = """
{host}:{smtp} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT_CONF = """
protocols = imap lmtp
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    address = {host}
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = {host}
    port = {lmtp}
  }}
}}
"""


@dataclass(frozen=True, kw_only=True)
class Servers:
    """Two servers that run."""

    folder: Path
    smtp: int
    """Port, with STARTTLS demanded."""
    imap: int
    """Port, in clear."""
    ca_file: Path


def missing() -> str:
    """Say what keeps the servers from being started; empty when nothing does."""
    there = shutil.which("postfix") and shutil.which("dovecot") and LMTP_DAEMON.exists()
    if not there:
        return "no Postfix or Dovecot: apt-get install postfix dovecot-imapd dovecot-lmtpd"
    if os.geteuid() != 0:
        return "Postfix and Dovecot change user, which takes root"
    return ""


@contextmanager
def running(folder: Path, addresses: Sequence[str]) -> Iterator[Servers]:
    """Run both, with a mailbox for each address; others of their domains bounce."""
    smtp, imap, lmtp = _free_ports(3)
    folder.chmod(0o755)
    _write_certificates(folder)
    domains = ", ".join(sorted({address.rpartition("@")[2] for address in addresses}))
    values = {
        "folder": folder,
        "host": HOST,
        "smtp": smtp,
        "imap": imap,
        "lmtp": lmtp,
        "domains": domains,
        "daemons": _say("postconf", "-h", "daemon_directory"),
    }
    for name in ("postfix", "spool", "data", "run", "state", "mail"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    shutil.chown(folder / "mail", "mail", "mail")
    (folder / "users").write_text("".join(f"{one}:{PASSWORD}\n" for one in addresses))
    (folder / "postfix" / "main.cf").write_text(MAIN_CF.format(**values))
    (folder / "postfix" / "master.cf").write_text(MASTER_CF.format(**values))
    (folder / "dovecot.conf").write_text(DOVECOT_CONF.format(**values))
    postfix, dovecot = ["postfix", "-c", str(folder / "postfix")], ["dovecot", "-c"]
    dovecot.append(str(folder / "dovecot.conf"))
    _say(*dovecot)
    try:
        _say(*postfix, "start")
        try:
            yield Servers(folder=folder, smtp=smtp, imap=imap, ca_file=folder / "ca.pem")
        finally:
            _say(*postfix, "stop")
    finally:
        _say("doveadm", "-c", dovecot[-1], "stop")


def _write_certificates(folder: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    own = authority.issue_cert(HOST)
    own.private_key_and_cert_chain_pem.write_to_path(folder / "server.pem")
    (folder / "server.pem").chmod(0o600)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _say(*command: str) -> str:
    """Run a command; what it leaves running keeps no pipe of ours open."""
    with TemporaryFile("w+") as out:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False, timeout=60
        )
        out.seek(0)
        told = out.read().strip()
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {told}")
    return told
