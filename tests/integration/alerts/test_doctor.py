"""The doctor: what it says of servers that are well, wrong, slow or away, and of this machine."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from alerts.channel_endpoints import Endpoint, MailLogin, endpoint_of
from config.loader import load_settings
from core.alert import ChannelId
from hongtou.cli.app import app
from hongtou.doctor.examination import examine
from hongtou.doctor.finding import Finding, Verdict
from hongtou.doctor.local import look_at_configuration, look_at_daemon, look_at_data, look_at_database
from hongtou.doctor.network import ask, hosts_of, look_at_channel, look_at_network
from hongtou.heartbeat import heartbeat_path, write_heartbeat
from hongtou.in_force import InForce, write_in_force
from hongtou.rehearsal.receivers import Encryption, SmtpSink
from storage.database import SqlDatabase
from storage.lock import InstanceLock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.loaded import Loaded

_NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
_DESK = ChannelId("desk")


@pytest.fixture
def loaded(tmp_path: Path) -> Loaded:
    """Give a configuration with a folder of the test's own."""
    file = tmp_path / "hongtou.yaml"
    file.write_text(f"data_dir: {tmp_path / 'data'}\nwatch: {{only: [gov-cn-policy-latest]}}\n", encoding="utf-8")
    return load_settings(file, environ={})


@pytest.fixture
def web(certificate: Path) -> Iterator[HTTPServer]:
    """Run a server with a certificate of its own, whose clock stands at `_NOW`."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(200)
            self.send_header("Date", format_datetime(_NOW, usegmt=True))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def _verdicts(findings: Iterator[Finding]) -> list[tuple[str, Verdict]]:
    return [(finding.topic, finding.verdict) for finding in findings]


def test_a_host_that_answers_tells_the_time(web: HTTPServer, certificate: Path) -> None:
    """With a certificate that is trusted, the head of the first page comes with the host's clock."""
    trusting = ssl.create_default_context(cafile=str(certificate))
    answer = ask("127.0.0.1", timeout_s=5, port=web.server_port, context=trusting)
    assert (answer.error, answer.date) == ("", _NOW)


def test_each_fault_of_a_host_is_told_apart(web: HTTPServer) -> None:
    """A strange certificate, a closed port, silence and a name that is none are four different findings."""
    strange = ask("127.0.0.1", timeout_s=5, port=web.server_port)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        slow = ask("127.0.0.1", timeout_s=0.3, port=port)
    closed = ask("127.0.0.1", timeout_s=5, port=port)
    nameless = ask("no-such-host.invalid", timeout_s=5)
    assert [one.stage for one in (strange, slow, closed, nameless)] == ["tls", "connect", "connect", "dns"]
    assert "certificate is not accepted" in strange.error
    assert "no answer within 0.3 s" in slow.error


@pytest.mark.parametrize(
    ("off", "verdict"), [(30, Verdict.OK), (-59, Verdict.OK), (3600, Verdict.FAILURE), (-3600, Verdict.FAILURE)]
)
def test_a_clock_that_is_off_is_told(
    web: HTTPServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, off: int, verdict: Verdict
) -> None:
    """Up to a minute is fine; an hour either way is a failure with what to do."""
    port = web.server_port
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(
        "hongtou.doctor.network.ask",
        lambda host, timeout_s: ask(host, timeout_s=timeout_s, port=port, context=trusting),
    )
    findings = list(look_at_network(["127.0.0.1"], now=lambda: _NOW + timedelta(seconds=off)))
    assert [finding.verdict for finding in findings] == [Verdict.OK, verdict]


def test_no_host_at_all_is_one_finding() -> None:
    """When nothing can be reached, that is told once, with what to look at."""
    (finding, clock) = look_at_network(["no-such-host.invalid", "neither.invalid"], now=lambda: _NOW)
    assert finding.verdict is Verdict.FAILURE
    assert "none of 2 hosts" in finding.detail
    assert finding.advice
    assert clock.verdict is Verdict.SKIPPED


