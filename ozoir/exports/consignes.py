"""The instructions on the first sheet of a collection workbook, in plain French."""

from __future__ import annotations

from ozoir.catalogue.classeur import ACTIONS, CREDITS, INDICATEURS, LIGNES_LIBRES, NON_CONCERNE, SANS_PILOTE, Classeur
from ozoir.catalogue.saisies import STATUTS_ACTION
from ozoir.numbers import format_date, plural

TITRE, INTERTITRE, PARAGRAPHE = "titre", "intertitre", "paragraphe"


def instructions(classeur: Classeur) -> list[tuple[str, str]]:
    """(style, text) from top to bottom."""
    lines = [(TITRE, f"Classeur de collecte {classeur.entete.annee} – {classeur.entete.pilote}")]
    lines += [(PARAGRAPHE, text) for text in _presentation(classeur)]
    for title, texts in (
        ("En cinq étapes", _steps(classeur)),
        ("Vide, zéro ou non concerné", _three_answers()),
        ("Ce qui est attendu dans chaque feuille", _sheets(classeur)),
        ("À ne pas faire", _forbidden()),
    ):
        lines += [(INTERTITRE, title), *((PARAGRAPHE, text) for text in texts)]
    if classeur.calcules:
        lines.append((INTERTITRE, "Indicateurs que vous n’avez pas à remplir"))
        lines.append((PARAGRAPHE, "Ils sont calculés à partir des fichiers envoyés par les partenaires\u00a0:"))
        lines += [(PARAGRAPHE, f"– {text}") for text in classeur.calcules]
    return lines


def _presentation(classeur: Classeur) -> list[str]:
    counts = [
        plural(len(classeur.lignes[ACTIONS.id]), "action"),
        plural(len(classeur.lignes[INDICATEURS.id]), "indicateur"),
        plural(len(classeur.lignes[CREDITS.id]), "ligne de crédits déjà connue", "lignes de crédits déjà connues"),
    ]
    actions = "les actions que vous pilotez ou copilotez"
    if classeur.entete.pilote == SANS_PILOTE:
        actions = "pour l’équipe projet, les actions dont le contrat ne nomme pas le pilote"
    texts = [
        f"{classeur.titre} – {classeur.quartier}. Fichier préparé le {format_date(classeur.entete.genere_le)}.",
        f"Il rassemble {actions}, et demande où elles en sont à la fin de {classeur.entete.annee}\u00a0: {', '.join(counts)}.",
    ]
    if classeur.entete.fictif:
        texts.insert(0, "DÉMONSTRATION\u00a0: ce classeur contient des données fictives.")
    return texts


def _steps(classeur: Classeur) -> list[str]:
    return [
        f"1. Dans la feuille «\u00a0{ACTIONS.titre}\u00a0», donnez le statut, l’avancement et vos commentaires.",
        f"2. Dans la feuille «\u00a0{INDICATEURS.titre}\u00a0», donnez les résultats de l’année\u202f; ceux de "
        f"{classeur.entete.annee - 1} sont rappelés.",
        f"3. Dans la feuille «\u00a0{CREDITS.titre}\u00a0», donnez les montants en euros. {LIGNES_LIBRES} lignes libres "
        "sont prévues en bas du tableau.",
        "4. Enregistrez le fichier sous son format d’origine (.xlsx). LibreOffice convient aussi bien qu’Excel\u202f; le "
        "format .ods est accepté.",
        "5. Renvoyez-le à l’équipe projet du contrat de ville.",
    ]


def _three_answers() -> list[str]:
    return [
        "Case vide\u00a0: vous ne savez pas, ou pas encore. Rien n’est enregistré, et l’équipe projet vous relancera.",
        "0\u00a0: vous savez que c’est zéro.",
        f"«\u00a0{NON_CONCERNE}\u00a0»\u00a0: la question ne se pose pas cette année (action non commencée, sans public…). "
        "N’écrivez alors aucun chiffre.",
        "Une case jaune déjà remplie montre ce qui est enregistré. Corrigez-la si besoin\u202f; si vous la videz, la "
        "valeur sera retirée.",
    ]


def _sheets(classeur: Classeur) -> list[str]:
    return [
        f"Statut\u00a0: {', '.join(label.lower() for label in STATUTS_ACTION.values())}. Avancement\u00a0: un nombre entier "
        "de 0 à 100.",
        "Commentaires\u00a0: ce qui freine, les solutions trouvées, les réussites, ce qu’il faut savoir des données.",
        "Bénéficiaires\u00a0: des personnes différentes, comptées une fois chacune, et parmi elles les habitants du "
        "quartier, les femmes, les hommes. La loi demande des données par sexe.",
        "Un taux s’écrit de 0 à 100\u00a0: 45,5 pour 45,5\u202f%. Un indicateur qui se répond par un texte se remplit dans "
        "la dernière colonne.",
        "Crédits\u00a0: prévu (inscrit au budget ou au programme), engagé (attribué), payé (versé) pour "
        f"{classeur.entete.annee}. Deux décimales au plus.",
    ]


def _forbidden() -> list[str]:
    return [
        "N’écrivez aucun nom, aucune adresse, rien qui désigne une personne\u00a0: seulement des nombres et des faits.",
        "Ne changez ni les libellés, ni les titres de colonnes\u202f; ne supprimez, ne déplacez et ne dupliquez aucune "
        "ligne\u202f; ne collez rien depuis un autre classeur. Sinon le fichier est refusé, avec la case en cause.",
        "Ne remplissez pas le classeur d’une autre année\u00a0: demandez celui de l’année voulue.",
    ]
