"""The tables, as migrations: version n is the first n of them, applied in order and never edited."""

from __future__ import annotations

from collections.abc import Callable

import duckdb

from ozoir.catalogue.contrats import contract_folder, national_layouts
from ozoir.errors import OzoirError

KEY = "source, mesure, territoire, zonage, date_reference, sexe, age, detail"

_IMPORTS_AND_FACTS = f"""
CREATE TABLE base (cle VARCHAR PRIMARY KEY, valeur VARCHAR NOT NULL);
INSERT INTO base VALUES ('etat', '0');

CREATE TABLE imports (
    id INTEGER PRIMARY KEY,
    empreinte VARCHAR NOT NULL,
    fichier VARCHAR NOT NULL,
    taille BIGINT NOT NULL,
    layout VARCHAR NOT NULL,
    edition VARCHAR NOT NULL,
    auteur VARCHAR NOT NULL,
    charge_le TIMESTAMP NOT NULL,
    statut VARCHAR NOT NULL CHECK (statut IN ('charge', 'retire')),
    faits INTEGER NOT NULL,
    dates JSON NOT NULL,
    constats JSON NOT NULL,
    lecture JSON NOT NULL,
    conserve BOOLEAN NOT NULL
);

-- One row per cell read. No key constraint: editions restate the same fact and all of them are kept.
CREATE TABLE faits (
    import_id INTEGER NOT NULL,
    mesure VARCHAR NOT NULL,
    territoire VARCHAR NOT NULL,
    zonage VARCHAR NOT NULL,
    date_reference DATE NOT NULL,
    sexe VARCHAR NOT NULL,
    age VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    valeur DOUBLE,
    statut VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    edition VARCHAR NOT NULL,
    feuille VARCHAR NOT NULL,
    ligne INTEGER NOT NULL,
    colonne INTEGER NOT NULL,
    entete VARCHAR NOT NULL,
    origine VARCHAR NOT NULL,
    qpv_publies INTEGER NOT NULL,
    qpv_non_diffuses INTEGER NOT NULL
);

CREATE TABLE territoires (
    code VARCHAR PRIMARY KEY, zonage VARCHAR NOT NULL, libelle VARCHAR NOT NULL, commune VARCHAR NOT NULL
);

-- What is true now: of each fact, the latest edition, then the latest import, among imports not withdrawn.
CREATE VIEW faits_courants AS
SELECT faits.*, imports.fichier, imports.charge_le
FROM faits JOIN imports ON imports.id = faits.import_id
WHERE imports.statut = 'charge'
QUALIFY row_number() OVER (
    PARTITION BY {", ".join("faits." + name for name in KEY.split(", "))}
    ORDER BY faits.edition DESC, faits.import_id DESC
) = 1;

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    fait_le TIMESTAMP NOT NULL,
    auteur VARCHAR NOT NULL,
    acte VARCHAR NOT NULL,
    objet VARCHAR NOT NULL,
    details JSON NOT NULL,
    precedente VARCHAR NOT NULL,
    empreinte VARCHAR NOT NULL
);
"""

# The same for one contract (the first parameter): its own imports, and those which serve them all.
CURRENT = f"""(
    SELECT faits.*, imports.fichier, imports.charge_le
    FROM faits JOIN imports ON imports.id = faits.import_id
    WHERE imports.statut = 'charge' AND imports.contrat IN ('', ?)
    QUALIFY row_number() OVER (
        PARTITION BY {", ".join("faits." + name for name in KEY.split(", "))}
        ORDER BY faits.edition DESC, faits.import_id DESC
    ) = 1
)"""