@pytest.mark.parametrize(
    ("password", "verify", "verdict", "says"),
    [
        ("right", False, Verdict.OK, "logged in as me"),
        ("wrong", False, Verdict.FAILURE, "refuses the login"),
        ("right", True, Verdict.FAILURE, "certificate is not accepted"),
    ],
)
def test_a_mail_server_is_logged_in_to(
    certificate: Path,
    password: str,
    verify: bool,
    verdict: Verdict,
    says: str,
) -> None:
    """The login is tried under STARTTLS, and no mail is sent."""
    with SmtpSink(login=("me", "right"), encryption=Encryption.STARTTLS, certificate=certificate) as sink:
        login = MailLogin(mode="starttls", user="me", password=password, verify=verify)
        finding = look_at_channel(
            Endpoint(channel=_DESK, scheme="mailtos", host="127.0.0.1", port=sink.port, mail=login)
        )
    assert finding.verdict is verdict
    assert says in finding.detail
    assert sink.mails == []
    assert password not in str(finding)


def test_plain_servers_are_reached(web: HTTPServer) -> None:
    """A webhook without TLS is reached by its port, one that is away is a failure, and a terminal is no server."""
    there = Endpoint(channel=_DESK, scheme="json", host="127.0.0.1", port=web.server_port, is_tls=False)
    assert look_at_channel(there).verdict is Verdict.OK
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    away = Endpoint(channel=_DESK, scheme="json", host="127.0.0.1", port=port, is_tls=False)
    assert look_at_channel(away).verdict is Verdict.FAILURE
    assert look_at_channel(Endpoint(channel=_DESK, scheme="terminal")).verdict is Verdict.SKIPPED


@pytest.mark.parametrize(
    ("address", "host", "port", "tls"),
    [
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack.com", 443, True),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "discord.com", 443, True),
        ("jsons://user:secret@hooks.example.org:8443/x", "hooks.example.org", 8443, True),
        ("json://hooks.example.org/x", "hooks.example.org", 80, False),
        ("ntfys://ntfy.example.org/topic", "ntfy.example.org", 443, True),
        (
            "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js?endpoint=https://gate.example.org/x",
            "gate.example.org",
            443,
            True,
        ),
        ("wecombot://0123456789?endpoint=http://gate.example.org:8080", "gate.example.org", 8080, False),
        ("webhooks://hooks.example.org:8443/x", "hooks.example.org", 8443, True),
        ("terminal://", "", 443, True),
        ("nothing-such://x", "", 443, True),
    ],
)
def test_servers_behind_addresses(address: str, host: str, port: int, tls: bool) -> None:
    """Hosts are told from tokens that look like hosts, and ports are those of the scheme unless named."""
    endpoint = endpoint_of(_DESK, address)
    assert endpoint.host == host
    if host:
        assert (endpoint.port, endpoint.is_tls) == (port, tls)


def test_the_machine_is_looked_at(loaded: Loaded, tmp_path: Path) -> None:
    """A new machine is well: what is not there yet is made at the first start, and looking makes nothing."""
    verdicts = dict(_verdicts(examine(loaded, now=lambda: _NOW, network=False)))
    assert Verdict.FAILURE not in verdicts.values()
    assert verdicts["daemon"] is Verdict.SKIPPED
    assert not (tmp_path / "data").exists()


def test_a_folder_that_is_in_the_way_is_told(loaded: Loaded, tmp_path: Path) -> None:
    """A file where the folder should be is a failure that names it."""
    (tmp_path / "data").write_text("in the way")
    (finding,) = look_at_data(loaded)
    assert finding.verdict is Verdict.FAILURE
    assert str(tmp_path / "data") in finding.detail


def test_databases_are_told_apart(loaded: Loaded, tmp_path: Path) -> None:
    """A good database, an old one and a damaged one are three findings."""
    file = tmp_path / "data" / "hongtou.db"
    with SqlDatabase(f"sqlite:///{file}") as database:
        database.migrate()
        assert _verdicts(look_at_database(loaded)) == [("database", Verdict.OK)]
        database.downgrade(to="0005")
        assert _verdicts(look_at_database(loaded)) == [("database", Verdict.WARNING)]
    file.write_bytes(b"no database at all" * 1000)
    assert _verdicts(look_at_database(loaded)) == [("database", Verdict.FAILURE)]


