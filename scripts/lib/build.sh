# Building Colla with Maven. Source it after packages.sh, with ROOT set to the checkout.
# shellcheck shell=bash

DIST=$ROOT/dist/colla

# run_maven SECONDS ARGUMENT...: quietly, with a deadline (exit code 124). Debian's mvn prints colour resets even to files.
run_maven() {
    timeout --kill-after=20 "$1" mvn -q -B -f "$ROOT/pom.xml" "${@:2}" </dev/null 2>&1 | sed -u 's/\x1b\[0m//g'
    return "${PIPESTATUS[0]}"
}

# What the distribution is made from, as one number.
sources_stamp() {
    (
        cd "$ROOT" || return
        find pom.xml LICENSE .mvn ./*/pom.xml ./*/src/main python/src python/requirements.txt scripts -type f ! -name '*.pyc' -print0 2>/dev/null | sort -z | xargs -0 sha256sum | sha256sum
    )
}

# build_distribution: makes dist/colla, unless it is there and the sources are still those it was made from.
build_distribution() {
    local stamp
    stamp=$(sources_stamp)
    if [ -x "$DIST/bin/colla" ] && [ "$(cat "$ROOT/dist/sources.sha256" 2>/dev/null)" = "$stamp" ]; then
        echo "the build in $DIST is up to date"
        return
    fi
    echo "building $DIST (the first time, Maven fetches the libraries)"
    rm -f "$ROOT/dist/sources.sha256"
    run_maven 900 -DskipTests package || {
        echo "the build failed; the messages above say where" >&2
        return 1
    }
    [ -x "$DIST/bin/colla" ] || { echo "the build left no $DIST/bin/colla" >&2; return 1; }
    echo "$stamp" >"$ROOT/dist/sources.sha256"
}
