"""A received file becomes a Delivery: in this process, or in a limited child process where untrusted files belong."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ozoir.catalogue.loading import Catalogue
from ozoir.errors import OzoirError, did_you_mean
from ozoir.ingestion.child import Child, run_child
from ozoir.ingestion.controls import check_consistency
from ozoir.ingestion.delivery import AVERTISSEMENT, BLOQUANT, CERTAIN, INFORMATION, LEVE, PRESUME, Delivery, Finding
from ozoir.ingestion.duplicates import check_duplicates
from ozoir.ingestion.dwellings import extract_dwellings
from ozoir.ingestion.facts import Facts, encode_columns, make_frame
from ozoir.ingestion.grids import Grid, GridFile, read_grids
from ozoir.ingestion.headers import matches, normalise, read_text
from ozoir.ingestion.hidden_parts import read_hidden_parts
from ozoir.ingestion.inspection import chosen_limits
from ozoir.ingestion.layouts import LOGEMENTS, SERIE, TRANSPOSE, build_layouts, known_headers
from ozoir.ingestion.personal_data import Suspicion, find_suspicions
from ozoir.ingestion.previews import preview_sheets, restore_preview
from ozoir.ingestion.recognition import HEAD, Recognised, Unrecognised, describe_unrecognised, recognise
from ozoir.ingestion.series import extract_series
from ozoir.ingestion.sheets import Job
from ozoir.ingestion.tables import extract_table
from ozoir.ingestion.transposed import extract_transposed
from ozoir.ingestion.vintages import check_given, find_period

_FICTITIOUS = "donnees fictives"


@dataclass(frozen=True)
class Request:
    """One file to read, and what the analyst says of it. content: its bytes, when they are not to reach the disk.

    is_cleared: a named person answers for columns which only look nominative. is_previewed: some rows come back too,
    and those around the line looked at.
    """

    path: str
    name: str
    source: str | None = None
    edition: str | None = None
    millesimes: tuple[tuple[str, object], ...] = ()
    content: bytes | None = None
    is_cleared: bool = False
    is_previewed: bool = False
    line: int = 0


@dataclass(frozen=True)
class Answer:
    """What comes back from the reading: the facts as columns, and everything of a Delivery but its tables."""

    columns: dict
    details: dict
    territoires: list[tuple[str, str, str, str]]


def read_delivery(
    path: Path,
    catalogue: Catalogue,
    name: str | None = None,
    source: str | None = None,
    edition: str | None = None,
    millesimes: Mapping[str, object] | None = None,
) -> Delivery:
    """The file read in this process: for files of the project and tests; received files go through `receive`."""
    return make_delivery(answer(_request(path, name, source, edition, millesimes), catalogue), catalogue)


def receive(
    path: Path,
    catalogue: Catalogue,
    name: str | None = None,
    source: str | None = None,
    edition: str | None = None,
    millesimes: Mapping[str, object] | None = None,
) -> Delivery:
    """The same, in a child process bounded in memory and time, which never sees the base."""
    return make_delivery(run_child(_request(path, name, source, edition, millesimes), catalogue), catalogue)


def receive_bytes(
    content: bytes,
    name: str,
    catalogue: Catalogue,
    source: str | None = None,
    edition: str | None = None,
    millesimes: Mapping[str, object] | None = None,
    is_cleared: bool = False,
    child: Child | None = None,
    line: int = 0,
) -> Delivery:
    """The same for bytes in memory, with previews; they reach the child through a pipe, and no disk. `child` may stop it.

    line: the previews show what is around it.
    """
    given = tuple((millesimes or {}).items())
    request = Request(name, name, source or None, edition or None, given, content, is_cleared, True, line)
    return make_delivery(run_child(request, catalogue, child), catalogue)


def _request(path, name, source, edition, millesimes) -> Request:
    return Request(str(path), name or Path(path).name, source or None, edition or None, tuple((millesimes or {}).items()))


def make_delivery(found: Answer, catalogue: Catalogue) -> Delivery:
    """The Delivery with its DataFrames; a partner's file is the contract's own."""
    import pandas as pd  # not at the top: the reading process does without

    details = dict(found.details)
    details["findings"] = [Finding(**finding) for finding in details["findings"]]
    details["apercus"] = [restore_preview(sheet) for sheet in details["apercus"]]
    territoires = pd.DataFrame(found.territoires, columns=["code", "zonage", "libelle", "commune"])
    source = catalogue.sources.get(details["source"])
    contrat = catalogue.contrat.id if source and source.locale else ""
    return Delivery(faits=make_frame(found.columns), territoires=territoires, contrat=contrat, **details)


def answer(request: Request, catalogue: Catalogue) -> Answer:
    """Guards, grids, recognition, extraction, controls."""
    path = Path(request.path)
    data = _read_bytes(path) if request.content is None else request.content
    layouts = build_layouts(_chosen_sources(catalogue, request.source))
    is_named = path.suffix.lower() not in ("", ".part", ".tmp")
    file = read_grids(data, path.name if is_named else request.name, known_headers(layouts), chosen_limits())
    sheets = [recognise(grid, layouts) for grid in file.grids if not grid.is_hidden]
    recognised = [sheet for sheet in sheets if isinstance(sheet, Recognised)]
    suspicions = find_suspicions((*file.grids, *read_hidden_parts(data, file.kind)), sheets)
    nominative = [suspicion.finding for suspicion in suspicions]
    is_refused = bool(nominative) and not (request.is_cleared and not any(suspicion.is_sure for suspicion in suspicions))
    if nominative and not is_refused:
        nominative = [replace(finding, gravite=AVERTISSEMENT) for finding in nominative]
    findings = [*file.findings, *nominative, *_describe_unrecognised(sheets, recognised)]
    job, facts, reconnaissance = None, None, ""
    details = {"source": "", "edition": "", "dates": {}, "lecture": {}}
    if recognised and not _has_several_sources(recognised, findings):
        job = Job(catalogue, recognised[0].layout.source, dict(request.millesimes))
        check_given(job.source, job.millesimes)
        edition = _extract(job, recognised, request)
        facts, more = check_duplicates(job.builder.build())
        findings += [*job.findings, *job.describe_marks(), *more, *check_consistency(facts, catalogue)]
        if not len(facts) and not any(finding.gravite == BLOQUANT for finding in findings):
            findings.append(Finding(BLOQUANT, "Aucune valeur à charger dans ce fichier."))
        reconnaissance = " ; ".join(_explain(sheet) for sheet in recognised)
        details = {
            "source": job.source.id,
            "edition": edition,
            "dates": {bloc: tuple(sorted(days)) for bloc, days in job.dates.items()},
            "lecture": job.lecture,
        }
    return Answer(
        columns=encode_columns(facts if facts is not None else _no_facts()),
        details={
            **details,
            "fichier": request.name,
            "empreinte": hashlib.sha256(data).hexdigest(),
            "taille": len(data),
            # of a refused file nothing but its columns is told: another finding might quote a cell
            "findings": [finding.__dict__ for finding in _sorted(nominative if is_refused else findings)],
            "fictif": _is_fictitious(file, request.name),
            "conservable": not (nominative or (job and job.is_row_level)),
            "nominatif": _nominative_word(suspicions, is_refused),
            "apercus": preview_sheets(sheets, _fact_lines(facts), request.line)
            if request.is_previewed and not is_refused
            else [],
            "reconnaissance": reconnaissance,
            "millesimes": dict(request.millesimes),
        },
        territoires=_name_territories(facts, job),
    )


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise OzoirError("Fichier introuvable.", f"« {path} » ne peut pas être ouvert ({error.strerror}).") from error


def _nominative_word(suspicions: list[Suspicion], is_refused: bool) -> str:
    """Whether a named person may still let the file in: « certain », « presume », « leve », or empty."""
    if not suspicions:
        return ""
    if not is_refused:
        return LEVE
    return CERTAIN if any(suspicion.is_sure for suspicion in suspicions) else PRESUME


def _fact_lines(facts: Facts | None) -> dict[str, list[int]]:
    """By sheet, the lines which gave facts."""
    lines: dict[str, set[int]] = {}
    for contexte, line in zip(*(getattr(facts, name).tolist() for name in ("contexte", "ligne")), strict=True) if facts else ():
        lines.setdefault(facts.contextes[contexte].feuille, set()).add(line)
    return {name: sorted(numbers) for name, numbers in lines.items()}


def _no_facts() -> Facts:
    from ozoir.ingestion.facts import FactBuilder

    return FactBuilder().build()


def _chosen_sources(catalogue: Catalogue, source: str | None) -> list:
    if source is None:
        return list(catalogue.sources.values())
    if source not in catalogue.sources:
        raise OzoirError(
            "Mise en page inconnue.",
            f"« {source} ».{did_you_mean(source, catalogue.sources)} "
            f"Mises en page déclarées : {', '.join(sorted(catalogue.sources))}.",
        )
    return [catalogue.sources[source]]


def _describe_unrecognised(sheets: list[Recognised | Unrecognised], recognised: list[Recognised]) -> list[Finding]:
    """A file of which nothing is recognised is a question; beside recognised sheets, a strange one is a warning or a note."""
    quiet = [pattern for sheet in recognised for pattern in sheet.layout.source.feuilles_ignorees]
    findings = []
    for sheet in sheets:
        if isinstance(sheet, Recognised) or any(matches(pattern, sheet.grid.name) for pattern in quiet):
            continue
        is_empty = not any(cell != "" for row in sheet.grid.rows for cell in row)
        if recognised and is_empty:
            continue
        gravite = BLOQUANT if sheet.candidates or not recognised else AVERTISSEMENT
        if recognised and sheet.nearest is None and not sheet.candidates:
            gravite = AVERTISSEMENT if _looks_like_table(sheet.grid) else INFORMATION
        findings.append(describe_unrecognised(sheet, gravite))
    if not sheets:
        findings.append(Finding(BLOQUANT, "Toutes les feuilles du classeur sont masquées : rien n’est lu."))
    return findings


def _looks_like_table(grid: Grid) -> bool:
    """More numbers than a page of notes holds."""
    return sum(isinstance(cell, (int, float)) for row in grid.rows for cell in row) >= 5


def _has_several_sources(recognised: list[Recognised], findings: list[Finding]) -> bool:
    sources = {sheet.layout.source.id: sheet.layout for sheet in recognised}
    if len(sources) == 1:
        return False
    names = ", ".join(f"{layout.source.titre} (--source {name})" for name, layout in sources.items())
    findings.append(
        Finding(BLOQUANT, f"Les feuilles relèvent de plusieurs mises en page : {names}. Précisez laquelle charger.")
    )
    return True


def _extract(job: Job, recognised: list[Recognised], request: Request) -> str:
    """Every sheet's facts; returns the edition."""
    editions = set()
    for sheet in recognised:
        titles = _titles(sheet.grid, sheet.header.line)
        period = find_period(job.source, request.name, titles, request.edition, sheet.grid.name)
        job.findings += [finding for finding in period.findings if finding not in job.findings]
        forme = sheet.layout.tableau.forme
        if forme == SERIE:
            extract_series(job, sheet)
        elif forme == TRANSPOSE:
            extract_transposed(job, sheet, period)
        elif forme == LOGEMENTS:
            extract_dwellings(job, sheet, period)
        else:
            extract_table(job, sheet, period, (request.name, sheet.grid.name, *titles))
        editions.add(period.edition)
    return max(editions)