def test_a_daemon_is_alive_or_stuck(loaded: Loaded) -> None:
    """Its heartbeat tells whether a daemon that holds the folder still works."""
    folder = loaded.settings.data_dir
    with InstanceLock(folder):
        assert _verdicts(look_at_daemon(loaded, now=_NOW)) == [("daemon", Verdict.FAILURE)]
        write_heartbeat(heartbeat_path(folder), _NOW)
        assert _verdicts(look_at_daemon(loaded, now=_NOW)) == [("daemon", Verdict.OK)]
        assert _verdicts(look_at_daemon(loaded, now=_NOW + timedelta(hours=1))) == [("daemon", Verdict.FAILURE)]


def test_an_edit_that_is_not_in_force_is_told(loaded: Loaded) -> None:
    """Of a daemon that runs: what is wrong with its files, and what waits for a restart."""
    folder = loaded.settings.data_dir
    with InstanceLock(folder):
        write_heartbeat(heartbeat_path(folder), _NOW)
        write_in_force(folder, InForce(hash="0"))
        assert _verdicts(look_at_daemon(loaded, now=_NOW)) == [("daemon", Verdict.OK)]
        write_in_force(folder, InForce(hash="0", faults=("hongtou.yaml is empty now",), needs_restart=("database",)))
        _, fault, restart = look_at_daemon(loaded, now=_NOW)
    assert (fault.verdict, restart.verdict) == (Verdict.FAILURE, Verdict.WARNING)
    assert "hongtou.yaml is empty now" in fault.detail
    assert "database" in restart.detail


def test_files_beside_the_configuration_are_looked_at(loaded: Loaded) -> None:
    """Words, templates and times that cannot be used are findings, each with its file or key."""
    assert loaded.path is not None
    folder = loaded.path.parent
    (folder / "lexicon.d").mkdir()
    (folder / "lexicon.d" / "own.yaml").write_text("concepts: []\n", encoding="utf-8")
    (folder / "templates.d" / "mine").mkdir(parents=True)
    (folder / "templates.d" / "mine" / "item.slack.j2").write_text("{{ nosuch(", encoding="utf-8")
    with loaded.path.open("a", encoding="utf-8") as file:
        file.write("retention: {tidy: 0 25 * * *}\n")
    findings = list(look_at_configuration(load_settings(loaded.path, environ={})))
    faults = [finding.detail for finding in findings if finding.verdict is Verdict.FAILURE]
    assert len(faults) == 3
    assert all(any(name in fault for fault in faults) for name in ("own.yaml", "item.slack.j2", "retention.tidy"))
    assert not [finding for finding in findings if finding.verdict is Verdict.OK]


def test_a_look_that_breaks_hides_no_other(loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault of one look is a finding among the others."""

    def broken(_: object) -> Iterator[Finding]:
        raise RuntimeError("boom")

    monkeypatch.setattr("hongtou.doctor.examination.look_at_data", broken)
    findings = dict(_verdicts(examine(loaded, now=lambda: _NOW, network=False)))
    assert findings["data directory"] is Verdict.FAILURE
    assert findings["database"] is Verdict.OK


def test_the_command_for_people_and_scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults of the configuration are findings too, with code 6; without faults it ends with 0."""
    monkeypatch.chdir(tmp_path)
    well = CliRunner().invoke(app, ["doctor", "--offline", "--json"])
    assert well.exit_code == 0
    assert {"topic", "verdict", "detail", "advice"} == json.loads(well.stdout)[0].keys()
    (tmp_path / "hongtou.yaml").write_text("routes: {now: {order: x}}\n", encoding="utf-8")
    ill = CliRunner().invoke(app, ["doctor", "--offline"])
    assert ill.exit_code == 6
    assert "routes.now.order" in ill.stdout


def test_few_hosts_of_different_groups_are_asked(loaded: Loaded) -> None:
    """Hosts are taken from watched sources, one a group."""
    assert hosts_of(loaded) == ("www.gov.cn",)
