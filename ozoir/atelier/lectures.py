"""Readings of received files, off the interface's thread, a few at once, each one stoppable."""

from __future__ import annotations

import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from concurrent.futures import TimeoutError as WaitedEnough
from dataclasses import dataclass, field
from typing import Any

from ozoir.catalogue.loading import Catalogue
from ozoir.errors import OzoirError
from ozoir.ingestion.child import Child
from ozoir.ingestion.delivery import Delivery
from ozoir.ingestion.reading import receive_bytes

_AT_ONCE = 2  # each reading may take 2 GB: the others wait for their turn
_POOL = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="lecture")


@dataclass(frozen=True)
class Choix:
    """What the analyst says of a file: its layout, its edition, the date of a block, that it names nobody."""

    source: str = ""
    edition: str = ""
    millesimes: tuple[tuple[str, str], ...] = ()
    is_cleared: bool = False


@dataclass
class Lecture:
    """One file being read."""

    child: Child = field(default_factory=Child)
    started: float = field(default_factory=time.monotonic)

    def start(self, content: bytes, name: str, catalogue: Catalogue, choix: Choix) -> Lecture:
        """Reading begins, or waits for a free place."""
        given = (choix.source, choix.edition, dict(choix.millesimes), choix.is_cleared)
        self._future = _POOL.submit(_read, content, name, catalogue, *given, self.child)
        return self

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def wait(self, seconds: float) -> bool:
        """True when the reading has ended, one way or another, within these seconds."""
        try:
            self._future.exception(seconds)
        except WaitedEnough:
            return False
        except CancelledError:
            pass
        return True

    def stop(self) -> None:
        """At once; `result` then says so."""
        self._future.cancel()
        self.child.stop()

    def result(self) -> Delivery:
        """The delivery, or the OzoirError which says why there is none."""
        if self._future.cancelled():
            raise OzoirError("Lecture arrêtée.", "Vous l’avez arrêtée avant qu’elle commence\u202f; rien n’a été chargé.")
        found = self._future.result()
        if isinstance(found, OzoirError):
            raise OzoirError(found.title, found.message)
        return found


def _read(*given: Any) -> Delivery | OzoirError:
    """The refusal comes back without its frames, which hold the whole file as long as the refusal is remembered."""
    try:
        return receive_bytes(*given)
    except OzoirError as error:
        return OzoirError(error.title, error.message)


def read_now(content: bytes, name: str, catalogue: Catalogue, choix: Choix | None = None) -> Delivery:
    """The same, waited for."""
    return Lecture().start(content, name, catalogue, choix or Choix()).result()
