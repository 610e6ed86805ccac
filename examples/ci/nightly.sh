#!/bin/sh
# A night on any machine: run the suite, keep a record, draw the trend, push figures where PUSH_GATEWAY says.
# From cron: 17 3 * * * cd /srv/memwall && sh examples/ci/nightly.sh
set -u
suite=${1:-suites/nightly.yaml}
out=${2:-reports/latest}
history=${3:-reports/history}
memwall="node bin/memwall.js"

code=0
$memwall run "$suite" --out "$out" --history "$history" || code=$?
# Bad input leaves no report: there is nothing to go on with.
[ "$code" -ge 2 ] && exit "$code"
$memwall export "$out" --out "$out/ci" > /dev/null
$memwall trend "$history" --out "$out" > /dev/null
if [ -n "${PUSH_GATEWAY:-}" ]; then
  curl --fail --silent --show-error --data-binary @"$out/ci/metrics.txt" "$PUSH_GATEWAY/metrics/job/memwall"
fi
exit "$code"
