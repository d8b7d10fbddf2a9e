"""Documents du comité."""

from ozoir.ui.documents import show_documents
from ozoir.ui.editions import show_editions, show_freezing, show_search
from ozoir.ui.frame import page
from ozoir.ui.suivi import open_dossier

with page(
    "documents", "Documents du comité", "Diaporama, classeur, bilan et fiches du comité de pilotage ; éditions figées."
) as publication:
    dossier = show_documents(publication, open_dossier(publication))
    show_freezing(dossier)
    show_editions(dossier)
    show_search(dossier)
