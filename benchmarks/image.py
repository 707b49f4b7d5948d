"""Carries out the steps of the Dockerfile in a clean folder, and looks at what comes out, where no Docker is to be had.

::

    python -m benchmarks.image --python python3.13

Every RUN and COPY of the build stage is done as written, below a folder in place of `/`. Of the second stage and of
docker-compose.yml the environment, the user's number, the read-only root with its tmpfs and volume, the dropped
capabilities, the health check and the stop signal are tried with the installed program, in a sandbox of bubblewrap
(`apt-get install bubblewrap`; needs root). Without, the program runs as it is, and that is said. What only a real image
has (its base, its user database, the enforced limit of memory) is listed at the end as not tried.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.image_sandbox import UID, Compose, Sandbox, inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
_PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64")
_STOP_WITHIN_S = 20.0
_LOOK_AFTER_S = 60.0
"""Until each source that is due at once has been asked."""


@dataclass(slots=True)
class Instruction:
    """One line of a Dockerfile, joined over its backslashes."""

    word: str
    rest: str


@dataclass(slots=True)
class Stage:
    """From one FROM to the next."""

    base: str
    instructions: list[Instruction] = field(default_factory=list)

    def last(self, word: str) -> str:
        """Return what the last instruction of a kind says; empty without."""
        found = [one.rest for one in self.instructions if one.word == word]
        return found[-1] if found else ""


def read_dockerfile(text: str) -> list[Stage]:
    """Return the stages of a Dockerfile."""
    joined = re.sub(r"\\\n", " ", "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#")))
    stages: list[Stage] = []
    for line in filter(str.strip, joined.splitlines()):
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            stages.append(Stage(rest.split()[0]))
        else:
            stages[-1].instructions.append(Instruction(word, " ".join(rest.split())))
    return stages


class Builder:
    """Does a stage's instructions below a folder."""

    def __init__(self, root: Path, python: str) -> None:
        self.root = root
        self._python = python
        self._folder = root
        self._tracked = _tracked()
        self._arguments: dict[str, str] = {}

    def build(self, stage: Stage) -> None:
        """Do RUN, COPY and WORKDIR; print each with the time it took."""
        for one in stage.instructions:
            begun = time.monotonic()
            match one.word:
                case "WORKDIR":
                    self._folder = self._below(one.rest)
                    self._folder.mkdir(parents=True, exist_ok=True)
                case "ARG":
                    name, _, value = one.rest.partition("=")
                    self._arguments[name] = value.strip('"')
                case "COPY":
                    self._copy(one.rest.split())
                case "RUN":
                    self._run(one.rest)
                case _:
                    continue
            print(f"  {time.monotonic() - begun:6.1f} s  {one.word} {one.rest[:110]}", flush=True)

    def _below(self, path: str) -> Path:
        return self.root / path.lstrip("/") if path.startswith("/") else self._folder / path

    def _copy(self, arguments: Sequence[str]) -> None:
        *sources, target = arguments
        for source in sources:
            for name in self._tracked:
                inside = name if source == "." else name.removeprefix(source)
                if source == "." or name.startswith(source):
                    to = self._below(target) / inside
                    to.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(ROOT / name, to)

    def _run(self, command: str) -> None:
        here = re.sub(r"(?<![\w.])/opt/", f"{self.root}/opt/", command)
        here = re.sub(r"^python ", f"{self._python} ", here).replace("&& python ", f"&& {self._python} ")
        here = here.replace("cd / ", f"cd {self.root} ")
        subprocess.run(
            ["/bin/sh", "-ec", here],
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, **self._arguments, "PIP_QUIET": "2"},
        )


def _tracked() -> list[str]:
    git = shutil.which("git") or "git"
    listed = subprocess.run([git, "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    ignored = [line.strip().rstrip("/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.strip()]
    return [
        name for name in listed.splitlines() if not any(name == one or name.startswith(f"{one}/") for one in ignored)
    ]


def look_at_wheels() -> Iterator[str]:
    """Say for each platform whether every locked file is a wheel of it."""
    lock = ROOT / "requirements" / "runtime.lock"
    for platform in _PLATFORMS:
        tried = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--dry-run", "-q", "--no-deps", "--require-hashes",
             "--only-binary=:all:", "--python-version", "3.13", "--platform", platform, "--platform",
             platform.replace("2_28", "2_17"), "--platform", platform.replace("manylinux_2_28", "manylinux2014"),
             "--platform", "any", "--target", tempfile.gettempdir(), "-r", str(lock)],
            check=False, capture_output=True, text=True,
        )  # fmt: skip
        said = "every package is a wheel" if tried.returncode == 0 else tried.stderr.strip().splitlines()[-1]
        yield f"{platform}: {said}"


