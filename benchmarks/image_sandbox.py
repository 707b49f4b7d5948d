"""Runs programs as the compose file's container would, where bubblewrap and setpriv are there and this user is root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UID = 10001
_SYSTEM = ("/usr", "/etc", "/bin", "/lib", "/lib64")
_UNITS = {"k": 2**10, "m": 2**20, "g": 2**30}


@dataclass(frozen=True, slots=True)
class Compose:
    """What the compose file says of its one service."""

    is_read_only: bool
    tmpfs: tuple[str, ...]
    drops_all: bool
    no_new_privileges: bool
    memory: int
    """Bytes."""
    grace_s: float

    @classmethod
    def read(cls, path: Path) -> Compose:
        """Read the file."""
        service = yaml.safe_load(path.read_text(encoding="utf-8"))["services"]["hongtou"]
        limit = str(service["mem_limit"])
        return cls(
            is_read_only=bool(service.get("read_only")),
            tmpfs=tuple(service.get("tmpfs", ())),
            drops_all=service.get("cap_drop") == ["ALL"],
            no_new_privileges="no-new-privileges:true" in service.get("security_opt", ()),
            memory=int(limit[:-1]) * _UNITS[limit[-1]],
            grace_s=float(str(service["stop_grace_period"]).removesuffix("s")),
        )


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A root of its own: the system's programs, a Python, the installed environment, and a place for data."""

    installed: Path
    """The environment; stays where it was made, for its programs name themselves by that."""
    data: Path
    """What becomes `/data`."""
    python: Path
    """Prefix of the Python that the environment was made with."""
    compose: Compose
    environment: Mapping[str, str] = field(default_factory=dict)

    @staticmethod
    def lacks() -> str:
        """Return what is missing to make one; empty where nothing is."""
        tools = {name: shutil.which(name) for name in ("bwrap", "setpriv")}
        wanting = [name for name, found in tools.items() if found is None]
        if os.geteuid() != 0:
            wanting.append("root")
        if not wanting and subprocess.run([str(tools["bwrap"]), "--ro-bind", "/", "/", "true"], check=False).returncode:
            wanting.append("leave to make mounts")
        return ", ".join(wanting)

    def command(self, program: Sequence[str]) -> list[str]:
        """Return what runs a program inside."""
        mounts = [part for path in _SYSTEM if Path(path).exists() for part in _shown(Path(path))]
        for path in (self.python, self.installed):
            for above in reversed(path.parents[:-1]):  # bubblewrap would make them for root alone
                mounts += ["--perms", "0755", "--dir", str(above)]
            mounts += ["--ro-bind", str(path), str(path)]
        scratch = [part for path in self.compose.tmpfs for part in ("--perms", "1777", "--tmpfs", path)]
        sealed = ["--remount-ro", "/"] if self.compose.is_read_only else []
        rights = [f"--reuid={UID}", f"--regid={UID}", "--clear-groups"]
        if self.compose.drops_all:
            rights += ["--inh-caps=-all", "--bounding-set=-all"]
        if self.compose.no_new_privileges:
            rights.append("--no-new-privs")
        variables = [part for pair in self.environment.items() for part in ("--setenv", *pair)]
        system = ["--proc", "/proc", "--dev", "/dev"]
        place = ["--bind", str(self.data), "/data", *sealed, "--chdir", "/data"]
        return [
            "bwrap", "--die-with-parent", "--clearenv", *variables, *scratch, *mounts, *system, *place,
            "setpriv", *rights, *program,
        ]  # fmt: skip

    def writable(self) -> list[str]:
        """Return which folders a program inside can write to, of those that it has any business with."""
        places = ["/", "/etc", "/usr", str(self.installed), str(self.installed / "lib"), *self.compose.tmpfs, "/data"]
        tried = 'for place in "$@"; do touch "$place/.try" 2>/dev/null && echo "$place"; done; true'
        told = subprocess.run(
            self.command(["sh", "-c", tried, "sh", *places]), check=True, capture_output=True, text=True
        )
        return told.stdout.split()

    @staticmethod
    def standing(pid: int) -> str:
        """Return user, group and capabilities of a process, as the kernel tells them."""
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        found = dict(re.findall(r"^(Uid|Gid|CapEff|CapBnd|NoNewPrivs):\s+(\S+)", status, re.MULTILINE))
        return ", ".join(f"{name} {value}" for name, value in found.items())


def inside(pid: int) -> int:
    """Return the process that bubblewrap waits for: signals go to it, as Docker sends them."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return int(children[0]) if children else pid


def _shown(path: Path) -> list[str]:
    return ["--symlink", str(path.readlink()), str(path)] if path.is_symlink() else ["--ro-bind", str(path), str(path)]
