"""The commands: `python -m ozoir <commande>`. Exit codes: 0 done, 1 refused with findings, 2 wrong usage."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from ozoir.catalogue.diffusions import PUBLIQUE
from ozoir.errors import OzoirError
from ozoir.exploitation.arguments import add_commands
from ozoir.exploitation.memoire import collect_less_often
from ozoir.numbers import format_size, plural
from ozoir.paths import chosen_base

DONE, REFUSED, WRONG_USAGE = 0, 1, 2

# What argparse says by itself, in French.
_FRENCH = {
    "usage: ": "usage : ",
    "positional arguments": "arguments",
    "options": "options",
    "show this help message and exit": "affiche cette aide",
    "the following arguments are required: %s": "il manque : %s",
    "unrecognized arguments: %s": "arguments inconnus : %s",
    "expected one argument": "une valeur est attendue",
    "expected at least one argument": "au moins une valeur est attendue",
    "invalid choice: %(value)r (choose from %(choices)s)": "« %(value)s » n’est pas accepté (choix : %(choices)s)",
    "invalid %(type)s value: %(value)r": "valeur mal formée : « %(value)s »",
    "argument %(argument_name)s: %(message)s": "argument %(argument_name)s : %(message)s",
    "%(prog)s: error: %(message)s\n": "%(prog)s : %(message)s\n",
}
argparse._ = lambda text: _FRENCH.get(text, text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; an OzoirError becomes two French lines on the error stream and exit code 1."""
    parser = _parser()
    options = parser.parse_args(arguments)
    collect_less_often()
    try:
        return options.run(options)
    except OzoirError as error:
        if getattr(options, "json", False):
            print(json.dumps({"refus": error.title, "message": error.message}, ensure_ascii=False))
        print(f"{error.title}\n{error.message}".rstrip(), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ozoir", description="Tableau de bord du contrat de ville.")
    commands = parser.add_subparsers(title="commandes", required=True, metavar="COMMANDE")

    def command(name: str, run, text: str, json_output: bool = True) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text, description=text)
        sub.add_argument(
            "--base", type=Path, default=None, metavar="CHEMIN", help="la base (par défaut : data/contract.duckdb)"
        )
        sub.add_argument("--contrat", default="", metavar="NOM", help="le contrat, quand plusieurs sont déclarés")
        if json_output:
            sub.add_argument("--json", action="store_true", help="réponse en JSON, pour un programme")
        sub.set_defaults(run=run)
        return sub

    def add_quartier(sub: argparse.ArgumentParser) -> None:
        sub.add_argument(
            "--quartier",
            default="",
            metavar="ID",
            help="un des quartiers du contrat, ou « ensemble » (par défaut : le premier)",
        )

    def add_diffusion(sub: argparse.ArgumentParser) -> None:
        sub.add_argument("--diffusion", default=PUBLIQUE, help="publique (par défaut) ou restreinte")

    for name, run, text in (
        ("importer", import_files, "Charge des fichiers reçus des partenaires."),
        ("verifier", verify, "Dit ce qui serait compris de fichiers, sans rien charger ; sans fichier, contrôle la base."),
    ):
        sub = command(name, run, text)
        sub.add_argument("fichiers", nargs="+" if name == "importer" else "*", type=Path, metavar="FICHIER")
        sub.add_argument("--source", metavar="ID", help="la source, quand la reconnaissance hésite")
        sub.add_argument("--edition", metavar="ANNÉE", help="l’édition, quand ni le nom ni le titre ne la donnent")
        sub.add_argument(
            "--millesime", action="append", default=[], metavar="BLOC=ANNÉE", help="l’année de référence d’un bloc de colonnes"
        )
        sub.add_argument("--auteur", default="ligne de commande", help="qui charge, pour le journal")

    sub = command("faits", list_facts, "Écrit les faits publiables, avec leur provenance, en CSV.")
    sub.add_argument("--territoire", action="append", default=[], metavar="CODE", help="un code ; par défaut : ceux du contrat")
    sub.add_argument("--mesure", help="une seule mesure")
    add_diffusion(sub)
    add_quartier(sub)
    sub.add_argument("--sortie", type=Path, metavar="FICHIER", help="fichier à écrire (par défaut : l’écran)")

    sub = command("indicateurs", list_indicators, "Écrit les indicateurs : quartier, reste, commune, écart, statuts.")
    sub.add_argument("--indicateur", metavar="ID", help="un seul indicateur")
    sub.add_argument("--decoupage", default="", help="par sexe, age…")
    add_diffusion(sub)
    add_quartier(sub)

    command("catalogue", describe_catalogue, "Décrit ce qui est déclaré : contrat, indicateurs, sources, mesures.")

    sub = command("reconstruire", rebuild_base, "Refait la base depuis les fichiers d’origine et les saisies.", False)
    sub.add_argument("--si-absente", action="store_true", help="ne fait rien si la base existe")
    sub.add_argument("--fictif", action="store_true", help="base de démonstration")

    sub = command(
        "series-publiees", write_published_series, "Extrait de la base les séries publiées livrées avec le projet.", False
    )
    sub.add_argument("--sortie", type=Path, required=True, metavar="FICHIER")

    sub = command("audit-secret", audit_confidentiality, "Attaque ce qui est publié pour retrouver les valeurs masquées.")
    sub.add_argument("--diffusion", default="", help="publique ou restreinte (par défaut : les deux)")
    sub.add_argument("--exports", action="store_true", help="ouvre aussi chaque document produit et relit ses chiffres")
    add_quartier(sub)

    sub = command(
        "exporter", export_document, "Écrit un document : diaporama, classeur, bilan, fiches, données, dossier complet."
    )
    sub.add_argument(
        "format", metavar="FORMAT", help="pptx, xlsx, docx, pdf, fiche-quartier, csv, pack… ; un nom inconnu les liste tous"
    )
    sub.add_argument(
        "--annee", type=int, metavar="ANNÉE", help="l’année du bilan (par défaut : la dernière année finie du contrat)"
    )
    add_diffusion(sub)
    add_quartier(sub)
    sub.add_argument(
        "--edition", metavar="NOM", help="une édition figée, par son nom ou son numéro, au lieu des données d’aujourd’hui"
    )
    sub.add_argument("--figer", metavar="NOM", help="fige d’abord les données sous ce nom")
    sub.add_argument(
        "--sortie",
        type=Path,
        default=Path(),
        metavar="CHEMIN",
        help="fichier ou dossier (par défaut : ici, sous un nom parlant)",
    )
    sub.add_argument("--auteur", default="ligne de commande", help="qui fige, pour le journal")

    for name, text in (
        ("retirer", "Retire un import : ses faits ne comptent plus."),
        ("retablir", "Rétablit un import retiré."),
    ):
        sub = command(name, change_import, text)
        sub.add_argument("numero", type=int, metavar="NUMÉRO")
        sub.add_argument("--motif", default="", help="pourquoi, pour le journal")
        sub.add_argument("--auteur", default="ligne de commande", help="qui, pour le journal")
        sub.set_defaults(commande=name)
    add_commands(command)
    return parser


