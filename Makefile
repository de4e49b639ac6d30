# Two commands: `make demo` (core only) and `make test` (everything). Both build their own environment, and build it
# again only when pyproject.toml changes, so that the second run needs no network.
PYTHON ?= python3
VENV := .venv
DEMO := .venv-demo
OUT := demo-out

.PHONY: demo test lint format corpus model bench docs clean

demo: $(DEMO)/.ready
	@$(DEMO)/bin/nlp-reports tag corpus/samples --out $(OUT)/tagged --format jsonl
	@$(DEMO)/bin/nlp-reports summary corpus/samples
	@$(DEMO)/bin/nlp-reports page corpus/samples --out $(OUT)/index.html
	@$(DEMO)/bin/nlp-reports page corpus/samples/sample-02.html --out $(OUT)/sample-02.html
	@$(DEMO)/bin/nlp-reports check corpus/samples; status=$$?; \
	if [ $$status -eq 1 ]; then echo "The three contradictions above are planted. Open $(OUT)/index.html and $(OUT)/sample-02.html."; \
	else echo "expected exit code 1 (contradictions found), got $$status"; exit 1; fi

test: $(VENV)/.ready
	$(VENV)/bin/python -m pytest -n auto --dist loadgroup -q

lint: $(VENV)/.ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

format: $(VENV)/.ready
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

corpus: $(VENV)/.ready
	$(VENV)/bin/nlp-reports corpus build corpus/src --out corpus

model: $(VENV)/.ready  # the same bytes every time; one to four minutes
	$(VENV)/bin/nlp-reports train --corpus corpus --split train,dev --backend linear --out models/default

bench: $(VENV)/.ready
	for bench in benchmarks/bench_*.py; do $(VENV)/bin/python $$bench || exit 1; done

clean:
	rm -rf $(VENV) $(DEMO) $(OUT) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(DEMO)/.ready: pyproject.toml
	@test -x $(DEMO)/bin/python || $(PYTHON) -m venv $(DEMO)
	@$(DEMO)/bin/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

# torch is pinned to a release with a CPU build: a plain `torch` would bring several GB of CUDA packages along.
$(VENV)/.ready: pyproject.toml
	@test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[spacy,transformers,datasets,ocr,dev]'
	@touch $@
