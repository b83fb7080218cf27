#!/usr/bin/env bash
# Runs every check, each even where an earlier one has failed, and says at the end what passed and how long it took.
set -euo pipefail
# shellcheck source=scripts/setup.sh
source "$(dirname "$0")/setup.sh"

LOGS=$CARGO_TARGET_DIR/test-logs
mkdir -p "$LOGS"
failed=()
times=()
declare -i passed_tests=0 failed_tests=0

# phase NAME COMMAND…: its output is shown and kept; its failure is remembered. The output goes into a file that is followed, not
# through a pipe: a process left behind would keep a pipe open, and the phase would wait for it for ever.
phase() {
  local name=$1 start=$SECONDS status=ok follower
  shift
  printf '\n== %s\n' "$name"
  : >"$LOGS/$name.log"
  tail --pid=$$ --sleep-interval=0.2 --lines=+1 --follow "$LOGS/$name.log" &
  follower=$!
  "$@" >"$LOGS/$name.log" 2>&1 || { status=FAILED && failed+=("$name"); }
  sleep 0.5
  kill $follower
  wait $follower 2>/dev/null || true
  times+=("$(printf '%-14s %5d s  %s' "$name" $((SECONDS - start)) "$status")")
}

# count LOG WORD: the sum of the numbers before the word in the runner's summaries. Nextest repeats the output of what failed,
# with lines that look like summaries of another runner; its own one comes first.
count() {
  local log=$1 word=$2 summaries
  summaries=$(sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '^ *(Summary|Tests|test result:)') || true
  if grep -q '^ *Summary' <<<"$summaries"; then summaries=$(grep '^ *Summary' <<<"$summaries"); fi
  { grep -oE "[0-9]+ $word" <<<"$summaries" || true; } | awk '{ sum += $1 } END { print sum + 0 }'
}

tests() {
  phase "$@"
  passed_tests+=$(count "$LOGS/$1.log" passed)
  failed_tests+=$(count "$LOGS/$1.log" failed)
}

scripts_check() { shellcheck --external-sources scripts/*.sh .ci/run; }

# The desktop entry of the package, as the packager fills it in.
desktop_entry_check() {
  local folder
  folder=$(mktemp -d)
  sed 's|{{exec}}|bandpro-desktop|; s|{{icon}}|bandpro-desktop|; s|{{name}}|BandPro|; s|{{comment}}|Scores|; s|{{categories}}|AudioVideo;Audio;Music;|
    s|{{mime_type}}|x-scheme-handler/bandpro|' src-tauri/bandpro.desktop >"$folder/BandPro.desktop"
  scripts/check-desktop-entry.sh "$folder/BandPro.desktop" || return 1
  rm -r "$folder"
}

demo_scores_check() {
  local schema=../shared/schema/musicxml.xsd
  [ -f "$schema" ] || { say "skipped: there is no MusicXML schema at $schema" && return 0; }
  xmllint --nonet --noout --schema "$schema" assets/demo/*.musicxml
}

# Every phase builds the same packages with the same features: else what they depend on would be compiled once for each.
ALL=(--locked --workspace --features bandpro-tests/desktop)

rust_tests() {
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run "${ALL[@]}" --no-fail-fast --filterset 'not binary(=desktop)'
  else
    cargo test --locked --workspace --no-fail-fast --lib --bins --tests
  fi
}

desktop_tests() {
  dbus-run-session --config-file=tests/desktop/session.conf -- xvfb-run --auto-servernum --server-args="-screen 0 1280x900x24" \
    cargo test "${ALL[@]}" --test desktop -- --test-threads 1
}

build() {
  cargo build "${ALL[@]}" --bins
}

# A workspace of its own, which is only run by hand (make fuzz): that it still compiles is checked here.
fuzz_check() { cargo check --locked --manifest-path fuzz/Cargo.toml --bins; }

setup() {
  need_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
  need_rust
  need_node
  need_ui_packages
  need_tauri_driver
  need_cargo_deny
  need_music21
}

# Licences, bans and sources always; known weaknesses where their database can be fetched.
dependencies_check() {
  "$CARGO_DENY_BIN" --log-level error check licenses bans sources || return 1
  if timeout 120 "$CARGO_DENY_BIN" --log-level error fetch db >/dev/null 2>&1; then
    "$CARGO_DENY_BIN" --log-level error check advisories --disable-fetch
  else
    say "skipped: the database of known weaknesses cannot be fetched here"
  fi
}

start=$SECONDS
setup
times+=("$(printf '%-14s %5d s' setup $((SECONDS - start)))")

phase format cargo fmt --all --check
phase scripts scripts_check
phase demo-scores demo_scores_check
phase desktop-entry desktop_entry_check
phase dependencies dependencies_check
phase ui-types npm run --prefix ui check
tests ui-tests npm run --prefix ui test
phase ui-build build_ui
phase clippy cargo clippy "${ALL[@]}" --all-targets -- -D warnings
phase fuzz-targets fuzz_check
phase build build
BANDPRO_BIN=$CARGO_TARGET_DIR/debug/bandpro
BANDPRO_DESKTOP_BIN=$CARGO_TARGET_DIR/debug/bandpro-desktop
BANDPRO_RELAY_BIN=$CARGO_TARGET_DIR/debug/bandpro-relay
export BANDPRO_BIN BANDPRO_DESKTOP_BIN BANDPRO_RELAY_BIN
tests rust-tests rust_tests
tests doc-tests cargo test "${ALL[@]}" --doc
tests desktop desktop_tests

printf '\n'
printf '%s\n' "${times[@]}"
printf '%-14s %5d s\n\n' total "$SECONDS"
say "$passed_tests passed, $failed_tests failed"
if [ ${#failed[@]} -gt 0 ]; then
  die "failed: ${failed[*]} (the logs are in $LOGS)"
fi
