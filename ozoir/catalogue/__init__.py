"""What exists and how it is said: data (TOML), loaded into frozen dataclasses."""