def look_at_program(root: Path, stage: Stage, python: str) -> Iterator[str]:
    """Run the installed program as the compose file would, and say how it does."""
    settings = dict(re.findall(r"(\w+)=(\S+)", " ".join(one.rest for one in stage.instructions if one.word == "ENV")))
    compose, lacking = Compose.read(ROOT / "docker-compose.yml"), Sandbox.lacks()
    data, installed = root / "data", root / "opt" / "hongtou"
    data.mkdir(exist_ok=True)
    program = [str(installed / "bin" / "hongtou")]
    environment = {**settings, "PATH": f"{installed}/bin:/usr/bin:/bin", "TZ": "UTC"}
    check = json.loads(stage.last("HEALTHCHECK").partition("CMD ")[2])[1:]
    if lacking:
        yield f"tried as this user, with all its rights: a sandbox lacks {lacking}"
        environment["HONGTOU_DATA_DIR"] = str(data)
        yield from _run_daemon(
            lambda arguments: ["env", "-i", *_pairs(environment), *program, *arguments], check, compose
        )
        return
    shutil.chown(data, UID, UID)
    root.chmod(0o755)
    prefix = subprocess.run(
        [python, "-c", "import sys; print(sys.base_prefix)"], check=True, capture_output=True, text=True
    )
    sandbox = Sandbox(installed, data, Path(prefix.stdout.strip()), compose, environment)
    yield f"writable inside: {', '.join(sandbox.writable())}"
    yield from _run_daemon(lambda arguments: sandbox.command([*program, *arguments]), check, compose)
    owners = {path.stat().st_uid for path in data.rglob("*")}
    yield f"files in the volume belong to {', '.join(map(str, owners))}"


def _pairs(environment: dict[str, str]) -> list[str]:
    return [f"{name}={value}" for name, value in environment.items()]


def _run_daemon(command: Callable[[Sequence[str]], list[str]], check: Sequence[str], compose: Compose) -> Iterator[str]:
    """Start, ask the health check until it is well, read the memory, and stop."""
    log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the benchmark
    daemon = subprocess.Popen(command(["run"]), stdout=log, stderr=log)
    begun = time.monotonic()
    try:
        while subprocess.run(command(check), check=False, capture_output=True).returncode:
            if time.monotonic() - begun > 90 or daemon.poll() is not None:
                log.seek(0)
                said = log.read().decode(errors="replace").strip().splitlines()[-3:]
                yield f"health check: never healthy, code {daemon.poll()}: {' / '.join(said)}"
                break
            time.sleep(0.5)
        else:
            yield f"health check `{shlex.join(check)}`: healthy after {time.monotonic() - begun:.1f} s"
            yield f"a check takes {_check_cost_s(command(check)):.2f} s of processor time"
            time.sleep(_LOOK_AFTER_S)
            yield f"it runs with {Sandbox.standing(inside(daemon.pid))}"
            now, most = (_memory(inside(daemon.pid), of) for of in ("VmRSS", "VmHWM"))
            limit = compose.memory / 1e6
            yield f"memory after {_LOOK_AFTER_S:g} s: {now:.0f} MB resident, {most:.0f} at most; limit {limit:.0f} MB"
    finally:
        stopping = time.monotonic()
        if daemon.poll() is None:
            os.kill(inside(daemon.pid), signal.SIGTERM)
        code = daemon.wait(60)
        took = time.monotonic() - stopping
    grace = compose.grace_s
    yield f"stopped by SIGTERM in {took:.1f} s (at most {_STOP_WITHIN_S:g}; compose waits {grace:g}), code {code}"


def _check_cost_s(command: Sequence[str]) -> float:
    before = os.times()
    subprocess.run(command, check=False, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def _memory(pid: int, of: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(rf"{of}:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else 0.0


def _largest(folder: Path) -> str:
    sizes = sorted(((_size(path), path.name) for path in folder.glob("lib/python*/site-packages/*/")), reverse=True)
    return ", ".join(f"{name} {size:.0f}" for size, name in sizes[:8])


def _size(folder: Path) -> float:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir()) / 1e6


def main() -> None:
    """Do all of it, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default="python3.13", help="Python of the base image's version")
    parser.add_argument("--keep", action="store_true", help="keep the folder")
    options = parser.parse_args()
    build, final = read_dockerfile((ROOT / "Dockerfile").read_text(encoding="utf-8"))
    folder = Path(tempfile.mkdtemp(prefix="hongtou-image-"))
    try:
        print(f"build stage ({build.base}) in {folder}")
        Builder(folder, options.python).build(build)
        installed = folder / "opt" / "hongtou"
        print(f"installed environment: {_size(installed):.0f} MB; the largest: {_largest(installed)}")
        shutil.rmtree(folder / "src")
        shutil.rmtree(folder / "opt" / "build")
        print("second stage, as far as it can be tried")
        for line in look_at_program(folder, final, options.python):
            print(f"  {line}")
        print("wheels")
        for line in look_at_wheels():
            print(f"  {line}")
        print(
            f"not tried: {final.base} (its C library, its user database), groupadd and useradd, init, "
            "the limit of memory as enforced, networks, logging"
        )
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
