"""Documents for the committee: every format renders the same Dossier, and none of them knows the base."""
