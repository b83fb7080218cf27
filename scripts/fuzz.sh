#!/usr/bin/env bash
# Runs the fuzz targets, each for FUZZ_SECONDS (300), or only those that FUZZ_TARGETS names. What a target finds to try stays in the
# cache folder, for the next run to go on from; what makes it fail is named at the end.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

need_packages build-essential pkg-config python3
need_rust
need_cargo_fuzz

SECONDS_EACH=${FUZZ_SECONDS:-300}
MUSIC=(musicxml mxl midi abc)
mapfile -t ALL < <(cd fuzz/fuzz_targets && printf '%s\n' *.rs | sed 's/\.rs$//')
read -r -a TARGETS <<<"${FUZZ_TARGETS:-${ALL[*]}}"
WORK=$CACHE/fuzz
# The fuzzer's instruments are no part of the stable language, and the toolchain of the project is to be the one that is tried.
export RUSTC_BOOTSTRAP=1

# Real files to start from: the demo scores and, where they are, the corpora beside the project, in every format.
seed() {
  say "Writing the files to start from into $WORK/seeds"
  mkdir -p "$WORK/seeds"
  cargo build --locked -p bandpro-cli
  python3 scripts/fuzz_seeds.py "$CARGO_TARGET_DIR/debug/bandpro" "$WORK/seeds"
}

is_music() { [[ " ${MUSIC[*]} " == *" $1 "* ]]; }

# The music needs nothing of the documents, and is built in a fraction of their time.
fuzz() {
  local target=$1 only=() dictionary=()
  mkdir -p "$WORK/corpus/$target" "$WORK/seeds/$target" "$WORK/found/$target"
  if is_music "$target"; then only=(--no-default-features); fi
  if [ -f "$WORK/seeds/$target.dict" ]; then dictionary=("-dict=$WORK/seeds/$target.dict"); fi
  "$CARGO_FUZZ_BIN" run --sanitizer none --target-dir "$CARGO_TARGET_DIR/fuzz" "${only[@]}" "$target" \
    "$WORK/corpus/$target" "$WORK/seeds/$target" -- "-max_total_time=$SECONDS_EACH" -max_len=65536 -timeout=30 -rss_limit_mb=2048 \
    -print_final_stats=1 "-artifact_prefix=$WORK/found/$target/" "${dictionary[@]}"
}

for target in "${TARGETS[@]}"; do
  if is_music "$target"; then seed && break; fi
done
failed=()
for target in "${TARGETS[@]}"; do
  say "== $target, $SECONDS_EACH s"
  fuzz "$target" || failed+=("$target")
done
if [ ${#failed[@]} -gt 0 ]; then
  die "failed: ${failed[*]}; what did it is in $WORK/found. Make it small (cargo fuzz tmin), mend the reader, and keep it in crates/notation/tests/crashers"
fi
