# Deux commandes suffisent : « make run » et « make test ». Tout s’installe dans .venv, rien ailleurs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := data/demo

.PHONY: run demo test bench bench-charge soak-heure fuzz soak reconstruire audit-dependances captures audit
.DEFAULT_GOAL := run

run: $(VENV)/installe
	@$(BIN)/python -m ozoir reconstruire --si-absente
	$(BIN)/streamlit run app.py

demo: $(VENV)/installe
	@test -d $(DEMO)/raw || $(BIN)/python -m ozoir.demonstration --sortie $(DEMO)/raw
	@$(BIN)/python -m ozoir reconstruire --si-absente --fictif --base $(DEMO)/contract.duckdb
	OZOIR_BASE=$(DEMO)/contract.duckdb $(BIN)/streamlit run app.py

test: $(VENV)/installe
	$(BIN)/python -m pytest -n 2

bench: $(VENV)/installe
	$(BIN)/python -m tests.bench

# 50 visiteurs et 2 importateurs à la fois sur un vrai serveur, puis lignes lentes ou coupées et fichiers trop gros ; chaque page est
# comparée à ce que voit un visiteur seul. Échoue si un but est manqué. Environ huit minutes, sur une machine au calme.
bench-charge: $(VENV)/installe
	$(BIN)/python -m tests.bench.charge

# Une heure de visites et d’imports : la mémoire ne doit pas croître.
soak-heure: $(VENV)/installe
	$(BIN)/python -m tests.bench.charge --visiteurs 20 --importateurs 1 --duree 3600

# Plus de 100 000 fichiers, mises en page et adresses abîmés au hasard ; environ une heure.
fuzz: $(VENV)/installe
	OZOIR_FUZZ=100000 $(BIN)/python -m pytest -s tests/fuzz

# 250 arrêts brutaux en pleine écriture, 400 écritures de quatre programmes à la fois ; environ cinq minutes.
soak: $(VENV)/installe
	OZOIR_KILLS=250 OZOIR_LAKE=100 $(BIN)/python -m pytest -s tests/store/test_crash.py tests/store/test_lake.py tests/ui/test_base_partagee.py

# 5 000 territoires tirés au hasard, masqués puis attaqués (« make test » en attaque 500) ; environ deux minutes.
audit: $(VENV)/installe
	OZOIR_TERRITOIRES=5000 $(BIN)/python -m pytest -q tests/indicators/test_masking.py tests/indicators/test_diffusions.py tests/exports/test_relecture.py

# Les images du mode d’emploi, prises dans Chromium sur les données fictives ; à relancer quand une page change d’aspect.
captures: $(VENV)/installe
	OZOIR_CAPTURES=1 $(BIN)/python -m pytest -q tests/browser/test_captures.py

reconstruire: $(VENV)/installe
	$(BIN)/python -m ozoir reconstruire

# Les failles connues des paquets ; pip-audit s’installe à part. Il lui faut le réseau : sans lui, la commande le dit.
audit-dependances: $(VENV)/audit
	@$(PYTHON) deploy/audit_dependances.py $(VENV)/audit/bin/pip-audit

$(VENV)/audit:
	$(PYTHON) -m venv $@
	$@/bin/pip install --quiet --disable-pip-version-check pip-audit

$(VENV)/installe: requirements.lock
	$(PYTHON) -c "import sys; sys.exit('Python 3.11 ou plus récent est nécessaire.' if sys.version_info < (3, 11) else 0)"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@
