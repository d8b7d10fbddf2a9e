"""The only room that speaks SQL: one DuckDB file, its imports, facts, entries and journal."""
