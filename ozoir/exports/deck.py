"""The slides of the comité de pilotage: 10 to 15, native charts and tables, notes with source and reading."""

from __future__ import annotations

import io
from datetime import datetime, time
from pathlib import Path

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide
from pptx.util import Pt

from ozoir.charts.words import lower_first
from ozoir.exports.cleaning import cell_content, plain_text, property_text
from ozoir.exports.contents import Cellule, Dossier, Partie, Tableau, Texte
from ozoir.exports.native import NativeChart, NativeSerie, native_charts
from ozoir.exports.pictures import draw_chart
from ozoir.exports.report import imports_table, key_figures, signs_table
from ozoir.exports.result_tables import (
    beside_cell,
    comparator_title,
    comparators_of,
    figure_beside,
    figure_cell,
    gaps_table,
    latest_of,
    source_text,
)
from ozoir.exports.slide_shapes import (
    BLUE,
    FONT,
    INK,
    MUTED,
    SMALLEST,
    Box,
    add_cards,
    add_chart,
    add_table,
    add_text,
    fit_text,
    text_height,
)
from ozoir.exports.zipping import settle_zip
from ozoir.indicators.results import Result
from ozoir.numbers import plural
from ozoir.paths import ROOT

WIDTH, HEIGHT = 960.0, 540.0  # points: 13,33 × 7,5 inches
BODY = Box(40, 92, 880, 396)
TEMPLATE = ROOT / "data" / "modeles" / "presentation.pptx"  # the town's own, when it is there
# Names of the layouts looked for in a template, best first; python-pptx's own template has the English ones.
_COVER = ("Couverture", "Diapositive de titre", "Title Slide")
_PLAIN = ("Titre seul", "Title Only")
MAX_GAPS = 6


def render_deck(dossier: Dossier, template: Path = TEMPLATE) -> bytes:
    """The file's bytes."""
    deck = Presentation(str(template) if template.exists() else None)
    if not template.exists():
        deck.slide_width, deck.slide_height = Pt(WIDTH), Pt(HEIGHT)
    _drop_slides(deck)
    _set_properties(deck, dossier)
    _cover(deck, dossier)
    _figures(deck, dossier)
    _gaps(deck, dossier)
    for partie in dossier.piliers:
        _observation(deck, dossier, partie)
        _actions(deck, dossier, partie)
    _axes(deck, dossier)
    _credits(deck, dossier)
    _table_slide(
        deck, dossier, "Décisions demandées au comité de pilotage", dossier.decisions, _written(dossier, "ajustements")
    )
    _table_slide(deck, dossier, f"Programme {dossier.annee + 1}", dossier.programme)
    _sources(deck, dossier)
    stream = io.BytesIO()
    deck.save(stream)
    return settle_zip(stream.getvalue(), dossier.edite_le)


def _drop_slides(deck: Deck) -> None:
    """A template may come with example slides."""
    slides = deck.slides._sldIdLst
    for slide in list(slides):
        deck.part.drop_rel(slide.rId)
        slides.remove(slide)


def _set_properties(deck: Deck, dossier: Dossier) -> None:
    properties = deck.core_properties
    properties.title, properties.author = property_text(dossier.titre), property_text(dossier.contrat)
    properties.subject, properties.language = property_text(dossier.bandeau), "fr-FR"
    properties.comments, properties.last_modified_by, properties.keywords = dossier.version, "", ""
    properties.created = properties.modified = datetime.combine(dossier.edite_le, time(12))
    properties.revision = 1


def _layout(deck: Deck, names: tuple[str, ...]):
    """The first layout with one of these names, whatever the case; else the template's first one."""
    found = {layout.name.casefold(): layout for layout in deck.slide_layouts}
    return next((found[name.casefold()] for name in names if name.casefold() in found), deck.slide_layouts[0])


def _written(dossier: Dossier, section: str) -> str:
    """What the team wrote in a section of the report, for the speaker."""
    rubrique = next((item for item in dossier.rubriques if item.id == section), None)
    return "\n".join(
        bloc.texte for bloc in (rubrique.blocs if rubrique else ()) if isinstance(bloc, Texte) and bloc.style == "corps"
    )


