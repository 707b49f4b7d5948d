"""`hongtou` in its own process: what users meet when something is wrong, and when all is well."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from hongtou.rehearsal.receivers import SmtpSink, WebhookAnswer, WebhookSink

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(120)]
ROOT = Path(__file__).resolve().parents[2]

Run = subprocess.CompletedProcess[str]


FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["hongtou.__main__", "hongtou.cli.run_command"])
COMMAND = """
import os, runpy, sys
os.chdir(folder)
os.environ.clear()
os.environ.update(environment)
for descriptor, name in ((1, "stdout"), (2, "stderr")):
    os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
sys.argv = ["hongtou", *arguments]
runpy.run_module("hongtou", run_name="__main__", alter_sys=True)
"""
"""`python -m hongtou` in a process that has its modules already: to import them takes most of a short command's time.

What begins with the interpreter itself is tested by the daemons here and by the installed program in test_packaging.
"""


@pytest.fixture
def hongtou(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Run]:
    """Run a command in a process of its own, in an empty folder; keywords are environment variables."""

    def run(*arguments: str, **environment: str) -> Run:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
        told = tmp_path_factory.mktemp("told")
        child = COMMAND.replace('"stdout"', repr(str(told / "stdout"))).replace('"stderr"', repr(str(told / "stderr")))
        names = {"arguments": arguments, "folder": str(tmp_path), "environment": {**clean, **environment}}
        process = FORKS.Process(target=exec, args=(child, names))
        process.start()
        process.join(100)
        code = process.exitcode
        process.kill()
        assert code is not None, "the command did not end"
        return Run(arguments, code, (told / "stdout").read_text("utf-8"), (told / "stderr").read_text("utf-8"))

    return run


def write(folder: Path, content: object) -> str:
    """Write hongtou.yaml and return its path."""
    path = folder / "hongtou.yaml"
    text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def closed_ports(count: int) -> list[int]:
    """Return ports of loopback on which nobody listens."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def told(run: Run, code: int) -> str:
    """Return standard error of a failed run, having checked that it is a message and no traceback."""
    assert run.returncode == code, run.stderr + run.stdout
    assert "Traceback" not in run.stderr
    assert run.stderr.strip()
    return run.stderr


