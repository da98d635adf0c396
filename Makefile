# The front door. It needs make and a Python >= 3.11 with venv; everything else it gets by itself.

SHELL := /bin/sh
PY := .venv/bin/python
UV ?= uv
# What PATH has comes first: .venv/bin only adds the kubectl that PATH lacks.
export PATH := $(PATH):$(CURDIR)/.venv/bin

# More for the program called, as in `make run ARGS="--context staging"`.
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help install install-run run test test-chart test-cluster test-browser test-faults soak lint format bench image-rootfs record-shop record-scenarios lock clean

help: ## says this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' Makefile

install: ## gets everything into .venv; instant the second time
	@sh requirements/install.sh dev

install-run:
	@sh requirements/install.sh run

run: install-run ## tries Kaia in a workspace on localhost, with the cluster of your kubeconfig if it answers
	@.venv/bin/kaia playground $(ARGS)

test: install ## runs the tests that need no cluster
	@$(PY) -m pytest $(ARGS)

test-chart: install ## gets helm and its tools, once, and checks the chart
	@$(PY) -m tests.chart get
	@$(PY) -m pytest -m chart tests/chart $(ARGS)

test-cluster: install ## gets a real kube-apiserver and a real node, once, and runs the tests that need them
	@$(PY) -m tests.apiserver get
	@$(PY) -m tests.node get
	@$(PY) -m tests.chart get
	@$(PY) -m tests.image archive
	@$(PY) -m pytest -m cluster $(ARGS)

test-browser: install ## opens the playground's page in a real chromium, which it gets where it can
	@sh requirements/browser.sh
	@$(PY) -m pytest -m browser tests/browser $(ARGS)

test-faults: install ## kills processes, restarts stores and breaks networks under load; some minutes
	@sh requirements/postgres.sh
	@$(PY) -m pytest -m faults tests/faults $(ARGS)

soak: install ## 500 kills, on SQLite and on Postgres; ARGS="--kills 50 --seed 7" for others
	@sh requirements/postgres.sh
	@$(PY) -m tests.faults $(ARGS)

lint: install ## checks style, types and who imports whom
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports

format: install ## puts the code into its one form
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: install ## measures acks, turns on 1, 2 and 4 replicas, takeover, a look at a large cluster, idling
	@$(PY) -m tests.bench $(ARGS)

image-rootfs: install ## assembles a tree of the image's shape from this machine's Python, without Docker
	@$(PY) -m tests.image rootfs $(ARGS)

record-shop: install ## breaks the playground's shop on a real node and records it anew
	@$(PY) -m tests.node get
	@$(PY) -m tests.recordings.shop $(ARGS)

record-scenarios: install ## sets each scenario up for real and records it anew, for `kaia eval`
	@$(PY) -m tests.apiserver get
	@$(PY) -m tests.node get
	@$(PY) -m tests.evaluation.recording $(ARGS)

lock: ## compiles requirements/*.txt from pyproject.toml; needs uv; ARGS=--upgrade for newer versions
	@UV="$(UV)" sh requirements/lock.sh $(ARGS)

clean: ## removes .venv and every cache of this folder
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .coverage build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
