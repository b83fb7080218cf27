#!/usr/bin/env bash
# Builds BandPro and opens its window. Without a display: the same main job on the command line.
#
# The development profile is used: it builds several times faster than the release profile, the tests share it, and what
# matters for smoothness is optimised in it (see Cargo.toml).
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

BIN=$CARGO_TARGET_DIR/debug

has_display() { [ "$(uname)" != Linux ] || [ -n "${WAYLAND_DISPLAY:-}${DISPLAY:-}" ]; }

need_packages "${BUILD_PACKAGES[@]}"
need_rust

if ! has_display; then
  say "There is no display here, so the window cannot open. The same work without a window:"
  cargo build --locked -p bandpro-cli
  exec "$BIN/bandpro" demo --tour
fi

need_node
need_ui_packages
build_ui
cargo build --locked --workspace --bins
# A first start shows something to play with.
[ -n "$("$BIN/bandpro" list)" ] || "$BIN/bandpro" demo
exec "$BIN/bandpro-desktop"