def _open(options):
    from ozoir.exploitation.commandes import opened_base

    return opened_base(options)


def _asked_catalogue(options):
    """Of the contract and the quartier named by the command."""
    from ozoir.catalogue.loading import load_catalogue

    return load_catalogue(contrat=options.contrat, quartier=options.quartier)


def _receive(options, path: Path):
    from ozoir.catalogue.loading import load_catalogue
    from ozoir.ingestion.reading import receive

    return receive(
        path,
        load_catalogue(contrat=options.contrat),
        source=options.source,
        edition=options.edition,
        millesimes=_millesimes(options.millesime),
    )


def _millesimes(pairs: list[str]) -> dict[str, int]:
    """["population=2018"] → {"population": 2018}."""
    years = {}
    for pair in pairs:
        block, equals, year = pair.partition("=")
        if not (block and equals and year.isdecimal()):
            raise OzoirError("Millésime mal formé.", f"« {pair} » : écrivez BLOC=ANNÉE, par exemple population=2018.")
        years[block] = int(year)
    return years


def import_files(options) -> int:
    """Each file in its own transaction; the exit code says whether one of them was refused."""
    reports, refused = [], False
    _rebuild_if_absent(options)
    with _open(options) as store:
        for path in options.fichiers:
            try:
                import_it = _import_map if path.suffix.lower() == ".geojson" else _import_one
                report = import_it(options, store, path)
            except OzoirError as error:
                refused = True
                report = {"fichier": str(path), "charge": False, "refus": error.title, "message": error.message}
            reports.append(report)
            if not options.json:
                _print_report(report)
    if options.json:
        print(json.dumps(reports, ensure_ascii=False, indent=1))
    return REFUSED if refused else DONE


