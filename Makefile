# Every target works on a fresh machine with Python 3.11+ and the PyPI packages.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run campaign test prove lint format bench evidence mutation licences supply-chain surroundings stub-profile campaign-profile fuzz parallel proof-table lock clean

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

# The same as a table of docs/evidence.md.
proof-table: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.proof

# Every budget, with its figure; some minutes. Single ones: .venv/bin/python -m benchmarks NAME...
bench: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks

# The page of all tables in docs/evidence, as the proofs wrote them.
evidence: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.evidence

# Where the time of a stub goes, for one request.
stub-profile: $(VENV)/.test-installed
	$(BIN)/python -m pip install --quiet py-spy==0.4.2
	$(BIN)/python -m benchmarks.stub_profile

# Where the CPU time of a campaign goes.
campaign-profile: $(VENV)/.test-installed
	$(BIN)/python -m pip install --quiet py-spy==0.4.2
	$(BIN)/python -m benchmarks.campaign_profile

# What tests notice of changes to the checks, the documents and the verdicts; about an hour.
mutation: $(VENV)/.test-installed
	$(BIN)/python -m pip install --quiet mutmut==3.8.1
	$(BIN)/python -m benchmarks.mutation

# A campaign killed at 50 random moments; some ten minutes.
surroundings: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.surroundings

# Everything a UE can send, made up: MUSTER_FUZZ_SECONDS (600) in all.
fuzz: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.fuzz

# The same verdicts with no, two and four processes: 20 times the main job, 3 times everything.
parallel: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.parallel

# docs/licences.md, from what the packages of the lock say of themselves.
licences: $(VENV)/.test-installed
	$(BIN)/python -m benchmarks.licences

# The wheel built twice, hashes of the lock, licences, known vulnerabilities.
supply-chain: $(VENV)/.test-installed
	$(BIN)/python -m pip install --quiet pip-audit==2.10.1
	$(BIN)/python -m benchmarks.supply_chain

# The newest versions that pyproject.toml permits, with the hashes of their files.
lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	(echo "# The versions that Muster is tested with, and what their files hash to: make lock writes this."; \
	echo "# Users get the lower bounds of pyproject.toml."; \
	$(VENV)-lock/bin/uv pip compile pyproject.toml --extra test --extra pdf --universal --generate-hashes \
	--python-version 3.11 --no-header --no-annotate --quiet) >requirements-test.new
	mv requirements-test.new requirements-test.txt
	rm -rf $(VENV)-lock

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

# The lock makes tests see the same versions everywhere; users get the lower bounds.
$(VENV)/.test-installed: pyproject.toml requirements-test.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-test.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache
