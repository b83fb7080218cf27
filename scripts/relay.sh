#!/usr/bin/env bash
# Starts a relay on this machine alone, to try it out: SQLite and a self-signed certificate in the cache folder.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

need_packages build-essential pkg-config
need_rust
cargo build --locked -p bandpro-relay
say "Give the pass below to two BandPros on this machine, each with a data folder of its own:"
say "  bandpro --data DIR band relay add bandpro-relay-…"
say "Ctrl-C stops the relay."
exec "$CARGO_TARGET_DIR/debug/bandpro-relay" local --data "$CACHE/relay"
