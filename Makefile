# Steward's front door. `make` alone lists what it can do.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
ON := all
BROKER := orm
FAULTS := 30
MIXED_S := 600
TEMPLATES = $(shell find templates -name '*.html')
.PHONY: help setup dev run worker test test-sqlite test-postgres test-browser prove contract bench faults lint fmt types contracts lock ci

help: ## List these commands
	@grep -hE '^[a-z-]+:.*## ' Makefile | sort | sed 's/:.*## /|/' | awk -F'|' '{printf "  make %-15s %s\n", $$1, $$2}'

setup: ## Make .venv with the locked packages (what `make run` does first)
	@scripts/setup requirements.txt

dev:
	@scripts/setup requirements.txt requirements-dev.txt

run: ## Set up, then start web, worker and the sample library
	@./run

worker: setup ## Start one more worker
	@$(PYTHON) manage.py worker

test: dev ## Check everything, then the whole suite on SQLite and on PostgreSQL
	@$(PYTHON) -m tests.run

test-sqlite: dev ## The whole suite on SQLite alone
	@$(PYTHON) -m tests.run sqlite

test-postgres: dev ## What touches the database, on PostgreSQL alone
	@$(PYTHON) -m tests.run postgres

test-browser: dev ## What Chromium looks at, alone (a part of the suite on SQLite)
	@$(PYTHON) -m tests.run browser

prove: dev ## Thousands of histories for the sync engine; in full what `make test` shortens (EXAMPLES=300 STEPS=40 SEED=n)
	@$(PYTHON) -m tests.prove $(if $(EXAMPLES),--examples $(EXAMPLES)) $(if $(STEPS),--steps $(STEPS)) $(if $(SEED),--seed $(SEED))

contract: dev ## Ask a server all that we rely on: STASH=http://nas:9999 (API_KEY=...; WRITE=1 only if it may be thrown away)
	@$(PYTHON) -m tests.contract $(STASH) $(if $(API_KEY),--api-key $(API_KEY)) $(if $(WRITE),--write)

bench: dev ## Measure syncs beside their goals; BENCH="sqlite --scenes 500000 --rows load site"
	@$(PYTHON) -m tests.bench $(BENCH)

faults: dev ## Kill, freeze and starve the real programs (FAULTS=30 ON=all BROKER=orm SEED= MIXED_S=600)
	@$(PYTHON) -m tests.faults $(ON) --broker $(BROKER) --faults $(FAULTS) $(if $(SEED),--seed $(SEED))
	@$(PYTHON) -m tests.faults mixed --seconds $(MIXED_S)

lint: dev ## Style, spelling, templates, types, contracts, migrations: no tests
	@$(PYTHON) -m tests.run checks

fmt: dev ## Write code and templates in house style
	@$(PYTHON) -m ruff check --fix .
	@$(PYTHON) -m ruff format .
	@if [ -n "$(TEMPLATES)" ]; then .venv/bin/djade --target-version 5.2 $(TEMPLATES); .venv/bin/djhtml $(TEMPLATES); fi

types: dev ## mypy, strict
	@$(PYTHON) -m mypy .

contracts: dev ## Who may import whom
	@.venv/bin/lint-imports

lock: dev ## Work out the locks anew from requirements.in and requirements-dev.in
	@$(PYTHON) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	@$(PYTHON) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt

ci: ## What a build machine runs: `make test` with skips as failures
	@.ci/run