def _import_one(options, store, path: Path) -> dict:
    from ozoir.store.imports import compare_delivery, load_delivery

    delivery = _receive(options, path)
    difference = compare_delivery(store, delivery)
    loaded = load_delivery(store, delivery, path, options.auteur)
    return _report(delivery) | {"charge": True, "import": loaded.id, "difference": difference.__dict__}


def _import_map(options, store, path: Path) -> dict:
    """Outlines for the map: no facts, hence no import number."""
    from ozoir.atelier.contours import receive_contours
    from ozoir.catalogue.loading import load_catalogue

    contours = receive_contours(store, load_catalogue(contrat=options.contrat), path.read_bytes(), path.name, options.auteur)
    return {"fichier": str(path), "charge": True, "contours": [item.code for item in contours]}


def verify(options) -> int:
    """Without files: the base's own integrity. With files: what they would bring, nothing loaded."""
    if not options.fichiers:
        from ozoir.store.verification import verify_base

        with _open(options) as store:
            problems = verify_base(store)
        if options.json:
            print(json.dumps({"problemes": problems}, ensure_ascii=False))
        else:
            print("\n".join(problems) if problems else "La base est intacte : imports, faits, originaux et journal concordent.")
        return REFUSED if problems else DONE
    reports = []
    for path in options.fichiers:
        try:
            delivery = _receive(options, path)
            report = _report(delivery) | {"bloquant": bool(delivery.blocking)}
        except OzoirError as error:
            report = {"fichier": str(path), "bloquant": True, "refus": error.title, "message": error.message}
        reports.append(report)
        if not options.json:
            _print_report(report)
    if options.json:
        print(json.dumps(reports, ensure_ascii=False, indent=1))
    return REFUSED if any(report["bloquant"] for report in reports) else DONE


def _report(delivery) -> dict:
    return {
        "fichier": delivery.fichier,
        "empreinte": delivery.empreinte,
        "source": delivery.source,
        "edition": delivery.edition,
        "reconnaissance": delivery.reconnaissance,
        "dates": {block: [day.isoformat() for day in days] for block, days in delivery.dates.items()},
        "faits": len(delivery.faits),
        "lecture": delivery.lecture,
        "constats": [finding.__dict__ | {"phrase": finding.sentence()} for finding in delivery.findings],
    }


def _print_report(report: dict) -> None:
    print(f"== {report['fichier']}")
    if "refus" in report:
        print(f"   REFUSÉ – {report['refus']}\n   {report['message']}".replace("\n", "\n   "))
        return
    if "contours" in report:
        print(f"   GARDÉ – périmètres pour la carte : {', '.join(report['contours'])}.")
        return
    print(f"   {report['reconnaissance']}")
    for block, days in report["dates"].items():
        print(f"   {block} : {', '.join(days)}")
    for finding in report["constats"]:
        print(f"   [{finding['gravite']}] {finding['phrase']}")
    changes = report.get("difference")
    if changes:
        print(
            f"   CHARGÉ – import n° {report['import']} : {changes['nouveaux']} faits nouveaux, "
            f"{changes['modifies']} modifiés, {changes['inchanges']} inchangés."
        )
    else:
        print(f"   {report['faits']} faits compris ; rien n’a été chargé.")


def list_facts(options) -> int:
    """Facts of the contract's territories, masked where they must be, with file, sheet and cell."""
    from ozoir.indicators.publication import publish

    with _open(options) as store:
        facts = publish(store, _asked_catalogue(options), options.diffusion).faits(options.territoire)
    if options.mesure:
        facts = facts[facts["mesure"] == options.mesure]
    _write_table(facts.to_dict("records"), list(facts.columns), options)
    return DONE


def list_indicators(options) -> int:
    """One line per indicator, modality and date."""
    from ozoir.indicators.publication import publish
    from ozoir.indicators.tables import COLUMNS, result_rows

    with _open(options) as store:
        publication = publish(store, _asked_catalogue(options), options.diffusion)
        ids = [options.indicateur] if options.indicateur else list(publication.catalogue.indicateurs)
        rows = [row for name in ids for row in result_rows(publication.result(name, options.decoupage))]
    _write_table(rows, COLUMNS, options)
    return DONE