def test_a_broken_config_is_told_with_file_line_and_suggestion(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """Every fault is one line that names the place, and what may have been meant."""
    write(tmp_path, "routes:\n  desk:\n    match:\n      jurisdiction: [cn-sh]\ncrawl:\n  timeout: soon\n")
    message = told(hongtou("run"), 2)
    assert "hongtou.yaml:4" in message
    assert "jurisdictions" in message
    assert "hongtou.yaml:6" in message


def test_a_missing_secret_names_the_variable_and_the_key(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """A `${NAME}` that is not set is told by name."""
    write(tmp_path, {"channels": {"desk": {"url": "mailtos://me:${SMTP_PASSWORD}@example.com"}}})
    message = told(hongtou("run"), 2)
    assert "SMTP_PASSWORD" in message
    assert "channels.desk.url" in message


def test_a_missing_config_file_is_told(hongtou: Callable[..., Run]) -> None:
    """A file that was asked for and is not there is a fault, not a silent default."""
    assert "nowhere.yaml" in told(hongtou("run", "--config", "nowhere.yaml"), 2)


def test_an_unwritable_data_directory_is_told(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """A data directory that cannot be made names itself and the key."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    write(tmp_path, {"data_dir": str(tmp_path / "file" / "data")})
    message = told(hongtou("run", "--once"), 2)
    assert "data_dir" in message
    assert str(tmp_path / "file" / "data") in message


def test_a_bad_channel_address_is_told_without_its_secret(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """A channel that Apprise does not understand is named; its address is not shown."""
    write(tmp_path, {"channels": {"desk": {"url": "nosuchscheme://secret-token@example.com"}}})
    message = told(hongtou("run", "--once"), 2)
    assert "desk" in message
    assert "secret-token" not in message


def test_a_database_of_a_newer_version_is_refused(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """A database whose revision is unknown is left alone, with advice."""
    assert hongtou("db", "upgrade").returncode == 0
    with sqlite3.connect(tmp_path / "data" / "hongtou.db") as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    message = told(hongtou("run", "--once"), 3)
    assert "9999" in message
    assert "newer" in message
    told(hongtou("db", "check"), 3)


def test_a_dead_slack_address_is_told_by_the_test_command(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """`alerts test` shows what the channel answered, exits with 5, and shows no secret."""
    with WebhookSink(WebhookAnswer(status=404, body=b"no_service")) as slack:
        write(tmp_path, {"channels": {"slack": {"url": slack.url}}})
        run = hongtou("alerts", "test")
    assert run.returncode == 5
    assert "Traceback" not in run.stderr
    assert "slack: dead" in run.stdout
    assert "404" in run.stdout
    assert "T0/B0" not in run.stdout + run.stderr


def test_a_mail_server_that_is_down_is_told_and_retried(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """A test that cannot be delivered now stays in the outbox, to be tried again."""
    with SmtpSink() as mail:
        mail.down()
        write(tmp_path, {"channels": {"desk": {"url": mail.url}}})
        run = hongtou("alerts", "test")
    assert run.returncode == 5
    assert "desk: retrying" in run.stdout


def test_the_test_message_takes_the_real_way(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """`alerts test` goes through the outbox to the mail server, Chinese and all."""
    with SmtpSink() as mail:
        write(tmp_path, {"channels": {"desk": {"url": mail.url}}})
        run = hongtou("alerts", "test", "desk")
        assert run.returncode == 0, run.stderr
        assert "desk: delivered" in run.stdout
        [received] = mail.mails
        assert "红头测试消息" in str(received.message["Subject"])
    listed = json.loads(hongtou("alerts", "list", "--json").stdout)
    assert [(alert["kind"], alert["state"]) for alert in listed] == [("test", "sent")]


def test_an_unknown_channel_is_told(hongtou: Callable[..., Run]) -> None:
    """A misspelt channel name shows the names that there are."""
    assert "terminal" in told(hongtou("alerts", "test", "slak"), 2)


def test_run_without_network_says_so_in_one_line_and_goes_on(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """With every address refused, the daemon says once that there is no network, and stops in order when asked."""
    sources = {
        name: {
            "name": name, "name_en": name, "kind": "feed", "url": f"http://127.0.0.1:{port}/feed", "group": "gone",
            "voice": "press", "allow_private_addresses": True, "poll": {"min": "1s", "max": "1m"},
        }
        for name, port in zip("abcde", closed_ports(5), strict=True)
    }  # fmt: skip
    (tmp_path / "sources.d").mkdir()
    (tmp_path / "sources.d" / "gone.yaml").write_text(yaml.safe_dump({"sources": sources}), encoding="utf-8")
    config = {
        "watch": {"groups": ["gone"]},
        "crawl": {"retries": 0, "delay": "0s", "allow_private_addresses": True},
        "schedule": {"poll_tick": "0.5s"},
        "log": {"format": "json"},
    }
    write(tmp_path, config)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
    with (tmp_path / "out").open("wb") as output:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "hongtou", "run"],
            cwd=tmp_path,
            env={**clean, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + 40
        while "no network" not in (text := (tmp_path / "out").read_text(encoding="utf-8")) and time.monotonic() < end:
            time.sleep(0.2)
        time.sleep(3)
        assert daemon.poll() is None
        refused = hongtou("run", "--once")
        assert f"{daemon.pid}" in told(refused, 3)
        assert hongtou("health").returncode == 0
    finally:
        daemon.send_signal(signal.SIGTERM)
        code = daemon.wait(timeout=30)
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert code == 0
    assert text.count("no network") == 1
    assert "make demo" in text
    assert "watching  5 sources" in text


def test_run_once_ends_with_a_summary_and_a_code(hongtou: Callable[..., Run], tmp_path: Path) -> None:
    """When no source answers, the summary names each with its class, and the exit code is 4."""
    write(tmp_path, {"watch": {"only": ["cointelegraph"]}, "crawl": {"retries": 0, "timeout": "5s"}})
    run = hongtou("run", "--once", "--all")
    assert run.returncode == 4, run.stderr
    assert "cointelegraph" in run.stdout
    assert "Deliveries: 0 sent" in run.stdout


def test_a_reader_that_goes_away_does_not_keep_the_program(tmp_path: Path) -> None:
    """`hongtou run --once | head -1` ends, though its output has nowhere to go, and its threads with it."""
    write(tmp_path, {"watch": {"only": ["cointelegraph"]}, "crawl": {"retries": 0, "timeout": "5s"}})
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HONGTOU_")}
    run = subprocess.Popen(
        [sys.executable, "-m", "hongtou", "run", "--once", "--all"],
        cwd=tmp_path,
        env={**clean, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert run.stdout is not None
    while b"config" not in run.stdout.readline():  # the last line before the polls; the summary comes after them
        assert run.poll() is None
    run.stdout.close()
    try:
        assert run.wait(timeout=60) != 0
    finally:
        run.kill()


def test_health_without_a_daemon_is_unhealthy(hongtou: Callable[..., Run]) -> None:
    """No heartbeat is code 6."""
    run = hongtou("health")
    assert (run.returncode, "no heartbeat" in run.stdout) == (6, True)


def test_all_goes_with_once(hongtou: Callable[..., Run]) -> None:
    """A misuse of options is told as such."""
    assert "--once" in told(hongtou("run", "--all"), 2)


def test_items_and_sources_can_be_listed_before_anything_happened(hongtou: Callable[..., Run]) -> None:
    """An empty installation lists nothing, in order."""
    assert json.loads(hongtou("items", "list", "--json").stdout) == []
    sources = json.loads(hongtou("sources", "list", "--json").stdout)
    assert len(sources) >= 12
    assert {source["kind"] for source in sources} >= {"feed", "json", "listing", "jpaas", "trs-dated", "gkmlpt"}
    assert "there is no item 5" in told(hongtou("items", "show", "5"), 2)
