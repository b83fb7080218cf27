#!/usr/bin/env bash
# Builds the release binaries and says where they are.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

need_packages "${BUILD_PACKAGES[@]}"
need_rust
need_node
need_ui_packages
build_ui
cargo build --locked --release -p bandpro-cli
cargo build --locked --release -p bandpro-desktop
cargo build --locked --release -p bandpro-relay
ls -lh "$CARGO_TARGET_DIR/release/bandpro" "$CARGO_TARGET_DIR/release/bandpro-desktop" "$CARGO_TARGET_DIR/release/bandpro-relay"
