# Each target does its own set-up: a virtual environment in .venv/ with the pinned requirements.
# `make` alone lists the targets.

PYTHON ?= python3
EDITION ?= en
PORT ?= 8000
OUTPUT ?= site
FROM ?= upstream/main
# One more than there are processors: many tests wait for a build, a browser or a server.
WORKERS ?= $(shell expr $$(nproc) + 1)

BIN := .venv/bin
PY := $(BIN)/python
RUN := $(PY) -m macros

.DEFAULT_GOAL := help
.PHONY: help serve site pdf check record links update schema export test lint unit browser bless catalogue lock benchmark search-benchmark audit fuzz pictures clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

serve: .venv/site ## serve the handbook on http://127.0.0.1:8000/ (EDITION=ja, PORT=8001)
	@$(RUN) serve --edition $(EDITION) --port $(PORT)

site: .venv/site ## build both editions into site/ (OUTPUT=folder)
	@$(RUN) site --output $(OUTPUT)

pdf: .venv/pdf ## as site, with PDFs of checklists, binders, sheets, cards and charters
	@$(RUN) site --output $(OUTPUT) --pdf

check: .venv/site ## every problem and gap in the data (ARGS="--strict --format json")
	@$(RUN) check $(ARGS)

record: .venv/site ## write today's coverage figures into data/figures.jsonl and commit them
	@$(RUN) check --record
	@git add data/figures.jsonl
	@git diff --cached --quiet -- data/figures.jsonl || git commit --quiet --message "Coverage figures of the week" -- data/figures.jsonl

links: .venv/dev ## check every external link (ARGS="--timeout 60")
	@$(RUN) links $(ARGS)

update: .venv/site ## merge a later version into an adopted handbook (FROM=upstream/main)
	@$(RUN) adopt --update $(FROM)
	@$(MAKE) --no-print-directory check

schema: .venv/site ## update schemas/ and .vscode/settings.json from the model
	@$(RUN) schema --output schemas --settings .vscode/settings.json

export: .venv/site ## write Prometheus rules and OpenSLO files to exports/
	@$(RUN) export exports

test: lint unit ## everything that CI runs

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# What tests are compiled to is kept, whatever the environment says: each process would do it again.
unit: export PYTHONDONTWRITEBYTECODE :=
unit: export PYTHONPYCACHEPREFIX := $(CURDIR)/.cache/bytecode
unit: .venv/dev tests/tools/node_modules/.installed
	@tests/tools/debian-packages
	$(PY) -m pytest --numprocesses $(WORKERS) --dist worksteal

bless: .venv/dev ## accept pages, exports and the chooser's results as they are now
	$(PY) -m pytest tests/test_pages.py tests/test_chooser.py tests/test_prometheus.py tests/test_openslo.py --bless -q

catalogue: .venv/site ## update macros/locale/ja/messages.po from the program
	@$(RUN) catalogue

benchmark: .venv/dev tests/tools/lighthouse/node_modules/.installed ## what builds, checks, edits and visits cost at 6 and 102 teams (ARGS="1000 --write", ARGS=--profile)
	@tests/tools/debian-packages
	PYTHONPATH=. $(PY) tests/benchmark.py $(ARGS)

fuzz: .venv/dev ## broken files for the check, and builds of what it accepts (ARGS="--inputs 2000 --builds 20 --seed 1")
	$(PY) tests/fuzz.py $(ARGS)

search-benchmark: .venv/dev ## what the search finds, loads and takes at 3,000 pages
	@tests/tools/debian-packages
	$(PY) tests/search_benchmark.py

audit: .venv/dev tests/tools/node_modules/.installed ## look at every page of the built site in a browser
	@tests/tools/debian-packages
	PYTHONPATH=. $(PY) tests/audit.py

pictures: .venv/dev ## remake the pictures of /contribute/
	@tests/tools/debian-packages
	PYTHONPATH=. $(PY) tests/pictures.py

lock: .venv/dev ## pin what the .in files ask for
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.txt requirements.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-dev.txt requirements-dev.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements-pdf.txt requirements-pdf.in

clean: ## remove everything that the other targets made
	rm -rf .venv .cache site exports tests/tools/node_modules tests/tools/lighthouse/node_modules

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make PYTHON=python3.11")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "No virtual environment: on Debian, apt-get install python3-venv"; exit 1; }
	@touch $@

.venv/site: .venv/python requirements.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/pdf: .venv/site requirements-pdf.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-pdf.txt
	@touch $@

.venv/dev: .venv/site requirements-dev.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Lighthouse stands apart: it is large, and no test needs it.
tests/tools/node_modules/.installed tests/tools/lighthouse/node_modules/.installed: %/node_modules/.installed: %/package-lock.json
	@command -v npm >/dev/null || tests/tools/debian-packages npm
	npm ci --prefix $* --no-audit --no-fund --loglevel=error
	@touch $@
