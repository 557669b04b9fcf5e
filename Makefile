# Two commands matter: `make book` builds the book, `make test` tests everything. Each is enough on its own.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: book test lab release bench screenshot clean environment

book: environment
	$(BIN)/jupyter-book build -W -n --keep-going . || { rm -rf _build/.doctrees; exit 1; }  # warn again next time
	@echo "The book is ready: open _build/html/index.html in a browser, or copy _build/html anywhere."

test: book
	@$(BIN)/python -m tests.browser.chromium
	@$(BIN)/python -m tests.bubblewrap
	$(BIN)/ruff check .
	$(BIN)/pytest --nbval-lax book exercises
	$(BIN)/pytest --numprocesses auto --doctest-modules foursources tests

lab: environment
	$(BIN)/jupyter lab --notebook-dir=. --LabApp.default_url=/lab/tree/book

release: environment
	$(BIN)/python -m foursources release

bench: book
	$(BIN)/python tools/bench.py
	$(BIN)/python tools/bench_grading.py

screenshot: book
	$(BIN)/python tools/screenshot.py

clean:
	rm -rf _build

environment:
	@$(PYTHON) tools/environment.py