def _titles(grid: Grid, header_line: int) -> tuple[str, ...]:
    """The texts above the header."""
    return tuple(text for row in grid.rows[: header_line - 1] for cell in row if (text := read_text(cell)))


def _is_fictitious(file: GridFile, name: str) -> bool:
    texts = [name, *(grid.name for grid in file.grids)]
    texts += [
        read_text(cell) for grid in file.grids for row in grid.rows[:HEAD] for cell in row if isinstance(cell, str) and cell
    ]
    return any(_FICTITIOUS in normalise(text).replace("_", " ").replace("-", " ") for text in texts if len(text) < 1000)


def _explain(sheet: Recognised) -> str:
    where = f"feuille « {sheet.grid.name} », " if sheet.grid.name else ""
    return f"{where}en-tête ligne {sheet.header.line} : {sheet.layout.title}"


def _sorted(findings: list[Finding]) -> list[Finding]:
    order = {BLOQUANT: 0, AVERTISSEMENT: 1, INFORMATION: 2}
    return sorted(findings, key=lambda finding: order[finding.gravite])


def _name_territories(facts: Facts | None, job: Job | None) -> list[tuple[str, str, str, str]]:
    """(code, zoning, name, commune) of the territories the facts speak of, where the file names them."""
    if facts is None or job is None:
        return []
    return [
        (territory.code, territory.zonage, *job.names[territory]) for territory in facts.territoires if territory in job.names
    ]