def _write_table(rows: list[dict], columns: Sequence[str], options) -> None:
    """CSV for French spreadsheets (`;`, decimal comma, BOM in files), or JSON."""
    target = getattr(options, "sortie", None)
    stream = target.open("w", encoding="utf-8-sig", newline="") if target else sys.stdout
    try:
        if options.json:
            json.dump([{name: _plain(row[name]) for name in columns} for row in rows], stream, ensure_ascii=False, indent=1)
            return
        writer = csv.writer(stream, delimiter=";", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_french(row[name]) for name in columns] for row in rows)
    finally:
        if target:
            stream.close()


def _plain(value):
    """JSON's own types: dates as ISO text, an absent number as null."""
    if value is None or value != value:
        return None
    if hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    return value.item() if hasattr(value, "item") else value


def _french(value) -> str:
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.12g}".replace(".", ",")
    return str(value)


def describe_catalogue(options) -> int:
    """The contract's objectives, actions and indicators, then what observes them."""
    from ozoir.catalogue.loading import load_catalogue
    from ozoir.catalogue.summary import catalogue_summary, catalogue_text

    catalogue = load_catalogue(contrat=options.contrat)
    if options.json:
        print(json.dumps(catalogue_summary(catalogue), ensure_ascii=False, indent=1, default=str))
    else:
        print(catalogue_text(catalogue))
    return DONE


def rebuild_base(options) -> int:
    """What ships, then what was received, then the entries; the former base stays until the new one is whole."""
    if options.si_absente:
        _rebuild_if_absent(options)
        return DONE
    from ozoir.catalogue.loading import load_catalogue
    from ozoir.store.rebuilding import rebuild

    path = (options.base or chosen_base()).resolve()
    count = rebuild(
        path, load_catalogue(contrat=options.contrat), options.fictif, tell=lambda line: print(f"  {line}", file=sys.stderr)
    )
    print(f"Base reconstruite : {path} ({plural(count, 'import')}).", file=sys.stderr)
    return DONE


def _rebuild_if_absent(options) -> None:
    if not (options.base or chosen_base()).exists():
        rebuild_base(argparse.Namespace(**{"fictif": False, **vars(options), "si_absente": False}))


def write_published_series(options) -> int:
    """The project's own long file: the contract's territories and the sums over all QPV, from a base holding the national files."""
    from ozoir.catalogue.loading import load_catalogue
    from ozoir.indicators.aggregates import published_series
    from ozoir.ingestion.series import write_series

    with _open(options) as store:
        facts = published_series(store, load_catalogue(contrat=options.contrat))
    write_series(facts, options.sortie)
    print(f"{len(facts)} lignes écrites dans {options.sortie}.")
    return DONE


def audit_confidentiality(options) -> int:
    """Exit code 1 when a masked value can be bounded more closely than its own rule allows, in either diffusion."""
    from ozoir.catalogue.diffusions import DIFFUSIONS, check_diffusion

    if options.diffusion:
        check_diffusion(options.diffusion)
    chosen = [options.diffusion] if options.diffusion else list(DIFFUSIONS)
    with _open(options) as store:
        reports = {name: _audit(store, _asked_catalogue(options), name, options.exports) for name in chosen}
    if options.json:
        print(json.dumps({name: report.summary() for name, report in reports.items()}, ensure_ascii=False, indent=1))
    else:
        print("\n\n".join(f"{DIFFUSIONS[name]}\n{report.text()}" for name, report in reports.items()))
    return REFUSED if any(report.disclosures for report in reports.values()) else DONE


def _audit(store, catalogue, diffusion: str, is_reading_exports: bool):
    """One diffusion, with all that its readers may hold: its editions, those of the public one, this year's documents."""
    from ozoir.indicators.audit import audit
    from ozoir.indicators.joint_attack import audit_together
    from ozoir.indicators.publication import past_facts, publish

    if not catalogue.territoire.membres:
        publication = publish(store, catalogue, diffusion)
        held, unread = _held(store, publication, diffusion, is_reading_exports)
        past = past_facts(store, publication.catalogue)
        report = audit(publication, past, held.frozen, held.readings, held.strays)
        return replace(report, unread=unread)
    found, unread = {}, ()
    for item in catalogue.territoires:
        if item.code_commune == catalogue.territoire.code_commune:
            own = publish(store, _catalogue_of(catalogue, item.id), diffusion)
            found[item.id], missed = _held(store, own, diffusion, is_reading_exports, own.catalogue.quartier)
            unread += missed
    return replace(audit_together(store, catalogue, diffusion, found), unread=unread)


