# The Python packages of a distribution. Source it; works in sh.
# shellcheck shell=sh

# python_stamp ROOT: what they are made from, as one number.
python_stamp() {
    (
        cd "$1/python" || exit
        find src requirements.txt -type f ! -name '*.pyc' | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -c 1-16
    )
}

# put_python ROOT TARGET: colla, pycompss and what they need, in TARGET, unless they are there already.
put_python() {
    stamp=$(python_stamp "$1") || return
    [ "$(cat "$2/.made-from" 2>/dev/null)" != "$stamp" ] || return 0
    fresh=$2.new
    rm -rf -- "$fresh"
    mkdir -p -- "$fresh"
    cp -R "$1/python/src/." "$fresh"
    find "$fresh" -name __pycache__ -prune -exec rm -rf -- {} +
    rm -rf -- "$fresh"/*.egg-info
    python3 -m pip --version >/dev/null 2>&1 || {
        echo "python3 has no pip, which fetches cloudpickle: install python3-pip" >&2
        return 1
    }
    python3 -m pip install --quiet --disable-pip-version-check --no-input --no-deps --no-compile --root-user-action=ignore \
        --target "$fresh" --requirement "$1/python/requirements.txt" || return
    python3 -m compileall -q "$fresh"
    echo "$stamp" >"$fresh/.made-from"
    rm -rf -- "$2"
    mv -- "$fresh" "$2"
}
