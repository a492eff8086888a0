# Shared by the scripts of this folder; sourced, never run.
# Sets: root (the checkout). Gives: say, fail, share_machine, build, is_stale.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
# Used by the scripts that source this one.
# shellcheck disable=SC2034
configuration=Release
stamp="$root/artifacts/.build-$configuration"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

# For work that shares the machine: threads that wait for each other soon sleep. Spinning, the default, takes the
# processor from whoever they wait for: ten times slower on a busy machine, and nothing gained that counts here.
share_machine() { export GOMP_SPINCOUNT="${GOMP_SPINCOUNT:-1000}"; }

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $1"; shift; for line in "$@"; do say "  $line"; done; exit 3; }

# What a build depends on beside the files: a change of any of these makes everything stale.
build_key() { printf '%s|%s|%s\n' "${TorchProvider:-}" "${TorchSharpVersion:-}" "${NOTOCHORD_LIBTORCH:-}"; }

# build PROJECT_OR_SOLUTION [dotnet build arguments]: quiet when it succeeds, its whole log when it does not.
# The stamp carries the time of the start, so that what is edited meanwhile counts as stale.
build() {
  local target="$1" log begun; shift
  mkdir -p "$root/artifacts"
  begun="$(mktemp "$root/artifacts/.begun.XXXXXX")"
  log="$(mktemp "$root/artifacts/.log.XXXXXX")"
  build_key > "$begun"
  # Nodes that outlive the build would hold the caller's pipe open. A warm compiler would go on with the generator
  # that it loaded first, whatever has been built since.
  if ! dotnet build "$root/$target" -c "$configuration" --nologo -v quiet -nodeReuse:false -p:UseSharedCompilation=false "$@" > "$log" 2>&1; then
    # MSBuild prints each error where it happens and again in its summary.
    awk '!seen[$0]++' "$log" >&2
    rm -f "$begun" "$log"
    return 1
  fi
  rm -f "$log"
  mv -f "$begun" "$stamp"
  touch "$stamp.done"
}

# is_stale PATH...: whether a source file under the paths is newer than the last build began, or something was added,
# renamed or removed (a folder's own time) after it ended. A find over some hundred files: milliseconds, where MSBuild
# needs seconds to say the same.
is_stale() {
  [[ -f "$stamp" && -f "$stamp.done" && "$(cat "$stamp")" == "$(build_key)" ]] || return 0
  local found
  found="$(cd "$root" && find "$@" \( -name bin -o -name obj \) -prune \
    -o \( -type f -newer "$stamp" -o -type d -newer "$stamp.done" \) -print -quit 2> /dev/null)"
  [[ -n "$found" ]]
}
