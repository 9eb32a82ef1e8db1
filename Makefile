# Two commands matter: `make run` and `make test`. Both do their own set-up on Debian, Ubuntu and Fedora.
# The Rust tool chain is expected to be there; nothing here downloads one.

# Where administrators' tools live, which an ordinary user's PATH may lack.
export PATH := $(HOME)/.cargo/bin:$(PATH):/usr/local/sbin:/usr/sbin:/sbin

LAB ?= two-rooms-and-a-switch
# Where there is a display, the window; else the same lab as text.
ifneq ($(DISPLAY)$(WAYLAND_DISPLAY),)
ARGS ?= open $(LAB)
RUN_PACKAGES := run window
else
ARGS ?= run $(LAB)
RUN_PACKAGES := run
endif
# What `make fuzz` works on (decode, recording, lab_file, protocol, filter, page) and for how long.
TARGET ?=
SECONDS ?= 60

# Installed only where no cargo-nextest is: the one that this was tried with.
NEXTEST := 0.9.143

# Tests that make namespaces or read the kernel's tracepoints run as root; building never does.
ifneq ($(shell id -u),0)
HOST := $(shell rustc -vV | sed -n 's/^host: //p' | tr 'a-z-' 'A-Z_')
# With root's own home: nothing of root's is left in that of the user.
ROOTS_HOME := $(shell getent passwd root | cut -d: -f6)
AS_ROOT ?= CARGO_TARGET_$(HOST)_RUNNER='sudo -E env PATH=$(PATH) HOME=$(ROOTS_HOME)'
endif

.PHONY: help run test lint one-feature bench screenshots fuzz clean packages-run packages-test nextest

help: ## Shows this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: packages-run ## Opens the window on a running lab; without a display, prints each frame's journey (ARGS="…" for other work)
	cargo run --locked --release -p hopscope -- $(ARGS)

test: packages-test nextest lint one-feature ## Checks everything: lints, one-feature builds, all tests
	$(AS_ROOT) cargo nextest run --locked --workspace --no-fail-fast
	cargo test --locked --workspace --doc

lint: ## Formatting, and clippy with warnings as errors
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings

# A viewer without pcap and netlink, and a server build without a window, must both stay possible.
one-feature:
	cargo clippy --locked -p hopscope --no-default-features --features window -- -D warnings
	cargo clippy --locked -p hopscope --no-default-features --features engine -- -D warnings

bench: packages-test ## Measures us beside ip, dumpcap and tshark, and prints the ratios
	cargo build --locked --release -p hopscope
	cargo bench --locked -p hopscope-tests --bench bench -- $(ARGS_BENCH)

screenshots: packages-test nextest ## Makes the pictures in screenshots/ anew; look at each before committing it
	UPDATE_SNAPSHOTS=1 cargo nextest run --locked -p hopscope --test window screenshots

fuzz: ## Feeds readers with nonsense for longer: make fuzz TARGET=decode SECONDS=600
	HOPSCOPE_FUZZ_SECONDS=$(SECONDS) cargo test --locked -p hopscope-tests --test fuzz -- --nocapture $(TARGET)

clean: ## Removes what was built
	cargo clean

packages-run:
	@scripts/install-packages $(RUN_PACKAGES)

packages-test:
	@scripts/install-packages run window test

# Each test gets a process of its own: many of them enter namespaces.
nextest:
	@cargo nextest --version >/dev/null 2>&1 || { \
	  echo "cargo-nextest runs the tests and is missing: installing it, which takes some minutes"; \
	  cargo install --locked --version $(NEXTEST) cargo-nextest; }
