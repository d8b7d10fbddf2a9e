"""Frozen editions as the follow-up sees them: kept and read by name, their content left to the documents."""

from __future__ import annotations

from ozoir.store.base import Store
from ozoir.store.editions import Edition, find_edition, list_editions, read_edition, save_edition

__all__ = ["Edition", "Store", "find_edition", "list_editions", "read_edition", "save_edition"]
