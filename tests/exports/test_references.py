"""Short references: printed with a figure, found again when typed."""

from __future__ import annotations

from datetime import date

import pytest

from ozoir.errors import OzoirError
from ozoir.exports.references import Reference, find_figure, parse_reference, refer


def test_every_figure_is_found_by_its_reference(dossier):
    for result in dossier.resultats:
        for serie in result.series:
            for point in serie.points:
                text = str(refer(result, serie, point, 3))
                found = find_figure(dossier.resultats, parse_reference(text))
                assert found and found[2] == point and found[1] == serie


def test_a_reference_says_indicator_date_import_and_edition(dossier):
    result = dossier.resultats[0]
    assert str(refer(result, result.series[0], result.series[0].points[0], 3)) == "defm_femmes:2016-12-31:i1:e3"
    assert parse_reference("  Réf. DEFM_femmes:2016-12-31:i1:e3.") == Reference("defm_femmes", date(2016, 12, 31), "", "", 1, 3)


@pytest.mark.parametrize("text", ["", "defm", "defm_abc:2020-13-45", "12/03/2020"])
def test_what_is_no_reference_is_refused_with_the_expected_form(text):
    with pytest.raises(OzoirError, match="indicateur:AAAA-MM-JJ"):
        parse_reference(text)


def test_an_unknown_figure_is_not_found(dossier):
    assert find_figure(dossier.resultats, parse_reference("defm_femmes:1999-12-31")) is None
