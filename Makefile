# Two commands do everything: `make chat` and `make test`. Both need Python 3.11 or newer and nothing else.

PYTHON ?= python3
# The documents to ask about; without it, the small sample that comes with the program.
CORPUS ?= index/sample
# Where development sets lie, for `make bench` and `make harden`; each says what it skips without them.
DATA ?= ../shared
HOST ?= 127.0.0.1
PORT ?= 7860

BIN = .venv/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help chat test setup check fix bench bench-peers bench-scale harden pictures lock clean

help: ## List the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

chat: setup ## Set up, index CORPUS=folder (default: the sample), open the chat
	$(BIN)/parallax index "$(CORPUS)" || test $$? -eq 1
	$(BIN)/parallax chat --host $(HOST) --port $(PORT)

test: .venv/tested check ## Run the linters, then every test
	$(BIN)/python -m pytest -n 4 --dist worksteal

setup: .venv/ready ## Set up .venv; afterwards .venv/bin/parallax is there

check: .venv/tested ## Run the linters
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports

fix: .venv/tested ## Mend what the linters can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/tested ## Measure speed and retrieval (DATA=folder of the development sets)
	$(BIN)/python -m tests.bench --data "$(DATA)"

bench-peers: .venv/tested ## Measure beside peers that need torch, in an environment of their own
	test -d .peers || $(PYTHON) -m venv .peers
	.peers/bin/python -m pip install -q -r tests/bench/peers.txt
	$(BIN)/python -m tests.bench --data "$(DATA)" --peers .peers/bin/python

bench-scale: .venv/tested ## Measure growth to a million passages: hours, resumed where it stopped (DATA=folder, SIZES=1000,3000)
	$(BIN)/python -m tests.bench.scale --data "$(DATA)" $(if $(SIZES),--sizes "$(SIZES)") --pictures docs/pictures

harden: .venv/tested ## Try kills, load, bad files, full disks and jumping clocks (an hour or more)
	$(BIN)/python -m tests.harden --data "$(DATA)"

pictures: .venv/tested ## Write screenshots of the page into docs/pictures
	$(BIN)/python -m tests.browser.pictures

# The lock holds hashes and no address. --no-deps: it is complete, and leaves out what requirements-overrides.txt says.
.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is %s. Try: make PYTHON=python3.12 ..." % sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install -q --no-deps --require-hashes --only-binary :all: --no-compile -r requirements.lock
	$(PIP) install -q --no-deps --no-build-isolation -e .
	touch $@

.venv/tested: .venv/ready requirements-dev.lock
	$(PIP) install -q --no-deps --require-hashes --only-binary :all: --no-compile -r requirements-dev.lock
	touch $@

LOCK = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-annotate --no-header --override requirements-overrides.txt

lock: ## Renew the locks (needs uv)
	$(LOCK) -o requirements.lock
	$(LOCK) --group dev -o requirements-dev.lock

clean: ## Remove the environments
	rm -rf .venv .peers
