#!/usr/bin/env bash
# Builds everything with warnings as errors, checks the format and runs the tests. Ends with 'N passed, N failed, N skipped'.
# With --long the seeded property tests run longer.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MASSTRANSIT_USAGE_TELEMETRY=false
[ "${1:-}" = "--long" ] && export CsCheck_Iter=5000

if ! ldconfig -p 2>/dev/null | grep -q libicuuc && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq && apt-get install -y -qq "$(apt-cache search --names-only '^libicu[0-9]+$' | head -1 | cut -d' ' -f1)"
fi

dotnet tool restore >/dev/null && dotnet csharpier check . || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
dotnet build -c Release --nologo -v q PaperPipeline.sln || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }

log=$(mktemp)
trap 'rm -f "$log"' EXIT
timeout 1000 dotnet tests/PaperPipeline.Tests/bin/Release/net10.0/PaperPipeline.Tests.dll -noColor 2>&1 | tee "$log"
code=${PIPESTATUS[0]}
echo
summary=$(grep -oE 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -1)
read -r total errors failed skipped < <(grep -oE '[0-9]+' <<<"$summary" | tr '\n' ' '; echo)
passed=$((${total:-0} - ${failed:-0} - ${skipped:-0}))
failed=$((${failed:-0} + ${errors:-0}))
if [ "$failed" = 0 ] && { [ "$code" -ne 0 ] || [ "$passed" -le 0 ]; }; then failed=1; fi
echo "$passed passed, $failed failed, ${skipped:-0} skipped"
[ "$failed" = 0 ]
