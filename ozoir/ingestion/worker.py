"""The child process: limits first, then one file read, one answer written. `python -m ozoir.ingestion.worker`."""

from __future__ import annotations

import gc
import os
import sys

from ozoir.ingestion.child import MEMORY, SECONDS


def limit_resources() -> None:
    """Memory, processor time, no file written, no core dump. Windows has no such limits: the time-out and the guards remain."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Reads a pickled (Request, Catalogue) from the parent, writes the packed answer."""
    limit_resources()
    gc.disable()  # one file, then the process ends: collecting among millions of cells only takes time
    import pickle

    from ozoir.errors import OzoirError
    from ozoir.ingestion.child import pack, pack_refusal
    from ozoir.ingestion.reading import answer

    request, catalogue = pickle.loads(sys.stdin.buffer.read())
    try:
        message = pack(answer(request, catalogue))
    except OzoirError as error:
        message = pack_refusal(error)
    except MemoryError:
        message = pack_refusal(
            OzoirError(
                "Fichier trop lourd à lire.", "Il remplit la mémoire accordée. Retirez les feuilles et colonnes inutiles."
            )
        )
    sys.stdout.buffer.write(message)
    sys.stdout.buffer.flush()
    os._exit(0)  # freeing millions of cells one by one would take a while, for nothing


if __name__ == "__main__":
    main()
