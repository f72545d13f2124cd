#!/bin/bash
# What traces cost: an event in the recorder; merging and checking a trace, with the memory that takes; the same runs with and without --trace, in turns.
# Usage: benchmarks/trace.sh [RECORDS [REPETITIONS]]        RECORDS of the synthetic trace, 20,000,000 unless said; all must be built (mvn package)
set -euo pipefail
cd "$(dirname "$0")/.."
records=${1:-20000000}
repetitions=${2:-5}
folder=$(mktemp -d "${TMPDIR:-/tmp}/colla-trace-XXXXXX")
trap 'rm -rf "$folder"' EXIT
# The JVM's answer without what a logging library says of itself.
figures() { java "$@" 2>&1 | { grep -v "^SLF4J" || true; }; }
classes="benchmarks/target/colla-benchmarks.jar:benchmarks/target/libraries/*"
main=io.colla.benchmarks.trace.TraceFigures

echo "load before: $(cut -d' ' -f1-3 /proc/loadavg), $(nproc) cores"
echo "recording (logs in $([ -d /dev/shm ] && echo memory || echo "$folder")):"
[ -d /dev/shm ] && shm=$(mktemp -d /dev/shm/colla-trace-XXXXXX) || shm=$folder/cost
trap 'rm -rf "$folder" "$shm"' EXIT
figures -cp "$classes" "$main" record "$shm"

echo "a trace of three nodes with 16 executors each, heap of 64 MiB:"
figures -cp "$classes" "$main" generate "$folder/logs" "$records"
for way in "" --gzip; do
    # shellcheck disable=SC2086 # no word when it is empty
    figures -Xmx64m -XX:+UseSerialGC -cp "$classes" "$main" merge "$folder/logs" "$folder/trace" $way
done
figures -Xmx64m -XX:+UseSerialGC -cp "$classes" "$main" check "$folder/trace/synthetic.prv"
rm -rf "$folder/trace"

echo "runs with and without a trace:"
benchmarks/run --no-build --repetitions "$repetitions" trace-java trace-python trace-java-noop trace-python-noop
