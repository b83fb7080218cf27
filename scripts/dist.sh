#!/usr/bin/env bash
# Builds the release binaries, and on Debian and Ubuntu a package of the window and the command line; says where they are.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

# deb: makes the package and looks into it: that links are taken by the window stands only there.
deb() {
  local files package inside program
  files=$(printf '{"bundle": {"linux": {"deb": {"files": {"/usr/bin/bandpro": "%s/release/bandpro"}}}}}' "$CARGO_TARGET_DIR")
  rm -rf "$CARGO_TARGET_DIR/release/bundle/deb"
  (cd src-tauri && "$TAURI_CLI_BIN" bundle --bundles deb --config "$files")
  package=$(echo "$CARGO_TARGET_DIR"/release/bundle/deb/*.deb)
  inside=$(mktemp -d)
  dpkg-deb --extract "$package" "$inside"
  scripts/check-desktop-entry.sh "$inside/usr/share/applications/BandPro.desktop"
  for program in bandpro bandpro-desktop; do
    [ -x "$inside/usr/bin/$program" ] || die "$program is missing in $package"
  done
  rm -rf "$inside"
  ls -lh "$package"
}

need_packages "${BUILD_PACKAGES[@]}"
need_rust
need_node
need_ui_packages
build_ui
cargo build --locked --release -p bandpro-cli
cargo build --locked --release -p bandpro-desktop
cargo build --locked --release -p bandpro-relay
ls -lh "$CARGO_TARGET_DIR/release/bandpro" "$CARGO_TARGET_DIR/release/bandpro-desktop" "$CARGO_TARGET_DIR/release/bandpro-relay"
if command -v dpkg-deb >/dev/null; then
  need_tauri_cli
  deb
fi
