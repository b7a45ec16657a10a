# The commands that people and CI share; `make` alone lists them. Each makes the environment it needs, once.
#   PYTHON=python3.12   the Python to use instead of the newest one on the PATH
#   ARGS="..."          further arguments, as in: make test ARGS="tests/feeds -x"

PYTHON ?=
ARGS ?=
PY := .venv/bin/python

.PHONY: help env demo test test-long test-browser test-mta test-nginx test-readers check bench bench-feeds screenshots environment

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while read -r name does; do printf '  make %-14s%s\n' "$$name" "$$does"; done

env: environment  ## the environment only, in .venv
	@echo "Ready: $(PY) is $$($(PY) -V) with the packages of uv.lock"

demo: environment  ## a whole invented newspaper, live: its site, its feeds, its mail
	@.venv/bin/masthead demo $(ARGS)

test: environment  ## every test that needs nothing but Python, with coverage
	$(PY) -m pytest -n auto --cov --cov-report=term $(ARGS)

test-long: environment  ## the tests marked long
	$(call marked,long)

test-browser: environment  ## the tests that drive Chromium
	@$(call needs,chromium chromium-browser google-chrome,chromium fonts-noto-cjk)
	$(call marked,browser)

test-mta: environment  ## the tests that talk to Postfix
	@$(call needs,postfix /usr/sbin/postfix,postfix)
	$(call marked,mta)

test-nginx: environment  ## the tests that run nginx, and Caddy where it is installed
	@$(call needs,nginx /usr/sbin/nginx,nginx-light libnginx-mod-http-brotli-static)
	$(call marked,nginx)

test-readers: environment  ## the tests that read feeds with newsboat, rss2email and sfeed
	@$(call needs,newsboat,newsboat rss2email sfeed)
	$(call marked,readers)

check: environment  ## lint, format, types, import contracts
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo

bench: environment  ## measured comparisons with public peers
	$(PY) -m bench $(ARGS)

bench-feeds: environment  ## what feeds cost to make, to publish, to serve and to push, in one table
	$(PY) -m bench.feeds $(ARGS)

screenshots: environment  ## docs/pictures, taken anew by Chromium
	@$(call needs,chromium chromium-browser google-chrome,chromium fonts-noto-cjk)
	$(PY) -m tests.pictures $(ARGS)

environment:
	@.ci/environment '$(PYTHON)'

# pytest ends with 5 where no test carries the mark.
marked = $(PY) -m pytest -m $(1) $(ARGS) || { [ $$? -eq 5 ] && echo "No test is marked $(1)."; }

# $(call needs,one of these programs,the Debian packages that hold it)
needs = for program in $(1); do command -v "$$program" >/dev/null && exit; done; \
  echo "make $@ needs $(firstword $(1)). As root: apt install $(2)" >&2; exit 1
