#!/usr/bin/env bash
# Builds everything and runs the tests; the last line is `N passed, N failed, N skipped`.
#   eng/test.sh            all tiers
#   eng/test.sh --quick    the first tier: seconds a project, for every small change
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The order of the first tier; every other folder of Tests/ is in the second, so that none can be forgotten.
quick=(Dsl Generators Runtime Cli)
hang_limit=20m

tiers=all
case "${1:-}" in
  "") ;;
  --quick) tiers=quick ;;
  *) say "usage: eng/test.sh [--quick]"; exit 2 ;;
esac

results="$root/artifacts/test-results"
passed=0 failed=0 skipped=0

finish() {
  printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [[ $failed -eq 0 ]]
}

# count TRX ATTRIBUTE...: the sum of these attributes of the file's <Counters>.
count() {
  local file="$1" sum=0 name value; shift
  for name in "$@"; do
    value="$(grep -o '<Counters [^>]*' "$file" | grep -o " $name=\"[0-9]*\"" | tr -dc 0-9)"
    sum=$((sum + ${value:-0}))
  done
  echo "$sum"
}

run_project() {
  local project="$1" name assembly trx code=0 total good bad began=$SECONDS
  name="$(basename "$(dirname "$project")")"
  assembly="$(dirname "$project")/bin/$configuration/net10.0/$(basename "$project" .csproj).dll"
  trx="$results/$name.trx"
  rm -f "$trx"
  dotnet test "$assembly" --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
    --logger "console;verbosity=quiet" --blame-hang-timeout "$hang_limit" --blame-hang-dump-type none || code=$?

  total=0 good=0 bad=0
  if [[ -f "$trx" ]]; then
    total="$(count "$trx" total)"
    good="$(count "$trx" passed)"
    bad="$(count "$trx" failed error timeout aborted)"
  fi
  passed=$((passed + good))
  skipped=$((skipped + total - good - bad))
  # A project that ran nothing, or died on the way, must not pass for a good one.
  if [[ $total -eq 0 ]]; then
    say "$name: no test ran (exit code $code)"
    bad=1
  elif [[ $code -ne 0 && $bad -eq 0 ]]; then
    say "$name: the test process failed (exit code $code) although no test did"
    bad=1
  fi
  failed=$((failed + bad))
  printf '%-12s %5d passed %5d failed %5d skipped %5d s\n' "$name" "$good" "$bad" "$((total > good + bad ? total - good - bad : 0))" "$((SECONDS - began))"
}

share_machine
bash "$root/eng/setup.sh"
mkdir -p "$results"
if ! build compiler.sln; then
  say "the build failed"
  failed=1
  finish
  exit 1
fi

projects=()
for name in "${quick[@]}"; do mapfile -t -O "${#projects[@]}" projects < <(find "$root/Tests/$name" -name '*.csproj' | sort); done
if [[ $tiers == all ]]; then
  while read -r project; do
    [[ " ${projects[*]} " == *" $project "* ]] || projects+=("$project")
  done < <(find "$root/Tests" -name '*Tests.csproj' | sort)
fi
for project in "${projects[@]}"; do run_project "$project"; done
finish
