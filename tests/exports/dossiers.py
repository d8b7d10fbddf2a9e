"""Dossiers made by hand: ordinary, empty, all masked, sixty indicators, the longest texts and hostile ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ozoir.catalogue.diffusions import PUBLIQUE
from ozoir.exports.contents import Cellule, Dossier, FicheAction, ImportCite, Partie, Rubrique, Tableau, Texte, result_key
from ozoir.indicators.results import LEGENDE_SIGNES, Result
from tests.charts import samples

LONG = (
    "Poursuivre l’amélioration du repérage des publics en situation d’exclusion et/ou d’isolement, notamment par la mise "
    "en place de lieux d’accueil de proximité coordonnés entre l’ensemble des partenaires institutionnels et associatifs du quartier"
)
HOSTILE = '=HYPERLINK("http://exemple.invalid";"clic") #read("/etc/passwd") <b>gras</b> & $x$ [lien](x) \x07 \u202egnp'
SMALL_COUNT = 3


def renamed(result: Result, id: str, titre: str, **more) -> Result:
    return replace(result, indicateur=replace(result.indicateur, id=id, titre=titre, **more))


def with_ids(result: Result) -> Result:
    """Modalities named as the catalogue names them."""
    ids = ["", "jeunes", "milieu", "autres"]
    return replace(result, series=tuple(replace(serie, modalite=id) for serie, id in zip(result.series, ids, strict=True)))


def ordinary_results() -> tuple[Result, ...]:
    return (
        renamed(samples.rates(), "defm_femmes", "Part des femmes parmi les demandeurs d’emploi", principal=True),
        renamed(samples.counts(), "defm_abc", "Demandeurs d’emploi", principal=True),
        renamed(samples.slope(), "locataires", "Part des locataires du parc social", pilier="cadre", principal=True),
        renamed(samples.other_qpv(), "pauvrete", "Taux de pauvreté", pilier="cohesion", principal=True),
        renamed(samples.one_date(), "monoparentales", "Part des familles monoparentales", pilier="cohesion"),
        renamed(with_ids(samples.counts_by_age()), "defm_age", "Demandeurs d’emploi par âge"),
        renamed(replace(samples.by_age(), decoupage="sexe"), "defm_sexe", "Demandeurs d’emploi par sexe"),
    )


def table(
    titre: str, *lines: tuple[str, ...], colonnes: tuple[str, ...] = ("Objet", "Qui", "Échéance"), vide: str = "Rien à ce jour."
) -> Tableau:
    return Tableau(titre, colonnes, tuple(tuple(Cellule(text) for text in line) for line in lines), vide=vide)


def credits() -> Tableau:
    return Tableau(
        "Crédits par financeur",
        ("Financeur", "Prévu (€)", "Engagé (€)", "Taux d’exécution (%)"),
        (
            (
                Cellule("Ville"),
                Cellule("12\u202f000,50", 12000.5, 2, "€"),
                Cellule("9\u202f000,25", 9000.25, 2, "€"),
                Cellule("75,0", 75.0, 1, "%"),
            ),
            (Cellule("État – BOP 147"), Cellule("30\u202f000,00", 30000.0, 2, "€"), Cellule("…"), Cellule("…")),
        ),
        droite=(1, 2, 3),
    )


def action(id: str, titre: str, texte: str = "Deux rendez-vous de l’emploi sur le territoire.") -> FicheAction:
    return FicheAction(
        id=id,
        titre=titre,
        texte=texte,
        objectif="1. Développer des actions d’information",
        pilotes=("Service emploi intercommunal", "Pôle emploi"),
        partenaires=("Centre social",),
        moyens=("Droit commun",),
        calendrier="2016",
        publics=("Demandeurs d’emploi",),
        axes=("Jeunesse",),
        statut="En cours",
        avancement="60\u202f%",
        commentaires=(("Réussites", "Quarante participants."),),
        realisations=table(
            "Indicateurs de réalisation", ("Participants", "12", "s"), colonnes=("Indicateur", "Réalisé", "Dont femmes")
        ),
        credits=replace(credits(), titre="Crédits de l’action"),
    )


def make_dossier(results: tuple[Result, ...], **more) -> Dossier:
    keys = tuple(result_key(result) for result in results)
    parts = [
        ("emploi", "Emploi et économie", "#0b57d0"),
        ("cohesion", "Cohésion sociale", "#7c3aed"),
        ("cadre", "Cadre de vie", "#0f766e"),
    ]
    actions = more.pop(
        "actions", (action("a1", "Deux rendez-vous de l’emploi"), action("a2", "Permanences de la mission locale"))
    )
    values = {
        "prefixe": "ville",
        "contrat": "Contrat de ville d’essai 2015-2020",
        "quartier": "Quartier d’essai",
        "commune": "Commune d’essai",
        "annee": 2019,
        "diffusion": PUBLIQUE,
        "edite_le": date(2020, 3, 12),
        "version": "Tableau de bord, version d’essai",
        "fictif": False,
        "etat": 7,
        "resultats": results,
        "chiffres_cles": tuple(result_key(result) for result in results if result.indicateur.principal)[:8],
        "piliers": tuple(
            Partie(
                id,
                titre,
                titre,
                couleur,
                ("Présentation du pilier.",),
                tuple(k for k, r in zip(keys, results, strict=True) if r.indicateur.pilier == id and not r.decoupage),
                tuple(a.id for a in actions) if id == "emploi" else (),
            )
            for id, titre, couleur in parts
        ),
        "axes": (Partie("jeunesse", "Jeunesse", "Jeunesse", "", (), keys[:2], ()),),
        "actions": actions,
        "identite": (("Quartier", "Quartier d’essai"), ("Habitants", "1\u202f690")),
        "presentation": ("Un quartier d’essai.",),
        "rubriques": (
            Rubrique("orientations", "Orientations du contrat", "Décret, point 1", (Texte("Trois piliers."),)),
            Rubrique(
                "observation",
                "Évolution de la situation du quartier",
                "Contrat, clause 1",
                (Texte("Commentaire de l’équipe.", "encadre"),),
            ),
            Rubrique("credits", "Crédits engagés", "Contrat, clause 4", (credits(),)),
        ),
        "credits": (credits(),),
        "decisions": table("Décisions demandées", ("Reconduire l’action", "Ville", "30/06/2020")),
        "programme": table("Programme 2020", ("Ouvrir un lieu d’accueil", "Centre social", "2020")),
        "manques": table("Éléments attendus", ("Allocataires du RSA", "CAF", "2019")),
        "imports": (ImportCite(1, "IPRO_2021.csv", "insee_ipro", "2021", date(2020, 1, 15), "ab" * 32),),
        "signes": LEGENDE_SIGNES,
    }
    return Dossier(**{**values, **more})


def ordinary() -> Dossier:
    return make_dossier(ordinary_results())


def empty() -> Dossier:
    nothing = replace(table("Rien"), lignes=())
    return make_dossier(
        (), actions=(), identite=(), rubriques=(), credits=(), decisions=nothing, programme=nothing, manques=nothing, imports=()
    )


def masked() -> Dossier:
    results = tuple(
        renamed(samples.everything_masked(), f"masque_{rank}", f"Indicateur masqué {rank}", principal=True) for rank in range(4)
    )
    return make_dossier(results)


def sixty() -> Dossier:
    kinds = [samples.rates, samples.counts, samples.slope, samples.other_qpv, samples.one_date]
    pillars = ["emploi", "cohesion", "cadre"]
    return make_dossier(
        tuple(
            renamed(
                kinds[rank % 5](),
                f"indicateur_{rank:02}",
                f"Indicateur n° {rank} du tableau de bord",
                pilier=pillars[rank % 3],
                principal=rank < 12,
            )
            for rank in range(60)
        )
    )


def longest() -> Dossier:
    results = tuple(
        replace(renamed(result, result.indicateur.id, LONG, pilier=result.indicateur.pilier), message=LONG, source=LONG)
        for result in ordinary_results()
    )
    actions = tuple(
        replace(action(f"a{rank}", LONG, LONG * 3), commentaires=(("Freins", LONG * 2), ("Réussites", LONG)))
        for rank in range(30)
    )
    return make_dossier(
        results,
        actions=actions,
        decisions=table("Décisions demandées", *[(LONG, "Service emploi intercommunal", "30/06/2020")] * 12),
        programme=table("Programme", *[(LONG, "Centre social", "2020")] * 12),
        quartier=LONG,
    )


def hostile() -> Dossier:
    results = tuple(
        replace(renamed(result, result.indicateur.id, HOSTILE), message=HOSTILE, lecture=HOSTILE, source=HOSTILE)
        for result in ordinary_results()
    )
    return make_dossier(
        results,
        actions=(replace(action("a1", HOSTILE, HOSTILE), commentaires=(("Réussites", HOSTILE),)),),
        decisions=table(HOSTILE, (HOSTILE, HOSTILE, HOSTILE)),
        quartier=HOSTILE,
        edition=HOSTILE,
    )


ALL = {"ordinary": ordinary, "empty": empty, "masked": masked, "sixty": sixty, "longest": longest, "hostile": hostile}
