"""The analyst's desk: what a received file would change, loading and undoing, layouts, doubts, what partners owe."""
