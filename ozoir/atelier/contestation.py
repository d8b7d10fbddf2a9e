"""Doubts on figures, for the pages: see `ozoir.store.contestations`."""

from ozoir.store.contestations import Contestation, contest_fact, contested_facts, fact_key, lift_contestation

__all__ = ["Contestation", "contest_fact", "contested_facts", "fact_key", "lift_contestation"]
