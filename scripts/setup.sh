# shellcheck shell=bash
# What the other scripts need before they start. Sourced, not run: each function makes sure of one thing and returns at
# once where it is already there.

# shellcheck disable=SC2034 # The scripts that source this one choose from the lists.

# To build and to run the desktop window (Debian's and Ubuntu's names).
BUILD_PACKAGES=(build-essential pkg-config libwebkit2gtk-4.1-dev libgtk-3-dev libasound2-dev libxdo-dev librsvg2-dev libssl-dev
  fonts-noto-cjk)
# To run every test: a display and a session bus, a driver for the window, and independent readers of what we write.
TEST_PACKAGES=(xvfb xauth dbus dbus-x11 webkit2gtk-driver poppler-utils qpdf libxml2-utils python3 python3-venv shellcheck iproute2 nftables
  desktop-file-utils xdg-utils gnome-keyring)

NODE_AT_LEAST=20.19
RUST_AT_LEAST=1.95
TAURI_DRIVER=2.1.0
CARGO_DENY=0.20.2
CARGO_FUZZ=0.13.2
TAURI_CLI=2.12.5
MUSIC21=10.5.1

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/bandpro
# In the checkout: what is compiled knows the folder it was compiled in, so that two checkouts must not share it.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
cd "$ROOT" || exit

say() { printf '%s\n' "$*"; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# at_least 20.19 18.2.1 → false
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "installing system packages needs root, and there is no sudo here; install them as root, then run this again"
  fi
}

missing_packages() {
  local installed
  installed=$(dpkg-query --show --showformat='${binary:Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/:[^ ]*//; s/ installed$//p') || true
  printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

confirm() {
  [ "${YES:-}" = 1 ] || [ "$(id -u)" = 0 ] && return 0
  [ -t 0 ] || die "there is nobody to ask; set YES=1 to install without a question"
  local answer
  read -r -p "$1 [Y/n] " answer
  case $answer in "" | [Yy]*) return 0 ;; *) die "nothing was installed" ;; esac
}

apt_install() {
  local attempt
  # A fresh image has no package lists yet; lists that are too old show as a failed download.
  compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null || as_root apt-get -q update
  for attempt in 1 2 3; do
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" && return 0
    [ "$attempt" = 3 ] || { sleep $((attempt * 5)) && as_root apt-get -q update; }
  done
  die "apt could not install: $*"
}

need_packages() {
  if ! command -v apt-get >/dev/null; then
    [ "$(uname)" != Linux ] || say "This is not Debian or Ubuntu; the equivalents of these packages are needed: $*"
    return 0
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  say "BandPro needs these system packages:"
  printf '  %s\n' "${missing[@]}"
  confirm "Install them with apt?"
  apt_install "${missing[@]}"
}

need_rust() {
  command -v cargo >/dev/null || PATH=${CARGO_HOME:-$HOME/.cargo}/bin:$PATH
  if ! command -v cargo >/dev/null && command -v apt-cache >/dev/null && [ -n "$(apt-cache search --names-only '^rustup$')" ]; then
    need_packages rustup
  fi
  command -v cargo >/dev/null || die "Rust is missing. Install rustup as https://rustup.rs says, then run this again."
  local version
  version=$(cargo --version | cut -d ' ' -f 2) || die "the Rust toolchain of rust-toolchain.toml is missing; run: rustup toolchain install"
  at_least "$RUST_AT_LEAST" "$version" || die "Rust $RUST_AT_LEAST or newer is needed, $version is here; with rustup, run: rustup update"
}

node_is_new_enough() { command -v node >/dev/null && at_least "$NODE_AT_LEAST" "$(node --version | tr -d v)"; }

need_node() {
  PATH=$CACHE/node/node_modules/node/bin:$PATH
  node_is_new_enough && command -v npm >/dev/null && return 0
  command -v npm >/dev/null || need_packages nodejs npm
  node_is_new_enough && return 0
  # The distribution's Node is too old for the build of the window; npm carries newer ones.
  say "Fetching Node 22 into $CACHE/node"
  npm install --silent --no-audit --no-fund --prefix "$CACHE/node" node@22
  hash -r
  node_is_new_enough || die "Node $NODE_AT_LEAST or newer is needed, $(node --version) is here"
}

# The npm packages of ui/, again only where the lock has changed.
need_ui_packages() {
  local stamp=ui/node_modules/.installed-from
  cmp -s ui/package-lock.json "$stamp" && return 0
  say "Installing the npm packages of ui/"
  npm ci --prefix ui --no-audit --no-fund
  cp ui/package-lock.json "$stamp"
}

# The web view, again only where something it is made of has changed.
build_ui() {
  local built=ui/dist/index.html
  if [ -f "$built" ] && [ -z "$(find ui assets/locales -path ui/node_modules -prune -o -path ui/dist -prune -o -type f -newer "$built" -print -quit)" ]; then
    return 0
  fi
  npm run --prefix ui build
}

need_tauri_driver() {
  TAURI_DRIVER_BIN=$CACHE/tauri-driver-$TAURI_DRIVER/bin/tauri-driver
  export TAURI_DRIVER_BIN
  [ -x "$TAURI_DRIVER_BIN" ] && return 0
  local build=$CACHE/tauri-driver-build
  CARGO_TARGET_DIR=$build cargo install tauri-driver --version "$TAURI_DRIVER" --locked --root "${TAURI_DRIVER_BIN%/bin/*}"
  rm -rf "$build"
}

# Makes a package of the window.
need_tauri_cli() {
  TAURI_CLI_BIN=$CACHE/tauri-cli-$TAURI_CLI/node_modules/.bin/tauri
  [ -x "$TAURI_CLI_BIN" ] && return 0
  npm install --silent --no-audit --no-fund --prefix "$CACHE/tauri-cli-$TAURI_CLI" "@tauri-apps/cli@$TAURI_CLI"
}

# What may be linked (licences, sources) is checked by it. It takes some minutes to build, once.
need_cargo_deny() {
  CARGO_DENY_BIN=$CACHE/cargo-deny-$CARGO_DENY/bin/cargo-deny
  [ -x "$CARGO_DENY_BIN" ] && return 0
  local build=$CACHE/cargo-deny-build
  CARGO_TARGET_DIR=$build cargo install cargo-deny --version "$CARGO_DENY" --locked --no-default-features --root "${CARGO_DENY_BIN%/bin/*}"
  rm -rf "$build"
}

need_cargo_fuzz() {
  CARGO_FUZZ_BIN=$CACHE/cargo-fuzz-$CARGO_FUZZ/bin/cargo-fuzz
  [ -x "$CARGO_FUZZ_BIN" ] && return 0
  local build=$CACHE/cargo-fuzz-build
  CARGO_TARGET_DIR=$build cargo install cargo-fuzz --version "$CARGO_FUZZ" --locked --root "${CARGO_FUZZ_BIN%/bin/*}"
  rm -rf "$build"
}

# An independent reader of MusicXML, in a Python of its own that BANDPRO_MUSIC21 names; tests that need it say that they are
# skipped where it cannot be had.
need_music21() {
  local venv=$CACHE/music21-$MUSIC21
  BANDPRO_MUSIC21=$venv/bin/python
  if ! "$BANDPRO_MUSIC21" -c 'import music21' 2>/dev/null; then
    rm -rf "$venv"
    if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check "music21==$MUSIC21"; }; then
      say "skipped: music21 cannot be installed from PyPI; what is written is not read with it"
      rm -rf "$venv"
      BANDPRO_MUSIC21=
    fi
  fi
  export BANDPRO_MUSIC21
}
