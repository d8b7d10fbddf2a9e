"""Charts say what the Result says, no more: same numbers, nothing masked, French words, a name for each line."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest

from ozoir.catalogue.saisies import Evenement
from ozoir.charts.bars import pair_at
from ozoir.charts.drawing import scale
from ozoir.charts.figures import build_chart, build_gaps
from ozoir.charts.kinds import KINDS, pick_kind
from ozoir.charts.sparkline import draw_sparkline
from ozoir.charts.theme import CONFIG, ROLES
from ozoir.charts.traces import COMMUNE, RESTE, Vue, restrict, traces_of
from ozoir.numbers import format_number
from tests.charts import samples

NEAREST = Vue()


def drawn(chart) -> list[float]:
    """Every value of the figure, marks of one line after the other."""
    numbers = []
    for trace in chart.figure.data:
        values = trace.x if trace.type == "bar" or not isinstance(trace.x[0], str) else trace.y
        numbers += list(values)
    return numbers


@pytest.mark.parametrize(("high", "step"), [(0.18, 0.1), (0.6, None), (5.2, None), (6.0, None)])
def test_no_two_graduations_of_an_axis_read_alike(high, step):
    """0,18 in five steps would be 0,05: « 0,1 » twice. From five on, whole numbers: one is the least step."""
    assert scale(0.0, high, nticks=5).get("dtick") == step
    assert scale(10.0, 12.0, nticks=5)["dtick"] == 1.0


def test_two_dates_a_day_apart_are_not_written_over_one_another():
    dates = [samples.point(year, samples.figure(50.0), samples.figure(40.0)) for year in (2018, 2019, 2020)]
    dates.append(replace(dates[-1], date_reference=date(2021, 1, 1)))
    axis = build_chart(samples.result(samples.serie(*dates)), NEAREST).figure.layout.xaxis
    assert (dates[2].date_reference, list(axis.tickvals)) == (date(2020, 12, 31), ["2018-12-31", "2019-12-31", "2021-01-01"])


@pytest.mark.parametrize("name", samples.ALL)
def test_each_kind_is_picked_for_the_answer_it_suits(name):
    assert pick_kind(samples.ALL[name](), NEAREST).id == name


def test_every_kind_of_the_table_is_tried_here():
    assert {kind.id for kind in KINDS} == set(samples.ALL)


@pytest.mark.parametrize("name", samples.ALL)
def test_a_figure_holds_only_numbers_of_the_result(name):
    result = samples.ALL[name]()
    known = {
        figure.valeur
        for serie in result.series
        for point in serie.points
        for figure in (point.qpv, point.reste, point.commune, *(area.figure for area in point.comparateurs))
        if figure.is_shown
    }
    assert drawn(build_chart(result, NEAREST))
    assert set(drawn(build_chart(result, NEAREST))) <= known


def test_a_curve_shows_every_known_value_of_the_quartier_and_of_the_rest():
    chart = build_chart(samples.rates(), NEAREST)
    assert drawn(chart) == [52.6, 55.0, 51.4, 49.5, 48.6, 50.1, 50.4, 49.9, 50.8, 51.2]


def test_a_line_is_cut_where_a_value_is_masked_and_where_the_segment_changes():
    runs = [list(line.y) for line in build_chart(samples.rates(), NEAREST).figure.data if line.name == "Quartier"]
    assert runs == [[52.6, 55.0, 51.4], [49.5, 48.6]]


def test_a_break_is_drawn_and_named():
    figure = build_chart(samples.rates(), NEAREST).figure
    assert len(figure.layout.shapes) == 1
    assert "rupture" in [note.text for note in figure.layout.annotations]


def test_an_answer_wholly_masked_has_no_chart():
    assert build_chart(samples.everything_masked(), NEAREST) is None


def test_counts_of_different_sizes_have_each_their_scale():
    figure = build_chart(samples.counts(), NEAREST).figure
    assert figure.layout.yaxis.range[1] < 400 < 1900 < figure.layout.yaxis2.range[1]
    assert any("échelle différente" in note.text for note in figure.layout.annotations)


@pytest.mark.parametrize("name", samples.ALL)
def test_scales_start_at_zero(name):
    layout = build_chart(samples.ALL[name](), NEAREST).figure.layout
    axis = layout.xaxis if name in ("haltere", "barres") else layout.yaxis
    assert axis.range[0] == 0


@pytest.mark.parametrize("name", samples.ALL)
def test_nothing_is_in_english_nor_written_with_a_point(name):
    chart = build_chart(samples.ALL[name](), NEAREST)
    figure = json.loads(chart.figure.to_json())
    texts = [chart.alt, *(note["text"] for note in figure["layout"].get("annotations", []))]
    for trace in figure["data"]:
        texts += [row[0] for row in trace["customdata"]] + list(trace.get("text", []))
    assert texts
    for text in texts:
        assert not re.search(r"\d\.\d", text), text
        assert not re.search(r"\b(the|and|value|year|trace|rest of)\b", text, re.IGNORECASE), text


@pytest.mark.parametrize("name", samples.ALL)
def test_the_alternative_text_says_the_figures_drawn(name):
    chart = build_chart(samples.ALL[name](), NEAREST)
    for value in drawn(chart):
        decimals = 0 if name in ("courbes_separees", "petits_multiples") else 1
        assert format_number(value, decimals) in chart.alt


def test_the_comparator_is_always_named():
    for result, name in (
        (samples.rates(), "Reste de la<br>commune"),
        (samples.other_qpv(), "Ensemble des<br>QPV de<br>Seine-et-Marne"),
    ):
        notes = [note.text for note in build_chart(result, NEAREST).figure.layout.annotations]
        assert f"<b>{name}</b>" in notes


def test_the_reader_may_choose_the_comparator():
    serie = samples.one_date().series[0]
    assert [trace.role for trace in traces_of(serie, Vue(RESTE), False)] == ["qpv", "reste"]
    assert [trace.role for trace in traces_of(serie, Vue(COMMUNE), False)] == ["qpv"]
    assert [trace.role for trace in traces_of(serie, Vue(samples.AREA), False)] == ["qpv", "autres"]


def test_the_sum_of_many_quartiers_never_stands_beside_one_count():
    serie = samples.other_qpv().series[0]
    assert [trace.role for trace in traces_of(serie, NEAREST, is_count=True)] == ["qpv"]


def test_a_first_year_leaves_the_earlier_dates_out():
    assert [point.date_reference.year for point in restrict(samples.rates(), Vue(depuis=2019)).series[0].points] == [
        2019,
        2020,
        2021,
    ]


def test_a_label_of_a_partner_is_never_a_tag():
    figure = build_chart(samples.by_age(), NEAREST).figure
    assert figure.layout.yaxis.ticktext[0] == "&lt; 25 ans"
    assert figure.data[0].customdata[0][0].startswith("&lt; 25 ans<br>")


def test_fictitious_figures_say_so_inside_the_figure():
    result = samples.result(*samples.rates().series, fictif=True)
    chart = build_chart(result, NEAREST)
    assert "Données fictives" in [note.text for note in chart.figure.layout.annotations]
    assert chart.alt.startswith("Données fictives")
    assert not any("fictives" in note.text for note in build_chart(samples.rates(), NEAREST).figure.layout.annotations)


def test_no_template_travels_with_a_figure():
    assert len(build_chart(samples.rates(), NEAREST).figure.to_json()) < 6_000


def test_roles_differ_by_more_than_colour():
    for attribute in ("couleur", "tirets", "symbole"):
        assert len({getattr(look, attribute) for look in ROLES.values()}) == len(ROLES)


def test_colours_stand_out_on_white():
    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for look in ROLES.values():
        assert 1.05 / (luminance(look.couleur) + 0.05) >= 3
        assert 1.05 / (luminance(look.texte) + 0.05) >= 4.5


def test_the_locale_is_french_and_travels_inside():
    assert CONFIG["locale"] == "fr"
    assert CONFIG["locales"]["fr"]["format"]["decimal"] == ","
    assert CONFIG["displayModeBar"] is False


def test_gaps_of_several_indicators_stand_in_one_figure():
    pair = pair_at(samples.rates().series[0], "Part des femmes", NEAREST, is_count=False)
    chart = build_gaps([pair, pair], "Les principaux écarts", fictif=False)
    assert (pair.qpv.valeur, pair.autre.valeur, pair.periode) == (48.6, 51.2, "au 31/12/2021")
    assert drawn(chart) == [48.6, 48.6, 51.2, 51.2]
    assert [name for _, name in chart.cle] == ["Quartier", "Reste de la commune"]


def test_a_sparkline_is_an_image_of_the_known_points():
    image = draw_sparkline(traces_of(samples.rates().series[0], NEAREST, False))
    assert image.startswith('<img src="data:image/svg+xml,') and image.endswith('alt="">')
    assert image.count("%3Cpolyline") == 4


def test_one_point_has_no_sparkline():
    assert draw_sparkline(traces_of(samples.one_date().series[0], NEAREST, False)) == ""


def test_one_figure_alone_is_not_drawn():
    alone = samples.result(samples.serie(samples.point(2021, samples.figure(48.6))))
    assert build_chart(alone, NEAREST) is None


def event(year: int, titre: str, pilier: str = "") -> Evenement:
    return Evenement("E1", date(year, 6, 30), titre, pilier=pilier)


def test_events_of_the_pillar_are_marked_numbered_and_said():
    pillar = samples.rates().indicateur.pilier
    events = (
        event(2017, "Travaux <b>rue A</b>"),
        event(2018, "Ailleurs", "autre"),
        event(1999, "Avant"),
        event(2019, "Crèche", pillar),
    )
    chart = build_chart(samples.rates(), Vue(evenements=events))
    assert chart.evenements == ("1. Travaux <b>rue A</b>, le 30/06/2017", "2. Crèche, le 30/06/2019")
    marks = chart.figure.data[-1]
    assert list(marks.x) == ["2017-06-30", "2019-06-30"]
    assert list(marks.text) == ["1", "2"]
    assert "&lt;b&gt;rue A" in marks.customdata[0][0]
    assert [shape.x0 for shape in chart.figure.layout.shapes if shape.x0 in marks.x] == ["2017-06-30", "2019-06-30"]
    assert "Évènements\u00a0: 1. Travaux" in chart.alt


@pytest.mark.parametrize("name", samples.ALL)
def test_events_leave_the_figures_as_they_were(name):
    plain = build_chart(samples.ALL[name](), NEAREST)
    marked = build_chart(samples.ALL[name](), Vue(evenements=(event(2018, "Travaux"),)))
    assert [trace.to_plotly_json() for trace in marked.figure.data if trace.name != "Évènements"] == [
        trace.to_plotly_json() for trace in plain.figure.data
    ]
    assert marked.sombre
