"""A real PostgreSQL server of its own, on a socket in a folder of its own, run as an account without privileges."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

_DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def find_programs() -> Path | None:
    """The folder of initdb and postgres, which Debian keeps out of the way."""
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else next(reversed(_DEBIAN), None)


class Server:
    """Started by `start`, which waits until it answers."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self.user = None if os.geteuid() else "postgres"  # PostgreSQL refuses to run as root
        self.process: subprocess.Popen | None = None
        self._count = 0
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "-D", str(self.folder / "data"), "-A", "trust", "-U", "ozoir", "-E", "UTF8", "--no-sync")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self.programs / program, *arguments], user=self.user, cwd=self.folder, check=True, capture_output=True, text=True
        )

    def start(self) -> None:
        command = [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses="]
        with (self.folder / "journal").open("a") as stream:
            self.process = subprocess.Popen(command, user=self.user, cwd=self.folder, stdout=stream, stderr=stream)
        limit = time.monotonic() + 60
        while subprocess.run([self.programs / "pg_isready", "-q", "-h", self.folder, "-U", "ozoir"]).returncode:
            assert time.monotonic() < limit and self.process.poll() is None, (self.folder / "journal").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would: nothing is written before."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        owner = pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()
        _wait_for_children(self.folder, owner)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)
        shutil.rmtree(self.folder)

    def create_database(self) -> str:
        """Its address, as libpq reads it."""
        self._count += 1
        self._run("createdb", "-h", str(self.folder), "-U", "ozoir", f"essai{self._count}")
        return f"dbname=essai{self._count} host={self.folder} user=ozoir"


def _wait_for_children(folder: Path, owner: int) -> None:
    """Those of a killed server end by themselves; the next one refuses to start before."""
    limit = time.monotonic() + 30
    while any(_is_ours(path, folder, owner) for path in Path("/proc").glob("[0-9]*")):
        assert time.monotonic() < limit, "PostgreSQL's processes are still there"
        time.sleep(0.05)


def _is_ours(process: Path, folder: Path, owner: int) -> bool:
    try:
        return process.stat().st_uid == owner and (process / "cwd").resolve() == folder / "data"
    except OSError:
        return False
