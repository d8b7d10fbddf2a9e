"""The dashboard of a contrat de ville: partners' files in, indicators, gaps and follow-up out."""

__version__ = "0.1.0"
