"""Portrait du quartier."""

from ozoir.ui.carte import show_map
from ozoir.ui.envoi import sent_together
from ozoir.ui.frame import page
from ozoir.ui.portrait import THEMES, show_initial_state
from ozoir.ui.thematic import show_indicators

with page(
    "portrait",
    "Portrait du quartier",
    "Qui habite le quartier, avec quels revenus, et ce qu’en disait le contrat à sa signature.",
) as publication, sent_together():
    show_map(publication)
    show_initial_state(publication)
    show_indicators(publication, [result for result in publication.results() if result.indicateur.theme in THEMES])
