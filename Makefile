# Servanda's house work. `make help` lists what can be asked for.
# Needs python3 (3.11 or newer, with venv and pip) and make; everything else is installed in $(VENV).

PYTHON ?= python3
VENV ?= .venv
# Where `make audit` leaves its proof.
OUT ?= build/audit
# How the tests are run: quietly, one worker to a core; those of one file on one worker, where they share what they set up.
PYTEST_ARGS ?= -q -n auto --dist loadfile

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-emit-options $(LOCK_ARGS)
# How many tickets `make bench` takes, how often, and where its data and results lie.
BENCH_SIZES ?= 100000 1000000
BENCH_ROUNDS ?= 5
BENCH_DATA ?= build/bench
BENCH_SPARK ?= 1000000
# The bundled contract of which every clause is judged, and how many parts of a million tickets `make bench-ten-million` takes.
BENCH_CONTRACT ?= unified
BENCH_PARTS ?= 10
# How many minutes the first half of `make soak` takes, how many lie between two reports, and what else it is told (--seed, --only ...).
SOAK_MINUTES ?= 240
SOAK_EVERY ?= 10
SOAK_ARGS ?=
# How many mutations of contracts the comparison is held against, over how many histories each, for how many minutes at most, and
# where it keeps what it saw: a run that was ended goes on from there; and how many processes share the work.
SOAK_MUTATIONS ?= 300
SOAK_HISTORIES ?= 1000000
SOAK_COMPARE_MINUTES ?= inf
SOAK_JOURNAL ?= build/soak-compare.jsonl
SOAK_JOBS ?= $(shell nproc 2>/dev/null || echo 1)
# One desk to a folder, named after its contract: fixtures/<contract>-desk.
SAMPLES ?= $(patsubst fixtures/%/tickets.jsonl,%,$(wildcard $(patsubst %/agreement.yaml,%/tickets.jsonl,\
	$(wildcard fixtures/*/agreement.yaml))))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help audit axe bench bench-start bench-ten-million bench-smoke bench-spark spark spark-smoke soak soak-columns soak-compare fixtures test check format-check lint types imports doc-examples readme fmt lock clean

help: ## Say what can be asked for
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Set-up. Each stamp is as old as the last installation, and is remade when what it depends on is newer.

$(VENV)/.made:
	@command -v $(PYTHON) >/dev/null || { echo "Servanda needs Python 3.11 or newer, and there is no '$(PYTHON)'." \
		"Name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Servanda needs Python 3.11 or newer, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." \
		"Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made requirements/runtime.txt requirements/build.txt pyproject.toml
	$(PIP) install --require-hashes -r requirements/runtime.txt -r requirements/build.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# One test library comes as source only: an older pip is told to build it the way a newer one does.
$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	PIP_USE_PEP517=1 $(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# An audit that ran has done its work: all kept (0), something breached (1) or undetermined (3), or nothing applies (4).
ran = case $$status in 0|1|3|4) ;; *) false;; esac || \
	{ echo "The audit of $$sample did not run (exit $$status)." >&2; exit 2; };
# The first ticket of a proof on whose line a text stands.
ticket = $$(sed -n 's/.*"ticket": "\([^"][^"]*\)".*$(1).*/\1/p' "$$proof" | head -n 1)

audit: $(VENV)/.runtime ## Audit the bundled sample histories, print the verdicts and where the proof lies
	@test -n "$(SAMPLES)" || { echo "There are no sample histories: fixtures/<contract>-desk/tickets.jsonl" >&2; exit 2; }
	@mkdir -p $(OUT)
	@for sample in $(SAMPLES); do \
		proof=$(OUT)/$$sample.jsonl; rm -f "$$proof" "$$proof.provenance.json"; \
		set -- --contract $${sample%-desk} --agreements fixtures/$$sample/agreement.yaml \
			--tickets fixtures/$$sample/tickets.jsonl; \
		echo "$(BIN)/servanda check $$*"; \
		status=0; $(BIN)/servanda check "$$@" --format jsonl -o "$$proof" || status=$$?; $(ran) \
		test -f "$$proof" || { echo "The audit of $$sample left no proof (exit $$status)." >&2; exit 2; }; \
		status=0; $(BIN)/servanda check "$$@" --format table 2>/dev/null || status=$$?; $(ran) \
		shown=$(call ticket,"verdict": "breached"); \
		echo "The proof, a line for each ticket and clause, lies in $$proof; where it comes from, in $$proof.provenance.json"; \
		echo "One ticket in full: $(BIN)/servanda explain $$* --ticket $${shown:-$(call ticket,)}"; \
		echo; \
	done

# The hand-written programs and their libraries, which nothing else needs.
$(VENV)/.bench: $(VENV)/.dev requirements/bench.txt
	$(PIP) install --require-hashes -r requirements/bench.txt
	@touch $@

bench: $(VENV)/.bench ## Measure Servanda beside hand-written programs, and write docs/benchmarks.md (minutes)
	@for size in $(BENCH_SIZES); do \
		$(BIN)/python -m tests.bench.bench $$size --rounds $(BENCH_ROUNDS) --data $(BENCH_DATA) \
			--contract $(BENCH_CONTRACT) || exit 1; \
	done
	@$(BIN)/python -m tests.bench.start_up --data $(BENCH_DATA)
	@$(BIN)/python -m tests.bench.report --data $(BENCH_DATA) $(BENCH_SIZES)

bench-start: $(VENV)/.dev ## Measure how long a command takes to begin, and write that section of docs/benchmarks.md
	@$(BIN)/python -m tests.bench.start_up --data $(BENCH_DATA)
	@$(BIN)/python -m tests.bench.report --data $(BENCH_DATA)


bench-ten-million: $(VENV)/.bench ## Ten million tickets beside one million, and docs/benchmarks.md with them (gigabytes of data)
	@$(BIN)/python -m tests.bench.ten_million --parts $(BENCH_PARTS) --data $(BENCH_DATA)
	@$(BIN)/python -m tests.bench.report --data $(BENCH_DATA) $(BENCH_SIZES) $(BENCH_PARTS)e6

# Spark and what it needs, which nothing else does; it comes as source, 455 megabytes.
$(VENV)/.spark: $(VENV)/.dev requirements/spark.txt
	PIP_USE_PEP517=1 $(PIP) install --require-hashes -r requirements/spark.txt
	@touch $@

spark: $(VENV)/.spark ## Install Spark for its tests and its bench

bench-spark: $(VENV)/.spark ## Measure the audit on Spark, and write that section of docs/benchmarks.md (needs Java 17)
	@$(BIN)/python -m tests.bench.spark $(BENCH_SPARK) --rounds $(BENCH_ROUNDS) --data $(BENCH_DATA)
	@$(BIN)/python -m tests.bench.report --data $(BENCH_DATA)

spark-smoke: $(VENV)/.spark ## 10,000 tickets on Spark, cell by cell beside this machine (needs Java 17)
	@$(BIN)/python -m tests.bench.spark 10000 --rounds 1 --data $(BENCH_DATA)

bench-smoke: $(VENV)/.dev ## What `make bench` measures, on a few tickets, where its libraries are installed
	@$(BIN)/python -m tests.bench.bench 2000 --rounds 2 --data $(BENCH_DATA) --contract poly --limit 120 --smoke

axe: $(VENV)/.dev ## Fetch axe-core, which judges the pages of reports in their tests (needs npm)
	@$(BIN)/python -m tests.checker.report.axe

soak: soak-columns soak-compare ## Both of the long searches: the columns against the interpreter, then the claims about mutated contracts

soak-columns: $(VENV)/.dev ## Hold the columns against the interpreter for hours, on whatever comes (SOAK_MINUTES)
	@$(BIN)/python -m tests.soak.soak --minutes $(SOAK_MINUTES) --every $(SOAK_EVERY) $(SOAK_ARGS)

soak-compare: $(VENV)/.dev ## Hold what is claimed of mutated contracts against a million histories each (hours; goes on where it was)
	@mkdir -p $(dir $(SOAK_JOURNAL))
	@$(BIN)/python -m tests.compare.survey --mutations $(SOAK_MUTATIONS) --histories $(SOAK_HISTORIES) \
		--minutes $(SOAK_COMPARE_MINUTES) --every $(SOAK_EVERY) --whole --journal $(SOAK_JOURNAL) --jobs $(SOAK_JOBS)

fixtures: $(VENV)/.runtime ## Remake the sample histories from their stories
	$(BIN)/python fixtures/generate.py

test: $(VENV)/.dev ## Run the tests
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: format-check lint types test ## All that CI asks; the tests hold the import rules and the examples of the documents

format-check: $(VENV)/.dev ## Is the code formatted?
	$(BIN)/ruff format --check --output-format concise .

lint: $(VENV)/.dev ## Does the linter find anything?
	$(BIN)/ruff check .

types: $(VENV)/.dev ## Do the types hold?
	$(BIN)/mypy

imports: $(VENV)/.dev ## Does each room import only the rooms before it?
	$(BIN)/lint-imports

doc-examples: $(VENV)/.dev ## Do the examples in the documents print what they say?
	$(BIN)/python -m pytest -q tests/house/test_doc_examples.py

readme: $(VENV)/.dev ## Remake the table of contracts in the README
	$(BIN)/python -m tests.policies.contract_table

fmt: $(VENV)/.dev ## Format the code and mend what the linter can
	$(BIN)/ruff check --fix --exit-zero --quiet .
	$(BIN)/ruff format .

lock: $(VENV)/.dev ## Remake the locked requirements (LOCK_ARGS=--upgrade takes the newest)
	$(call locked,runtime)
	$(call locked,build,--only-build-deps --build-deps-for wheel)
	$(call locked,dev,--extra dev --extra test -c requirements/runtime.txt -c requirements/build.txt)
	$(call locked,bench,--extra bench -c requirements/dev.txt)
	$(call locked,spark,--extra spark -c requirements/dev.txt)

define locked
	$(LOCK) $(2) --output-file requirements/$(1).txt pyproject.toml
	@{ echo "# Made by 'make lock' from pyproject.toml: change the ranges there, not the pins here."; \
		cat requirements/$(1).txt; } > requirements/$(1).new && mv requirements/$(1).new requirements/$(1).txt
endef

clean: ## Remove what was built (not the environment)
	rm -rf build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find checker dsl fixtures tests -name __pycache__ -type d -prune -exec rm -rf {} +