def _new_slide(deck: Deck, dossier: Dossier, title: str, notes: str, names: tuple[str, ...] = _PLAIN) -> Slide:
    slide = deck.slides.add_slide(_layout(deck, names))
    for placeholder in list(slide.placeholders):
        if placeholder != slide.shapes.title:
            placeholder._element.getparent().remove(placeholder._element)
    if names is _PLAIN:
        _set_title(slide, title)
        _banner(slide, dossier, len(deck.slides))
    slide.notes_slide.notes_text_frame.text = plain_text(f"{notes}\n{dossier.bandeau}".strip())
    return slide


def _set_title(slide: Slide, title: str) -> None:
    """In the layout's own title, so that the outline and screen readers find it."""
    shape = slide.shapes.title
    size = next((size for size in (26, 22, 19) if text_height(title, BODY.width, size, True) <= 2 * size * 1.2), 19)
    shape.left, shape.top, shape.width, shape.height = Box(BODY.x, 22, BODY.width, 62).emu
    frame = shape.text_frame
    frame.text = plain_text(fit_text(title, BODY.width, 2 * size * 1.2 + 1, size, True)).replace("\n", " ")
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.name, run.font.color.rgb = Pt(size), True, FONT, BLUE


def _banner(slide: Slide, dossier: Dossier, number: int) -> None:
    text = fit_text(dossier.bandeau, BODY.width - 60, SMALLEST * 1.25, SMALLEST)
    add_text(slide, Box(BODY.x, 508, BODY.width - 60, 20), [(text, SMALLEST, False, MUTED)])
    add_text(slide, Box(BODY.x + BODY.width - 50, 508, 50, 20), [(str(number), SMALLEST, False, MUTED)], PP_ALIGN.RIGHT)


def _cover(deck: Deck, dossier: Dossier) -> None:
    slide = _new_slide(deck, dossier, dossier.titre, "Présentation au comité de pilotage.", _COVER)
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = Box(60, 120, 840, 110).emu
    shape.text_frame.text = plain_text(dossier.titre)
    shape.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    for run in paragraph.runs:
        run.font.size, run.font.bold, run.font.name, run.font.color.rgb = Pt(44), True, FONT, BLUE
    place = fit_text(f"{dossier.quartier} – {dossier.commune}", 840, 60, 22)
    contract = fit_text(dossier.contrat, 840, 50, 18)
    add_text(
        slide,
        Box(67, 244, 833, 200),
        [(place, 22, False, INK), (contract, 18, False, MUTED), ("Comité de pilotage", 18, False, MUTED)],
    )
    add_text(slide, Box(67, 470, 833, 40), [(fit_text(dossier.bandeau, 833, 40, 16, True), 16, True, INK)])


def _figures(deck: Deck, dossier: Dossier) -> None:
    figures = key_figures(dossier).chiffres[:6]
    spoken = _written(dossier, "observation")
    references = "\n".join(f"{figure.libelle}\u00a0: {figure.reference}" for figure in figures)
    slide = _new_slide(
        deck, dossier, "Le quartier en chiffres", f"{spoken}\nRéférences\u00a0:\n{references}" if figures else spoken
    )
    if figures:
        add_cards(slide, BODY, figures)
    else:
        _say(slide, "Aucun chiffre clé ne peut être montré à ce jour.")


def _say(slide: Slide, text: str) -> None:
    add_text(slide, BODY, [(text, 18, False, MUTED)])