def _held(store, publication, diffusion: str, is_reading_exports: bool, quartier: str = "") -> tuple:
    """What readers of this diffusion hold besides the pages (of one quartier), and the documents that could not be read."""
    from ozoir.indicators.joint_attack import Held

    frozen = _frozen(store, diffusion, quartier)
    if not is_reading_exports:
        return Held(frozen), ()
    back = _read_back(store, publication, diffusion)
    return Held(frozen, back.readings, back.strays), back.unread


def _catalogue_of(catalogue, quartier: str):
    from ozoir.catalogue.loading import load_catalogue

    return load_catalogue(contrat=catalogue.contrat.id, quartier=quartier)


def _frozen(store, diffusion: str, quartier: str = "") -> tuple:
    """The Results of the editions that readers of this diffusion may hold (of one quartier)."""
    from ozoir.catalogue.diffusions import RESTREINTE
    from ozoir.exports.editions import open_edition
    from ozoir.suivi.editions import list_editions

    held = [item for item in list_editions(store) if diffusion in (item.diffusion, RESTREINTE)]
    dossiers = [open_edition(store, str(item.id)) for item in held]
    return tuple(result for item in dossiers if quartier in ("", item.quartier) for result in item.resultats)


def _read_back(store, publication, diffusion: str):
    """The documents of the contract's last year, opened again."""
    from ozoir.catalogue.suivi import load_cadre
    from ozoir.exports.assembly import assemble_dossier
    from ozoir.exports.relecture import read_back
    from ozoir.suivi.dossier import load_dossier

    saisies = load_dossier(store, load_cadre(publication.catalogue.contrat))
    return read_back(assemble_dossier(publication, saisies, saisies.cadre.annees[-1], diffusion, date.today()))


def export_document(options) -> int:
    """One document of one year, or of a frozen edition."""
    from ozoir.catalogue.diffusions import RESTREINTE
    from ozoir.catalogue.suivi import load_cadre
    from ozoir.exploitation.registre import record_restricted_export
    from ozoir.exports.assembly import assemble_dossier
    from ozoir.exports.editions import freeze_edition, open_edition
    from ozoir.exports.formats import export, find_format
    from ozoir.indicators.publication import publish
    from ozoir.suivi.dossier import load_dossier

    find_format(options.format)
    with _open(options) as store:
        if options.edition:
            dossier = open_edition(store, options.edition)
        else:
            publication = publish(store, _asked_catalogue(options), options.diffusion)
            saisies = load_dossier(store, load_cadre(publication.catalogue.contrat))
            annee = options.annee or max(saisies.cadre.annees[0], min(date.today().year - 1, saisies.cadre.annees[-1]))
            dossier = assemble_dossier(publication, saisies, annee, options.diffusion, date.today())
        if options.figer:
            dossier = open_edition(store, freeze_edition(store, dossier, options.figer, options.auteur).nom)
        document = export(dossier, options.format)
        if dossier.diffusion == RESTREINTE:
            record_restricted_export(store, options.auteur, document.nom, dossier.annee)
    path = options.sortie / document.nom if options.sortie.is_dir() else options.sortie
    path.write_bytes(document.contenu)
    if options.json:
        print(
            json.dumps({"fichier": str(path), "taille": len(document.contenu), "bandeau": dossier.bandeau}, ensure_ascii=False)
        )
    else:
        print(f"{path} : {format_size(len(document.contenu))}. {dossier.bandeau}.")
    return DONE


def change_import(options) -> int:
    """Withdraw or restore one import by its number."""
    from ozoir.store.imports import restore_import, withdraw_import

    act = withdraw_import if options.commande == "retirer" else restore_import
    with _open(options) as store:
        done = act(store, options.numero, options.auteur, options.motif)
    verb = "retiré" if options.commande == "retirer" else "rétabli"
    if options.json:
        print(json.dumps({"import": done.id, "statut": done.statut}, ensure_ascii=False))
    else:
        print(f"Import n° {done.id} (« {done.fichier} ») {verb}.")
    return DONE


if __name__ == "__main__":
    sys.exit(main())
