# What people type. Everything is installed from this project's own files; nothing is assumed but Python 3.11+.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
export PYTHONDONTWRITEBYTECODE ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test check bench lock docs clean
help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(VENV)/ready: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/ready-dev: requirements-dev.lock $(VENV)/ready
	$(RUN) -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

run: $(VENV)/ready ## the demo street on http://127.0.0.1:8000
	@LOUDENG_DEMO=$${LOUDENG_DEMO:-1} exec $(RUN) -m app serve

test: $(VENV)/ready-dev ## all tests
	$(RUN) -m pytest $(ARGS)

check: $(VENV)/ready-dev ## what CI runs: format, lint, types, imports, generated files, tests
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports
	$(MAKE) --no-print-directory test

bench: $(VENV)/ready-dev ## measure, print a table, write docs/bench.json
	$(RUN) -m bench

lock: $(VENV)/ready-dev ## pin the newest versions, with hashes
	$(VENV)/bin/uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements.lock
	$(VENV)/bin/uv pip compile pyproject.toml --group dev --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --quiet -o requirements-dev.lock

docs: $(VENV)/ready ## write what is generated: settings, lifecycle, OpenAPI
	$(RUN) -m app settings > docs/settings.md
	$(RUN) -m app lifecycle > docs/lifecycle.md
	LOUDENG_DEMO=1 $(RUN) -m app openapi > docs/openapi.json

clean: ## remove what was installed and generated; data stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache artefacts
