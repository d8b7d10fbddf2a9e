"""The contract's follow-up: what was done, with what money, what was decided, what the yearly report says."""
