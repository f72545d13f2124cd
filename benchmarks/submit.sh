#!/bin/bash
# Measures on the test cluster how long it takes from `colla submit` to the first task running, beside a bare script that is given to sbatch by hand. In turns, so that both meet the same machine.
# Usage: benchmarks/submit.sh [REPETITIONS]; needs a test cluster (COLLA_TESTCLUSTER) with a staged distribution in work/colla. Prints milliseconds.
set -euo pipefail
repetitions=${1:-7}
state=${COLLA_TESTCLUSTER:?name the folder of a test cluster}
colla=$state/work/colla/bin/colla
[ -x "$colla" ] || { echo "no $colla: stage a distribution first: $state/cluster stage dist/colla colla" >&2; exit 2; }
work=$(mktemp -d "$state/work/submit-benchmark.XXXXXX")
chmod 777 "$work"
trap 'rm -rf -- "$work"' EXIT
cd "$work"

cat >bare.sh <<'END'
#!/bin/bash
date +%s%N >"$1.new" && mv "$1.new" "$1"
END
cat >first.py <<'END'
import os
import sys
import time

from pycompss.api.api import compss_wait_on
from pycompss.api.task import task


@task(returns=int)
def first():
    return time.time_ns()


began = compss_wait_on(first())
with open(sys.argv[1] + ".new", "w") as out:
    out.write(f"{began}\n")
os.rename(sys.argv[1] + ".new", sys.argv[1])
END

on() { "$state/cluster" on ctl --user colla-test "$@"; }

# Milliseconds from the call of a command until the moment that the job wrote down.
measure() {
    local file=$1 start
    shift
    start=$(on date +%s%N)
    on "$@" >/dev/null 2>&1
    timeout 120 tail --follow=name --retry "$file" 2>/dev/null | head -n 1 >"$file.seen"
    echo $((($(cat "$file.seen") - start) / 1000000))
}

median() { sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

for i in $(seq 0 "$repetitions"); do # the first warms up the caches and does not count
    bare=$(measure "bare-$i" sbatch --output=/dev/null bare.sh "$work/bare-$i")
    "$state/cluster" wait >/dev/null
    ours=$(measure "ours-$i" "$colla" submit --quiet --nodes 1 --cpus-per-node 1 first.py "$work/ours-$i")
    "$state/cluster" wait >/dev/null
    [ "$i" = 0 ] || echo "$bare $ours $((ours - bare))" | tee -a results
done
echo "medians: bare sbatch $(cut -d' ' -f1 results | median) ms, first task of colla submit $(cut -d' ' -f2 results | median) ms, difference $(cut -d' ' -f3 results | median) ms"
