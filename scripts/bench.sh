#!/usr/bin/env bash
# Measures, in the release profile on this machine, and prints the numbers of the design's table.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

need_packages "${BUILD_PACKAGES[@]}"
need_rust
exec cargo bench --locked --workspace --bench '*' "$@"
