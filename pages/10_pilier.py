"""Pilier."""

from ozoir.ui.chaine import show_chain
from ozoir.ui.envoi import sent_together
from ozoir.ui.frame import page
from ozoir.ui.thematic import pillar_asked, show_indicators, show_pillar_head

pilier = pillar_asked()

with page("pilier", pilier.titre) as publication, sent_together():
    show_pillar_head(pilier, publication)
    show_indicators(publication, publication.results(pilier=pilier.id))
    show_chain(publication, pilier)
