# The commands of the house. Each sets up what it needs on a fresh machine.

PYTHON ?= python3
YEAR ?= 2010
N ?= 1000
OUT := run/$(YEAR)
STAMP := .venv/.installed
PROGRAM := .venv/.program

.DEFAULT_GOAL := help
.PHONY: help run year test browser check crash bench mailpath oidc libreoffice docs patterns pictures lock

help: ## List the commands
	@sed -n 's/^\([a-z]*\): .*## /  make \1\t/p' Makefile | expand -t 16

run: $(PROGRAM) ## Open the demo, at http://127.0.0.1:8000; PROCESS=strukturplan shows another
	@.venv/bin/beredning demo $(if $(PROCESS),--process $(PROCESS))

year: $(PROGRAM) ## Play the year for budget 2010 with an invented organisation, in the terminal
	rm -rf $(OUT)
	.venv/bin/beredning simulate prioritering --year $(YEAR) --late 0.15 --seed $(YEAR) --out $(OUT)

test: $(STAMP) browser ## Run all tests, on SQLite and PostgreSQL and in a browser
	.venv/bin/python -m pytest -n 2

browser: ## Install Chromium for the tests in a browser, where it is missing and may be
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 || \
		echo 'No Chromium, and it may not be installed here: the tests in a browser are skipped.'

check: $(STAMP) ## Check style, types and which room imports which
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports

crash: $(STAMP) ## Kill it N times at random instants, and count what is lost (N=1000)
	CRASH_KILLS=$(N) .venv/bin/python -m pytest tests/guarantees/test_p02_durable.py -n 2 -rP

bench: $(STAMP) ## Measure against hand-written floors
	.venv/bin/python -m tests.bench

mailpath: $(STAMP) ## Send reminders through Postfix, read them over IMAP and read a bounce back
	.venv/bin/python -m tests.mailpath

oidc: $(STAMP) ## Sign in through npm's oidc-provider, a certified provider of OpenID Connect
	.venv/bin/python -m tests.oidc

libreoffice: $(STAMP) ## Edit a template in LibreOffice and see that exactly the edits come back
	.venv/bin/python -m tests.libreoffice

docs: $(STAMP) ## Write the pages of docs/reference/ that are made from code
	.venv/bin/python -m beredning.config > docs/reference/configuration.md
	.venv/bin/python -m beredning.cli.reference docs/reference/commands.md
	.venv/bin/python -m processes.reference docs/reference/language.md
	.venv/bin/python -m processes.gemensamt.reference docs/reference/national-model.md
	.venv/bin/python -m processes.schema > processes/schema.json
	.venv/bin/python -m tests.web.rights docs/reference/rights.md

patterns: $(STAMP) ## Draw the pictures of the processes in docs/howto/ anew, from their definitions
	.venv/bin/python -m web.charts.alone docs/howto

pictures: $(STAMP) browser ## Take the pictures of the README anew, from the demo's own pages
	.venv/bin/python -m tests.browser.pictures docs/images

lock: ## Write constraints.txt anew, with the newest versions that pyproject.toml allows
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --editable '.[dev]'
	build/lock/bin/python -m pip freeze --exclude-editable > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/lock

# Without the tools of the tests the program is set up in half the time.
$(PROGRAM): pyproject.toml constraints.txt | .venv/bin/python
	@echo 'Sätter upp Beredning i .venv. Första gången tar det en halv minut.'
	@.venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable .
	@touch $@

$(STAMP): pyproject.toml constraints.txt | .venv/bin/python
	.venv/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable '.[dev]'
	touch $@ $(PROGRAM)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'Python 3.11 or newer is needed: make PYTHON=python3.12 ...' >&2; exit 1; }
	$(PYTHON) -m venv .venv
