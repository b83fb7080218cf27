#!/usr/bin/env bash
# Plays 100,000 simulated bands, or as many as SEEDS says, from FIRST on. A failure prints the command that plays its seed again.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

SIMULATOR_SEEDS=${SEEDS:-100000} SIMULATOR_FIRST=${FIRST:-1} \
  cargo test --locked --release -p bandpro-sync-sim --test seeds chosen_bands_keep_their_promises -- --ignored --nocapture
