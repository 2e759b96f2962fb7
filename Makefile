# Every target works on a fresh machine with Python 3.11+ and the PyPI packages.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run campaign test prove lint format bench evidence clean

# One path through every step of a UE's life, in seconds: what Muster is, at a glance.
run: $(VENV)/.installed
	$(BIN)/muster run -n auto -m main_job

# Everything: the default campaign.
campaign: $(VENV)/.installed
	$(BIN)/muster run -n auto

test: $(VENV)/.test-installed
	$(BIN)/python -m pytest -n auto --dist worksteal -q

lint: $(VENV)/.test-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict muster stubs steps reports benchmarks
	$(BIN)/python -m muster lint

format: $(VENV)/.test-installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Every faulty UE and every conformant variant: some minutes on two cores.
prove: $(VENV)/.installed
	$(BIN)/muster prove

# Every budget, with its figure; some minutes. Single ones: .venv/bin/python -m benchmarks NAME...
bench: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks

# The page of all tables in docs/evidence, as the proofs wrote them.
evidence: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.evidence

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

# The lock makes tests see the same versions everywhere; users get the lower bounds.
$(VENV)/.test-installed: pyproject.toml requirements-test.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --requirement requirements-test.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache
