# Python 3.11 or newer, make and git are all that must be there before. The first command builds .venv, with uv inside
# it and everything at the versions of uv.lock; later ones find it ready and need no network.

.DEFAULT_GOAL := help
.PHONY: help demo run test check campaign bench docs clean
.DELETE_ON_ERROR:

VENV := .venv
IN := $(VENV)/bin
READY := $(VENV)/.ready

# The environment is always ours: never a caller's, never a Python that uv would fetch.
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH
# Compiled once, not at every start: the tests start the bot dozens of times.
unexport PYTHONDONTWRITEBYTECODE
export UV_PROJECT_ENVIRONMENT := $(VENV)
export UV_PYTHON_DOWNLOADS := never
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

help: ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /make \1|/' | awk -F'|' '{printf "%-15s %s\n", $$1, $$2}'

demo: $(READY) ## a trial office at http://127.0.0.1:8080, no token and no network
	@$(IN)/python bot.py demo

run: $(READY) ## the bot itself, with the settings of .env
	@$(IN)/python bot.py run

test: $(READY) ## every test, on SQLite and on a PostgreSQL that the tests start themselves
	@$(IN)/python -m pytest -n 3 --dist worksteal

check: $(READY) ## format, lint, types, import contracts, schema against migrations
	$(IN)/ruff format --check .
	$(IN)/ruff check .
	$(IN)/pyright
	$(IN)/lint-imports --no-logo
	@echo "alembic check (on a database made for it)"
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && \
	export KETNAP_DATABASE_URL="sqlite+aiosqlite:///$$place/check.sqlite3" && \
	$(IN)/python bot.py migrate && $(IN)/alembic check

campaign: $(READY) ## the long measurements: kill test and its like, properties on examples drawn anew, fuzzing, mutations
	@$(IN)/uv sync --frozen --inexact --quiet --group fuzz --no-build-package atheris || \
	    echo "No fuzzing: atheris has no wheel for this Python and machine."
	@seed=$$(od -An -N4 -tu4 /dev/urandom | tr -d ' ') && echo "seed of the properties: $$seed" && \
	$(IN)/python -m pytest -n 0 -s -m "campaign or hypothesis" --hypothesis-profile=campaign --hypothesis-seed=$$seed
	@$(IN)/uv sync --frozen --inexact --quiet --group mutate
	@$(IN)/python -m tests.language.mutations

bench: $(READY) ## speed and memory beside other bots, into docs/performance.md (long; make bench QUICK=1 to try)
	@$(IN)/uv sync --frozen --inexact --quiet --group bench
	@$(IN)/python -m bench $(if $(QUICK),--quick --dry-run)

docs: $(READY) ## measures reading into docs/language.md, a month on Zalo into docs/zalo.md, takes the screenshots anew (needs chromium)
	@$(IN)/python -m tests.language.document
	@$(IN)/python -m tests.commune
	@place=$$(mktemp -d) && export KETNAP_DATA_DIR="$$place" KETNAP_HTTP_PORT=8089 && \
	{ $(IN)/python bot.py demo & pid=$$!; trap 'kill $$pid; rm -rf "$$place"' EXIT; } && \
	for second in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do \
	    $(IN)/python -c 'import httpx; httpx.get("http://127.0.0.1:8089")' 2>/dev/null && break; sleep 1; \
	done && \
	$(IN)/python docs/screenshots.py http://127.0.0.1:8089

clean: ## takes .venv and the caches away; the office's data stay
	rm -rf $(VENV) .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(READY): uv.lock
	@python=''; \
	for name in python3.11 python3 python; do \
	    if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "Python 3.11 to 3.14 is needed and was not found (python3 here: $$(python3 --version 2>&1))." >&2; \
	    echo "Install it (Debian, Ubuntu: apt install python3 python3-venv) and run make again." >&2; exit 1; \
	fi; \
	if ! [ -x $(IN)/python ] || ! $(IN)/python -c '' 2>/dev/null; then \
	    $$python -m venv --clear $(VENV) || { echo "Making .venv failed. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	fi
	@version=$$(awk '/^name = "uv"$$/ { found = 1; next } found && /^version = / { gsub(/"/, "", $$3); print $$3; exit }' uv.lock); \
	$(IN)/uv --version 2>/dev/null | grep -qF "uv $$version " || \
	    $(IN)/python -m pip install --quiet --disable-pip-version-check "uv==$$version"
	@echo "Bringing the libraries of uv.lock into $(VENV) (once)"
	@$(IN)/uv sync --frozen --quiet
	@touch $(READY)
