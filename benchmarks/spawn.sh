#!/bin/bash
# Compares the spawners with a bare posix_spawn loop in C, on /bin/true, side by side in one run.
# Usage: benchmarks/spawn.sh [--count N] [--rounds N] [--threads 1,2] [--bind]        needs gcc
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
gcc -O2 -o "$build/posix_spawn_loop" benchmarks/spawn/posix_spawn_loop.c
mvn -q -B -pl binary-tasks -am test-compile dependency:build-classpath -Dmdep.outputFile="$build/classpath" \
    -Dmdep.excludeGroupIds=io.colla > "$build/log" 2>&1 || { cat "$build/log"; exit 1; }
classpath=binary-tasks/target/test-classes:binary-tasks/target/classes:$(cat "$build/classpath")
java -Xms2g -Xmx2g -XX:+AlwaysPreTouch -cp "$classpath" io.colla.binary.spawn.SpawnBenchmark "$build/posix_spawn_loop" "$@"
