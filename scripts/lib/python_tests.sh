# The Python environment of the tests, and running them. Source it after build.sh, with ROOT set to the checkout.
# shellcheck shell=bash

PYTHON_ENVIRONMENT=$ROOT/target/python

# python_environment REQUIREMENTS: makes or completes a virtual environment with the packages of python/REQUIREMENTS.
python_environment() {
    local wanted=$ROOT/python/$1 stamp base
    base=$(base_python) || { echo "no Python from 3.9 on with the module venv" >&2; return 1; }
    stamp=$PYTHON_ENVIRONMENT/$1.sha256
    if [ -x "$PYTHON_ENVIRONMENT/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$(requirements_stamp "$base")" ]; then return; fi
    echo "installing the packages of python/$1 in $PYTHON_ENVIRONMENT"
    if [ ! -x "$PYTHON_ENVIRONMENT/bin/python" ] || [ "$(readlink -f "$PYTHON_ENVIRONMENT/bin/python")" != "$(readlink -f "$base")" ]; then
        rm -rf "$PYTHON_ENVIRONMENT"
        timeout 120 "$base" -m venv "$PYTHON_ENVIRONMENT" || return
    fi
    timeout --kill-after=20 900 "$PYTHON_ENVIRONMENT/bin/python" -m pip install -q --disable-pip-version-check -r "$wanted" </dev/null || {
        echo "the packages of $wanted could not be installed" >&2
        return 1
    }
    requirements_stamp "$base" >"$stamp"
}

# The system's Python if it will do: plain users on all hosts of the test cluster can run it.
base_python() {
    local candidate
    for candidate in /usr/bin/python3 "$(command -v python3)"; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

requirements_stamp() { { "$1" --version; cat "$ROOT"/python/requirements*.txt; } | sha256sum; }
