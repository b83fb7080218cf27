#!/usr/bin/env bash
# Measures, in the release profile on this machine, and prints the numbers of the design's table.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

need_packages "${BUILD_PACKAGES[@]}"
need_rust
# The parts, crate by crate; then the numbers of the table, on real scores and beside another engraver.
cargo bench --locked --workspace --exclude bandpro-tests --bench '*' "$@"
# What an engraver would circle on the pages of the corpus, by kind.
corpora=../shared/corpora
if [ -d "$corpora" ]; then
  cargo run --locked --quiet --release -p bandpro-notation --example check -- "$corpora"/{lieder,quartets,orchestra,suite}
else
  echo "skipped: no $corpora to engrave" >&2
fi
exec python3 scripts/bench.py
