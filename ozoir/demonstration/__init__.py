"""Fictitious extracts in the partners' true layouts, so that every page can be tried without a real file."""