_ENTRIES = """
CREATE TABLE depots (
    id INTEGER PRIMARY KEY,
    empreinte VARCHAR NOT NULL,
    fichier VARCHAR NOT NULL,
    taille BIGINT NOT NULL,
    pilote VARCHAR NOT NULL,
    annee INTEGER NOT NULL,
    auteur VARCHAR NOT NULL,
    charge_le TIMESTAMP NOT NULL,
    statut VARCHAR NOT NULL CHECK (statut IN ('charge', 'retire')),
    saisies INTEGER NOT NULL,
    constats JSON NOT NULL
);

CREATE TABLE etats_actions (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    action VARCHAR NOT NULL, annee INTEGER NOT NULL,
    statut VARCHAR NOT NULL, avancement INTEGER CHECK (avancement BETWEEN 0 AND 100)
);

CREATE TABLE commentaires (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    action VARCHAR NOT NULL, annee INTEGER NOT NULL, type VARCHAR NOT NULL, texte VARCHAR NOT NULL
);

CREATE TABLE realisations (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    objet VARCHAR NOT NULL, indicateur VARCHAR NOT NULL, annee INTEGER NOT NULL,
    non_concerne BOOLEAN NOT NULL, realise DOUBLE, cible DOUBLE,
    beneficiaires BIGINT CHECK (beneficiaires >= 0), dont_qpv BIGINT CHECK (dont_qpv >= 0),
    femmes BIGINT CHECK (femmes >= 0), hommes BIGINT CHECK (hommes >= 0), texte VARCHAR NOT NULL
);

CREATE TABLE credits (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    objet VARCHAR NOT NULL, financeur VARCHAR NOT NULL, annee INTEGER NOT NULL, nature VARCHAR NOT NULL,
    ligne VARCHAR NOT NULL, prevu DECIMAL(14, 2), engage DECIMAL(14, 2), paye DECIMAL(14, 2),
    theme VARCHAR NOT NULL, commentaire VARCHAR NOT NULL
);

CREATE TABLE reunions (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    reference VARCHAR NOT NULL, instance VARCHAR NOT NULL, jour DATE NOT NULL, ordre_du_jour VARCHAR NOT NULL,
    participants VARCHAR NOT NULL, compte_rendu VARCHAR NOT NULL, retire BOOLEAN NOT NULL
);

CREATE TABLE decisions (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    reference VARCHAR NOT NULL, annee INTEGER NOT NULL, texte VARCHAR NOT NULL, reunion VARCHAR NOT NULL,
    objet VARCHAR NOT NULL, responsable VARCHAR NOT NULL, echeance DATE, statut VARCHAR NOT NULL,
    suite VARCHAR NOT NULL, clos_le DATE, retire BOOLEAN NOT NULL
);

CREATE TABLE propositions (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    reference VARCHAR NOT NULL, annee INTEGER NOT NULL, texte VARCHAR NOT NULL, objet VARCHAR NOT NULL,
    origine VARCHAR NOT NULL, programme BOOLEAN NOT NULL, responsable VARCHAR NOT NULL, echeance DATE,
    statut VARCHAR NOT NULL, suite VARCHAR NOT NULL, clos_le DATE, retire BOOLEAN NOT NULL
);

CREATE TABLE besoins (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    reference VARCHAR NOT NULL, annee INTEGER NOT NULL, nature VARCHAR NOT NULL, texte VARCHAR NOT NULL,
    public VARCHAR NOT NULL, demandeur VARCHAR NOT NULL, cout DECIMAL(14, 2), statut VARCHAR NOT NULL,
    suite VARCHAR NOT NULL, clos_le DATE, retire BOOLEAN NOT NULL
);

CREATE TABLE avis (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    reference VARCHAR NOT NULL, annee INTEGER NOT NULL, instance VARCHAR NOT NULL, transmis_le DATE, rendu_le DATE,
    sens VARCHAR NOT NULL, texte VARCHAR NOT NULL, retire BOOLEAN NOT NULL
);

CREATE TABLE evenements (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    reference VARCHAR NOT NULL, jour DATE NOT NULL, titre VARCHAR NOT NULL, texte VARCHAR NOT NULL,
    pilier VARCHAR NOT NULL, retire BOOLEAN NOT NULL
);

CREATE TABLE paragraphes (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL, depot INTEGER NOT NULL,
    annee INTEGER NOT NULL, section VARCHAR NOT NULL, texte VARCHAR NOT NULL
);
"""

