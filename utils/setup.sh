# Sourced by utils/quickstart, utils/test and utils/bench: installs what is
# missing and says what. Packages are named once, here.
set -eu
Source=$(cd "$(dirname "$0")/.." && pwd)
BuildPackages="g++ cmake ninja-build llvm-22-dev libtomlplusplus-dev libfmt-dev libmd-dev zlib1g-dev libzstd-dev libsqlite3-dev libssl-dev libarchive-dev nettle-dev liblzma-dev libbz2-dev"
TestPackages="openssl git libgtest-dev llvm-22-tools clang-22 libclang-rt-22-dev clang-format-22 python3 gcc make file binutils"
OptionalPackages="ccache"

say() { printf '%s\n' "$*" >&2; }

# need PACKAGE...: installs the missing ones on Debian, else names them and stops.
need() {
  Missing=""
  for Package in "$@"; do
    dpkg -s "$Package" >/dev/null 2>&1 || Missing="$Missing $Package"
  done
  [ -n "$Missing" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1 || ! grep -qs '^ID=debian' /etc/os-release ||
    ! grep -qs '^VERSION_ID="12"' /etc/os-release; then
    say "goslim: error: this script installs packages on Debian 12 only; install these (Debian's names), then run it again:"
    say " $Missing"
    exit 2
  fi
  As=""
  [ "$(id -u)" = 0 ] || As="sudo"
  say "installing with apt-get:$Missing"
  Log=$(mktemp)
  if ! { $As apt-get update -qq && DEBIAN_FRONTEND=noninteractive $As apt-get install -y -qq --no-install-recommends $Missing; } >"$Log" 2>&1; then
    tail -n 20 "$Log" >&2
    say "goslim: error: apt-get could not install:$Missing"
    exit 2
  fi
  rm -f "$Log"
}

need_go() {
  for Dir in /usr/local/go/bin "$HOME/go/bin"; do
    command -v go >/dev/null 2>&1 || { [ -x "$Dir/go" ] && PATH=$PATH:$Dir; }
  done
  if ! command -v go >/dev/null 2>&1; then
    say "goslim: error: no go on PATH; goslim works on an installed Go, 1.21 or newer"
    exit 2
  fi
}

# build PRESET TARGET...: configures once, then builds quietly.
build() {
  Preset=$1
  shift
  Build=$Source/build/$Preset
  BuildLog=$Source/build/$Preset.log
  mkdir -p "$Source/build"
  if [ ! -f "$Build/build.ninja" ]; then
    (cd "$Source" && cmake --preset "$Preset") >"$BuildLog" 2>&1 || { cat "$BuildLog" >&2; say "goslim: error: cmake failed"; exit 2; }
  fi
  ninja -C "$Build" "$@" >"$BuildLog" 2>&1 || { tail -n 60 "$BuildLog" >&2; say "goslim: error: the build failed, see ${BuildLog#"$Source"/}"; exit 2; }
}
