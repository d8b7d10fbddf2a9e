"""The project's own long format: what is written reads back the same."""

from __future__ import annotations

import pandas as pd
import pytest

from ozoir.ingestion.reading import read_delivery
from ozoir.ingestion.series import COLUMNS, write_series
from tests.ingestion.samples import demo_text, sentences, write_text

KEYS = ["mesure", "territoire", "zonage", "date_reference", "sexe", "age", "detail", "statut", "source", "edition"]
HEADER = ";".join(COLUMNS)


def comparable(faits: pd.DataFrame) -> pd.DataFrame:
    """Facts without their place in the file, in a stable order."""
    return (
        faits[[*KEYS, "valeur", "qpv_publies", "qpv_non_diffuses"]]
        .astype({name: str for name in KEYS})
        .sort_values(KEYS)
        .reset_index(drop=True)
    )


def test_facts_written_as_series_read_back_the_same(tmp_path, catalogue):
    first = read_delivery(write_text(tmp_path, "DEMO_2021.csv", demo_text()), catalogue)
    write_series(first.faits, tmp_path / "series.csv")
    again = read_delivery(tmp_path / "series.csv", catalogue)
    assert again.source == "series_publiees"
    assert not again.findings
    pd.testing.assert_frame_equal(comparable(first.faits), comparable(again.faits))


def test_series_are_stable_when_written_again(tmp_path, catalogue):
    first = read_delivery(write_text(tmp_path, "DEMO_2021.csv", demo_text()), catalogue)
    write_series(first.faits.sample(frac=1, random_state=1), tmp_path / "a.csv")
    write_series(read_delivery(tmp_path / "a.csv", catalogue).faits, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_the_producer_s_file_and_column_are_kept(tmp_path, catalogue):
    line = (
        "defm_abc;QPV-77;departement;2020-12-31;ensemble;ensemble;;12345,5;connu;insee_pole_emploi;2021;IPRO_2021.csv;ABC;40;3"
    )
    delivery = read_delivery(write_text(tmp_path, "series.csv", f"{HEADER}\r\n{line}\r\n"), catalogue)
    (fact,) = delivery.faits.to_dict("records")
    assert (fact["territoire"], fact["zonage"], fact["valeur"], fact["origine"]) == (
        "QPV-77",
        "departement",
        12345.5,
        "IPRO_2021.csv › ABC",
    )
    assert (fact["qpv_publies"], fact["qpv_non_diffuses"], fact["edition"]) == (40, 3, "2021")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("defm_abx;QP077018;QP2015;2020-12-31;;;;1;connu;insee_pole_emploi;2021;f;c;0;0", "Vouliez-vous dire « defm_ab"),
        ("defm_abc;QP077018;QP2015;2020-12-31;;;diplome:bax;1;connu;insee_pole_emploi;2021;f;c;0;0", "bax"),
        ("defm_abc;QP077018;QP2015;2020-02-31;;;;1;connu;insee_pole_emploi;2021;f;c;0;0", "Date impossible"),
        ("defm_abc;QP077018;QP2015;2020-12-31;;;;;connu;insee_pole_emploi;2021;f;c;0;0", "ne s’accordent pas"),
        ("defm_abc;QP077018;QP2015;2020-12-31;;;;7;non_diffuse;insee_pole_emploi;2021;f;c;0;0", "ne s’accordent pas"),
        ("defm_abc;QP077018;QP2015;2020-12-31;;;;7;conu;insee_pole_emploi;2021;f;c;0;0", "« connu »"),
        ("defm_abc;QP077018;QP2015;2020-12-31;;;;7;connu;insee_pole;2021;f;c;0;0", "Source inconnue"),
    ],
)
def test_a_line_the_catalogue_does_not_know_stops_the_load(tmp_path, catalogue, line, words):
    delivery = read_delivery(write_text(tmp_path, "series.csv", f"{HEADER}\r\n{line}\r\n"), catalogue)
    assert any(words in said for said in sentences(delivery, "bloquant"))
