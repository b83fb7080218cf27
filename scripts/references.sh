#!/usr/bin/env bash
# Compares the reference pictures of engraved features, or with --update writes them anew.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

if [[ "${1:-}" == --update ]]; then export UPDATE=1; fi
cargo test -p bandpro-notation --test references
