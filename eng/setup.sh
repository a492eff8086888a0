#!/usr/bin/env bash
# Makes this machine ready to build, test and run the demo. Idempotent; says nothing and takes a moment when all is there.
#
#   NOTOCHORD_LIBTORCH=DIR        use this libtorch (an unpacked download, or site-packages/torch) instead of Debian's
#   NOTOCHORD_FASHION_MNIST=DIR   use the Fashion-MNIST files of this folder instead of Debian's
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

sdk_major=10
fashion_folder="${NOTOCHORD_FASHION_MNIST:-/usr/share/datasets/fashion-mnist}"

has() { command -v "$1" > /dev/null 2>&1; }
is_installed() { [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2> /dev/null)" == installed ]]; }

# --- the .NET SDK: not a Debian package everywhere, so it is asked for and not installed ---------------------------------
check_sdk() {
  local how="get it from https://dotnet.microsoft.com/download/dotnet/$sdk_major.0 and put 'dotnet' on the PATH"
  has dotnet || fail "the .NET SDK $sdk_major is needed and there is no 'dotnet' on the PATH" "$how"
  dotnet --list-sdks | awk -F. -v need="$sdk_major" '$1 >= need { found = 1 } END { exit !found }' \
    || fail "the .NET SDK $sdk_major or later is needed; found: $(dotnet --list-sdks | awk '{ print $1 }' | paste -sd' ')" "$how"
}

# --- what is missing, as Debian names it ---------------------------------------------------------------------------------
check_own_libtorch() {
  local library
  for library in "$NOTOCHORD_LIBTORCH"/lib/libtorch_cpu.so "$NOTOCHORD_LIBTORCH"/lib/libtorch.so; do
    if [[ -e "$library" ]]; then return; fi
  done
  fail "NOTOCHORD_LIBTORCH=$NOTOCHORD_LIBTORCH holds no lib/libtorch.so" \
    "point it at a folder with include/ and lib/: an unpacked libtorch, or the folder that" \
    "python3 -c 'import torch; print(torch.__path__[0])' prints"
}

missing_packages() {
  if [[ -z "${NOTOCHORD_LIBTORCH:-}" ]]; then
    is_installed libtorch-dev || echo libtorch-dev
    # Another good BLAS makes this one unnecessary; see choose_blas.
    is_installed libopenblas0-openmp || has_good_blas || echo libopenblas0-openmp
  fi
  has cmake || echo cmake
  has g++ || echo g++
  [[ -e "$fashion_folder/train-images-idx3-ubyte.gz" || -e "$fashion_folder/train-images-idx3-ubyte" ]] || echo dataset-fashion-mnist
}

as_root() { if [[ $EUID -eq 0 ]]; then "$@"; else sudo -- "$@"; fi; }

by_hand() {
  fail "$1" "still needed: ${*:2}" \
    "Debian:      apt-get install ${*:2}" \
    "elsewhere:   cmake and a C++17 compiler from the system's packages;" \
    "             a libtorch (https://pytorch.org/get-started, LibTorch, or a Python torch) with NOTOCHORD_LIBTORCH=DIR;" \
    "             the four Fashion-MNIST *-ubyte.gz files in a folder with NOTOCHORD_FASHION_MNIST=DIR"
}

install() {
  has apt-get || by_hand "this machine has no apt-get" "$@"
  [[ $EUID -eq 0 ]] || has sudo || by_hand "installing packages needs root, and there is no sudo" "$@"
  say "installing: $*"
  # A fresh machine has no package lists, an old one stale ones: fetch them when they do not suffice.
  local options=(-y -qq --no-install-recommends -o DPkg::Lock::Timeout=300)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" > /dev/null 2>&1 && return
  as_root apt-get update -qq >&2 || say "warning: apt-get update failed"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install "${options[@]}" "$@" >&2 \
    || by_hand "apt-get could not install all packages" "$@"
}

# --- BLAS: libtorch multiplies matrices with whatever libblas.so.3 is ---------------------------------------------------------
# chosen ALTERNATIVE FIELD: 'Status' (auto or manual) or 'Value' (a path) of one alternative.
chosen() { update-alternatives --query "$1" 2> /dev/null | awk -v field="$2:" '$1 == field { print $2; exit }'; }
alternatives_of() { update-alternatives --get-selections 2> /dev/null | awk -v name="$1" 'index($1, name) == 1 { print $1 }'; }

# Whether an implementation gains from being replaced by OpenMP OpenBLAS. The reference is 50 times slower; the pthread
# build runs a second pool of threads that fights with libtorch's OpenMP. MKL, BLIS, ATLAS and the rest were somebody's
# decision, and so is whatever is set by hand.
is_improvable() {
  case "$2" in
    */blas/libblas.so.3 | */lapack/liblapack.so.3) true ;;
    */openblas-pthread/*) [[ "$1" == auto ]] ;;
    *) false ;;
  esac
}

has_good_blas() {
  has update-alternatives || return 1
  local name
  for name in $(alternatives_of libblas.so.3); do
    is_improvable "$(chosen "$name" Status)" "$(chosen "$name" Value)" || return 0
  done
  return 1
}

choose_blas() {
  has update-alternatives || return 0
  local name value better
  for name in $(alternatives_of libblas.so.3) $(alternatives_of liblapack.so.3); do
    value="$(chosen "$name" Value)"
    is_improvable "$(chosen "$name" Status)" "$value" || continue
    better="$(update-alternatives --list "$name" | grep -m1 /openblas-openmp/ || true)"
    [[ -n "$better" ]] || continue
    if [[ $EUID -eq 0 ]] || has sudo; then
      say "BLAS: $name was $value, now $better"
      as_root update-alternatives --set "$name" "$better" > /dev/null
    else
      say "warning: $name is $value, which is slow beside libtorch; as root: update-alternatives --set $name $better"
    fi
  done
}

check_sdk
[[ -z "${NOTOCHORD_LIBTORCH:-}" ]] || check_own_libtorch
mapfile -t missing < <(missing_packages)
[[ ${#missing[@]} -eq 0 ]] || install "${missing[@]}"
[[ -n "${NOTOCHORD_LIBTORCH:-}" ]] || choose_blas
