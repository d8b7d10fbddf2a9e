"""Administration."""

from ozoir.ui.administration import show_administration
from ozoir.ui.frame import page

with page(
    "administration",
    "Administration",
    "Qui entre, avec quels rôles ; ce qui est réglé, ce qui est sauvegardé ; si tout va bien.",
):
    show_administration()
