#!/usr/bin/env bash
# Builds everything with warnings as errors, checks the format and runs the tests. Ends with 'N passed, N failed, N skipped'.
# With --long the seeded tests run longer. As root on Debian it installs the servers that the tests start themselves; where
# they are missing, the tests that need them are skipped.
set -uo pipefail
cd "$(dirname "$0")"
# What is listed for tests and never used is an error where all of them run.
export PAPERPIPELINE_TEST_ALL=1
# Of the programs that tests start none runs long enough for its code to be profiled.
export DOTNET_TieredPGO=0
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MASSTRANSIT_USAGE_TELEMETRY=false
[ "${1:-}" = "--long" ] && export CsCheck_Iter=5000 PAPERPIPELINE_TEST_ROUNDS=5 PAPERPIPELINE_TEST_MUTATION_SECONDS=40

if ! ldconfig -p 2>/dev/null | grep -q libicuuc && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq "$(apt-cache search --names-only '^libicu[0-9]+$' | head -1 | cut -d' ' -f1)"
fi

# The package would start a broker of its own, so it is told not to.
install() {
  local policy=""
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    policy=/usr/sbin/policy-rc.d
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"
  fi
  timeout 60 apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive timeout 240 apt-get install -y -qq --no-install-recommends "$@"
  local code=$?
  [ -z "$policy" ] || rm -f "$policy"
  return $code
}
missing=()
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
command -v promtool >/dev/null || missing+=(prometheus)
command -v docker-compose >/dev/null || docker compose version >/dev/null 2>&1 || missing+=(docker-compose)
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then
  install "${missing[@]}" >/dev/null 2>&1 || echo "could not install ${missing[*]}: tests that need them are skipped"
fi

dotnet tool restore >/dev/null && dotnet csharpier check . || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
dotnet build -c Release --nologo -v q PaperPipeline.sln || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

log=$(mktemp) published=$(mktemp -d)
trap 'rm -rf "$log" "$published"' EXIT
# The programs as they are shipped, compiled ahead of time: tests start hundreds of them.
publish() {
  dotnet publish src/PaperPipeline.Cli/PaperPipeline.Cli.csproj -c Release --nologo -v q --use-current-runtime \
    --no-self-contained -p:PublishReadyToRun=true -p:RunAnalyzers=false --artifacts-path "$published/build" \
    -o "$published/programs"
}
publish & publishing=$!

passed=0 failed=0 skipped=0
for project in PaperPipeline.Tests PaperPipeline.IntegrationTests; do
  if [ "$project" = PaperPipeline.IntegrationTests ]; then
    wait "$publishing" || { echo "the programs could not be published"; failed=$((failed + 1)); break; }
    export PAPERPIPELINE_TEST_PROGRAMS="$published/programs"
  fi
  timeout 1620 dotnet "tests/$project/bin/Release/net10.0/$project.dll" -noColor 2>&1 | tee "$log"
  code=${PIPESTATUS[0]}
  echo
  summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -1)
  read -r total errors bad left < <(grep -oE '[0-9]+' <<<"$summary" | tr '\n' ' '; echo)
  good=$((${total:-0} - ${bad:-0} - ${left:-0}))
  bad=$((${bad:-0} + ${errors:-0}))
  if [ "$bad" = 0 ] && { [ "$code" -ne 0 ] || [ "$good" -le 0 ]; }; then bad=1; fi
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + ${left:-0}))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