def _gaps(deck: Deck, dossier: Dossier) -> None:
    """Rates beside their comparator at the same date, the rest of the commune first; then how the gaps moved."""
    rates = [result for result in dossier.resultats if not result.decoupage and _is_rate(result)]
    name = next(iter(comparators_of(rates)), "reste")
    compared = [result for result in rates if (figure := figure_beside(latest_of(result), name)) and figure.is_shown]
    results = _widest(compared, name, [partie.id for partie in dossier.piliers])
    title = (
        "Écarts avec le reste de la commune"
        if name == "reste"
        else f"Le quartier et\u00a0: {lower_first(comparator_title(name))}"
    )
    notes = "\n".join(f"{result.message} {source_text(result, dossier.numero)}" for result in results)
    slide = _new_slide(deck, dossier, title, notes)
    if not results:
        _say(slide, "Aucun écart ne peut être calculé à ce jour\u00a0: il faut, à la même date, le quartier et la commune.")
        return
    points = [latest_of(result) for result in results]
    series = (
        NativeSerie("Quartier", "qpv", tuple(point.qpv.valeur for point in points)),
        NativeSerie(
            cell_content(comparator_title(name)),
            name if name in ("reste", "commune") else "autres",
            tuple(figure_beside(point, name).valeur for point in points),
        ),
    )
    labels = tuple(cell_content(fit_text(result.indicateur.titre, 300, 40, SMALLEST)) for result in results)
    native = NativeChart("barres", "Quartier et comparateur (%)", labels, series, "%", 1)
    add_chart(slide, BODY, native, ". ".join(result.message.rstrip(".") for result in results) + ".")
    measured = [result for result in results if latest_of(result).ecart.is_shown and latest_of(result).comparateur == "reste"]
    if measured:
        _fill_table(_new_slide(deck, dossier, "Comment les écarts ont évolué", notes), gaps_table(measured))


def _widest(results: list[Result], name: str, pillars: list[str]) -> list[Result]:
    """The widest gaps, each pillar in turn, back in the order of the documents."""

    def width(result: Result) -> float:
        point = latest_of(result)
        return abs(point.qpv.valeur - figure_beside(point, name).valeur)

    queues = [sorted((item for item in results if item.indicateur.pilier == id), key=width, reverse=True) for id in pillars]
    taken = [queue[rank] for rank in range(MAX_GAPS) for queue in queues if rank < len(queue)][:MAX_GAPS]
    return [result for result in results if result in taken]


def _is_rate(result: Result) -> bool:
    point = latest_of(result)
    return point is not None and point.qpv.is_shown and point.qpv.unite == "%"


def _observation(deck: Deck, dossier: Dossier, partie: Partie) -> None:
    """The first indicator drawn, the others in a table."""
    results = dossier.resultats_of(partie)
    drawn = [result for result in results if native_charts(result)]
    first = min(drawn, key=_is_lone_bar, default=None)
    if first is None:
        slide = _new_slide(deck, dossier, f"{partie.titre_court}\u00a0: observation", "")
        _say(slide, "Aucun chiffre d’observation n’est disponible pour ce pilier.")
        return
    notes = f"{first.lecture}\n{source_text(first, dossier.numero)}"
    slide = _new_slide(deck, dossier, f"{partie.titre_court}\u00a0: {first.message[:1].lower() + first.message[1:]}", notes)
    charts = native_charts(first)
    alt = draw_chart(first).alt
    table = _beside_chart([result for result in results if result is not first])
    chart_width = 540 if table.lignes else BODY.width
    each = BODY.height / len(charts)
    for rank, chart in enumerate(charts):
        add_chart(slide, Box(BODY.x, BODY.y + rank * each, chart_width, each - 4), chart, alt)
    if table.lignes:
        add_table(slide, Box(BODY.x + 560, BODY.y, 320, BODY.height), table)


def _is_lone_bar(result: Result) -> bool:
    """One figure fills no slide: another indicator is drawn when there is one."""
    return all(len(chart.categories) == 1 for chart in native_charts(result))


def _beside_chart(results: list[Result]) -> Tableau:
    """Indicator, quartier, and its nearest comparator: what fits beside a chart."""
    results = [result for result in results if latest_of(result)]
    names = comparators_of(results)[:1]
    points = [latest_of(result) for result in results]
    lines = tuple(
        (Cellule(result.indicateur.titre), figure_cell(point.qpv), *(beside_cell(point, name, True) for name in names))
        for result, point in zip(results, points, strict=True)
    )
    columns = ("Autres indicateurs", "Quartier", *("Reste" if name == "reste" else comparator_title(name) for name in names))
    widths = (2.2, 1.1, *[1.25] * len(names))
    return Tableau("Autres indicateurs", columns, lines, widths, (1, 2)[: len(columns) - 1])


