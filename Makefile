# The verbs of this house. `make` alone lists them; needed are Python 3.11+, its venv module and make.

PYTHON ?= python3
PORT ?= 8080
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
NOTEBOOKS = $(shell find notebooks sectors -name '*.ipynb' -not -path '*/.*')

.DEFAULT_GOAL := help
.PHONY: help install run test lint lab bench brief lock clean-room clean

help: ## List these verbs
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(STAMP) ## Install what requirements.lock names into .venv

# The lock holds every hash. uv comes first, because it installs the rest in a quarter of the time and
# compiles bytecode; it does not read pip's own settings, so behind an office mirror pip does the work.
# setuptools comes with it: docopt (of ckanapi) is published as source only, and an isolated build would
# fetch a setuptools that no hash holds.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.11"; exit 1; }
	@echo "Installing into $(VENV); the first time takes a minute or two."
	@$(PYTHON) -m venv $(VENV)
	@awk '/^(setuptools|uv)==/ { found = 1 } found { print } !/\\$$/ { found = 0 }' requirements.lock > $(VENV)/first.txt
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement $(VENV)/first.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --compile-bytecode --no-build-isolation --require-hashes \
	  --requirement requirements.lock \
	  || { echo "uv could not; trying pip."; \
	       $(BIN)/python -m pip install --quiet --compile --no-build-isolation --require-hashes --requirement requirements.lock; }
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: $(STAMP) ## Make sample data and today's edition, serve it and run the timetable (PORT=8080)
	$(BIN)/command-center sample
	$(BIN)/command-center refresh
	$(BIN)/command-center serve --port $(PORT) --schedule

test: $(STAMP) ## Run all tests (ARGS="-k word" for some)
	$(BIN)/pytest --numprocesses logical --dist loadfile $(ARGS)

lint: $(STAMP) ## Check style, types, import floors and that notebooks are stripped
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@$(if $(NOTEBOOKS),$(BIN)/nbstripout --verify --keep-id $(NOTEBOOKS))

lab: $(STAMP) ## Open the notebooks in JupyterLab, on this machine only
	JUPYTER_PATH="$(CURDIR)/voila_templates" $(BIN)/jupyter lab --ip=127.0.0.1 $(ARGS)

bench: $(STAMP) ## Measure speed
	$(BIN)/pytest -m bench -s $(ARGS)

brief: $(STAMP) ## Compose this morning's briefing from the latest edition
	$(BIN)/command-center brief

lock: $(STAMP) ## Make requirements.lock again after a change of pyproject.toml (ARGS=--upgrade for newer versions)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --fork-strategy fewest \
	  --generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  --output-file requirements.lock --quiet $(ARGS)

clean-room: ## Prove a fresh clone on a bare Debian (needs root and debootstrap)
	tests/clean_room/run.sh $(ARGS)

clean: ## Remove what can be made again: .venv and caches; never data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis scheduled/output
	find lib sectors tests -name __pycache__ -type d -prune -exec rm -rf {} +