_EDITIONS = """
CREATE TABLE editions (
    id INTEGER PRIMARY KEY,
    nom VARCHAR NOT NULL UNIQUE,
    annee INTEGER NOT NULL,
    diffusion VARCHAR NOT NULL,
    auteur VARCHAR NOT NULL,
    figee_le TIMESTAMP NOT NULL,
    etat BIGINT NOT NULL,
    version VARCHAR NOT NULL,
    empreinte VARCHAR NOT NULL,
    contenu VARCHAR NOT NULL
);
"""

# Names of signed-in people, kept apart so that they can be erased: see agents.py.
_AGENTS = """
CREATE TABLE agents (
    id VARCHAR PRIMARY KEY, nom VARCHAR NOT NULL, courriel VARCHAR NOT NULL, identifiant VARCHAR NOT NULL,
    vu_le TIMESTAMP NOT NULL, efface_le TIMESTAMP
);
"""

# Saved layouts and doubted facts: a later row about the same layout, or the same fact, replaces the earlier one.
_ATELIER = """
CREATE TABLE correspondances (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL,
    identifiant VARCHAR NOT NULL, titre VARCHAR NOT NULL, declaration VARCHAR NOT NULL, retiree BOOLEAN NOT NULL
);

CREATE TABLE contestations (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL,
    source VARCHAR NOT NULL, mesure VARCHAR NOT NULL, territoire VARCHAR NOT NULL, zonage VARCHAR NOT NULL,
    date_reference DATE NOT NULL, sexe VARCHAR NOT NULL, age VARCHAR NOT NULL, detail VARCHAR NOT NULL,
    note VARCHAR NOT NULL, levee BOOLEAN NOT NULL
);
"""

# What is entered belongs to one contract; facts, imports, people and journal serve them all.
# The sixth migration gives these their column `contrat`: never add to them. A later table is made with it, in ENTRY_TABLES.
CONTRACT_TABLES: tuple[str, ...] = (
    "depots",
    "etats_actions",
    "commentaires",
    "realisations",
    "credits",
    "reunions",
    "decisions",
    "propositions",
    "besoins",
    "avis",
    "evenements",
    "paragraphes",
    "editions",
)

# Editions are made anew: the name of one was unique in the base, it is now unique in its contract (editions.py).
# `identite` tells a rebuilt base from the former one at the same path and state.
_CONTRATS = """
INSERT INTO base VALUES ('identite', CAST(uuid() AS VARCHAR));
CREATE TABLE editions_par_contrat (
    id INTEGER PRIMARY KEY,
    nom VARCHAR NOT NULL,
    annee INTEGER NOT NULL,
    diffusion VARCHAR NOT NULL,
    auteur VARCHAR NOT NULL,
    figee_le TIMESTAMP NOT NULL,
    etat BIGINT NOT NULL,
    version VARCHAR NOT NULL,
    empreinte VARCHAR NOT NULL,
    contenu VARCHAR NOT NULL
);
INSERT INTO editions_par_contrat SELECT * FROM editions;
DROP TABLE editions;
ALTER TABLE editions_par_contrat RENAME TO editions;
""" + "".join(f"ALTER TABLE {table} ADD COLUMN contrat VARCHAR DEFAULT '';\n" for table in CONTRACT_TABLES)

# A partner's file concerns the contract it was sent to; published national ones, without contract, serve them all.
_IMPORTS_BY_CONTRACT = "ALTER TABLE imports ADD COLUMN contrat VARCHAR DEFAULT ''"

# Thresholds and other settings, for every contract of the base: see reglages.py.
_REGLAGES = """
CREATE TABLE reglages (
    id INTEGER PRIMARY KEY, auteur VARCHAR NOT NULL, saisi_le TIMESTAMP NOT NULL,
    cle VARCHAR NOT NULL, valeur VARCHAR NOT NULL, motif VARCHAR NOT NULL
);
"""