def _actions(deck: Deck, dossier: Dossier, partie: Partie) -> None:
    actions = [action for id in partie.actions if (action := dossier.action(id))]
    pilots = "\n".join(f"{action.titre} – {', '.join(action.pilotes)}" for action in actions)
    notes = f"{_written(dossier, 'actions')}\n{pilots}"
    slide = _new_slide(deck, dossier, f"{partie.titre_court}\u00a0: les actions", notes)
    table = Tableau(
        "Actions",
        ("Action", "Pilote", "État", "Avancement"),
        tuple(
            (Cellule(action.titre), Cellule(", ".join(action.pilotes)), Cellule(action.statut), Cellule(action.avancement))
            for action in sorted(actions, key=lambda action: not action.avancement)
        ),
        (4, 2, 1.1, 1.2),
        (3,),
        vide="Aucune action dans ce dossier pour ce pilier.",
    )
    _fill_table(slide, table)


def _axes(deck: Deck, dossier: Dossier) -> None:
    lines = []
    for partie in dossier.axes:
        results = dossier.resultats_of(partie)
        said = "\n".join(f"• {result.message}" for result in results[:2]) or "Aucun chiffre disponible."
        lines.append((Cellule(partie.titre_court), Cellule(str(len(partie.actions))), Cellule(said)))
    table = Tableau(
        "Axes transversaux",
        ("Axe", "Actions", "Ce que disent les chiffres"),
        tuple(lines),
        (1.6, 0.7, 5),
        (1,),
        vide="Aucun axe.",
    )
    _fill_table(_new_slide(deck, dossier, "Axes transversaux", ""), table)


def _credits(deck: Deck, dossier: Dossier) -> None:
    notes = (
        f"{_written(dossier, 'credits')}\nMontants saisis, exacts au centime\u202f; le détail par action est dans le classeur."
    )
    tables = [table for table in dossier.credits if table.lignes]
    if not tables:
        _say(_new_slide(deck, dossier, "Crédits engagés", notes), "Aucun crédit n’est saisi pour cette année.")
        return
    slide = _new_slide(deck, dossier, tables[0].titre, notes)
    _fill_table(slide, tables[0])


def _table_slide(deck: Deck, dossier: Dossier, title: str, table: Tableau, spoken: str = "") -> None:
    lines = "\n".join(" – ".join(cell.texte for cell in line if cell.texte) for line in table.lignes)
    notes = f"{spoken}\n{lines}".strip()
    _fill_table(_new_slide(deck, dossier, title, notes), table)


def _fill_table(slide: Slide, table: Tableau) -> None:
    if not table.lignes:
        _say(slide, table.vide or "Rien à ce jour.")
        return
    box = Box(BODY.x, BODY.y, BODY.width, BODY.height - 22)
    left_out = add_table(slide, box, table)
    if left_out:
        more = f"… et {plural(left_out, 'autre ligne', 'autres lignes')}\u00a0: voir les notes et le classeur."
        add_text(slide, Box(BODY.x, BODY.y + BODY.height - 16, BODY.width, 18), [(more, SMALLEST, False, MUTED)])


def _sources(deck: Deck, dossier: Dossier) -> None:
    names = dict.fromkeys(result.source for result in dossier.resultats if result.source and not result.is_empty)
    files = "\n".join(" – ".join(cell.texte for cell in line) for line in imports_table(dossier).lignes)
    slide = _new_slide(deck, dossier, "Sources et signes", f"Fichiers\u00a0:\n{files}")
    text = fit_text("Sources\u00a0: " + ("\u202f; ".join(names) + "." if names else "aucune."), BODY.width, 170, SMALLEST)
    height = text_height(text, BODY.width, SMALLEST) + 12
    add_text(slide, Box(BODY.x, BODY.y, BODY.width, height), [(text, SMALLEST, False, INK)])
    add_table(slide, Box(BODY.x, BODY.y + height, BODY.width, BODY.height - height), signs_table(dossier))
