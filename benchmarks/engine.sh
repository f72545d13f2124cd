#!/bin/bash
# Measures the engine alone: 1,000 simulated nodes of 48 cores, no-op tasks that are over as soon as they are assigned; prints one JSON object per line.
# Usage: benchmarks/engine.sh [LARGEST]        up to LARGEST tasks at once (1000000); 10000000 takes about 8 GiB of heap
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
mvn -q -B -pl runtime -am test-compile dependency:build-classpath -Dmdep.outputFile="$build/classpath" \
    -Dmdep.excludeGroupIds=io.colla > "$build/log" 2>&1 || { cat "$build/log"; exit 1; }
classpath=runtime/target/test-classes:runtime/target/classes:api/target/classes:$(cat "$build/classpath")
java "-Xmx${ENGINE_HEAP:-6g}" -cp "$classpath" io.colla.sim.EngineBenchmark "$@"