# Last choices and last visit of each person: see souvenirs.py. Lost without harm when the base is rebuilt.
_SOUVENIRS = """
CREATE TABLE souvenirs (auteur VARCHAR NOT NULL, cle VARCHAR NOT NULL, valeur VARCHAR NOT NULL, retenu_le TIMESTAMP NOT NULL);
"""

# Tables of what people entered in the app: copied when the base is rebuilt from its raw folder.
ENTRY_TABLES: tuple[str, ...] = (*CONTRACT_TABLES, "correspondances", "contestations", "reglages")

MIGRATIONS: tuple[str, ...] = (
    _IMPORTS_AND_FACTS,
    _ENTRIES,
    _EDITIONS,
    _AGENTS,
    _ATELIER,
    _CONTRATS,
    _IMPORTS_BY_CONTRACT,
    _REGLAGES,
    _SOUVENIRS,
)


def next_id(cursor: duckdb.DuckDBPyConnection, table: str) -> int:
    """The last id + 1, for the one writer inside its transaction: a rebuilt base goes on where the copied rows end."""
    return cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()[0]


def schema_version(connection: duckdb.DuckDBPyConnection) -> int:
    """0 for a file without our tables."""
    (has_base,) = connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'base' AND database_name = current_database()"
    ).fetchone()
    if not has_base:
        return 0
    row = connection.execute("SELECT valeur FROM base WHERE cle = 'schema'").fetchone()
    return int(row[0]) if row else 0


def write_setting(connection: duckdb.DuckDBPyConnection, key: str, value: str) -> None:
    """Of the base itself, in the caller's transaction. MERGE: the one way of saying it that every engine understands."""
    connection.execute(
        "MERGE INTO base USING (SELECT ? AS cle, ? AS valeur) AS voulu USING (cle) "
        "WHEN MATCHED THEN UPDATE SET valeur = voulu.valeur WHEN NOT MATCHED THEN INSERT",
        [key, value],
    )


def migrate(
    connection: duckdb.DuckDBPyConnection, until: int = len(MIGRATIONS), adapt: Callable[[str], str] = lambda text: text
) -> None:
    """Bring the base to this program's schema, or an earlier one; a newer base is refused and left as it is.

    `adapt` writes the statements as the engine accepts them.
    """
    version = schema_version(connection)
    if version > len(MIGRATIONS):
        raise OzoirError(
            "Base plus récente que ce programme.",
            f"La base est au schéma {version}, ce programme connaît le schéma {len(MIGRATIONS)}. "
            "Mettez le programme à jour, ou restaurez une sauvegarde de l’ancienne version.",
        )
    for number, statements in enumerate(MIGRATIONS[version:until], version + 1):
        connection.execute("BEGIN")
        connection.execute(adapt(statements))
        if statements is _CONTRATS:
            _give_entries_their_contract(connection)
        if statements is _IMPORTS_BY_CONTRACT:
            _give_imports_their_contract(connection)
        write_setting(connection, "schema", str(number))
        connection.execute("COMMIT")


def _give_entries_their_contract(connection: duckdb.DuckDBPyConnection) -> None:
    """What was entered before there could be several contracts is of the one this base was for."""
    filled = [table for table in CONTRACT_TABLES if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()]
    for table in filled:
        connection.execute(f"UPDATE {table} SET contrat = ?", [contract_folder("").name])


def _give_imports_their_contract(connection: duckdb.DuckDBPyConnection) -> None:
    layouts = [name for (name,) in connection.execute("SELECT DISTINCT layout FROM imports").fetchall()]
    if local := [name for name in layouts if name not in national_layouts()]:
        markers = ", ".join("?" * len(local))
        connection.execute(f"UPDATE imports SET contrat = ? WHERE layout IN ({markers})", [contract_folder("").name, *local])
