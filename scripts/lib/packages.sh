#!/bin/bash
# The Debian packages that Colla's scripts use, and how to get the missing ones. Source it and call `need GROUP...`.
# Nothing is asked of a package server when everything is there.

declare -A PACKAGES=(
    [build]="maven python3 python3-pip python3-venv git ca-certificates"
    [examples]="hmmer hmmer-examples mmseqs2-examples"
    [test]="slurm-wlm slurm-wlm-torque munge openssh-server openssh-client openmpi-bin libopenmpi-dev iproute2 util-linux
            procps tmux shellcheck xz-utils mrbayes mrbayes-mpi python3-mpi4py python3-numpy chromium otf2-tools"
)
JDK_PACKAGE=default-jdk-headless # 17 on Debian 12
PACKAGES_SCRIPT=$(realpath "${BASH_SOURCE[0]}")

# need GROUP...: installs what the groups name and this machine lacks.
need() {
    local group missing=()
    for group in "$@"; do
        # shellcheck disable=SC2207,SC2086  # package names hold no spaces
        missing+=($(missing_of ${PACKAGES[$group]}))
        if [ "$group" = build ] && ! find_jdk; then missing+=("$JDK_PACKAGE"); fi
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    echo "installing: ${missing[*]}"
    local become_root=()
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null || {
            echo "Please have an administrator install these Debian packages, then try again: ${missing[*]}" >&2
            return 1
        }
        become_root=(sudo)
    fi
    "${become_root[@]}" bash "$PACKAGES_SCRIPT" "${missing[@]}" || {
        echo "these packages could not be installed: ${missing[*]}" >&2
        return 1
    }
    find_jdk || unset JAVA_HOME # it named something older; the installed one is on PATH
}

missing_of() {
    { dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' "$@" 2>/dev/null || true; } | awk -v wanted="$*" '
        $2 ~ /^.i/ { have[$1] = 1 }
        END { n = split(wanted, w, /[ \n]+/); for (i = 1; i <= n; i++) if (w[i] != "" && !(w[i] in have)) print w[i] }'
}

# A JDK (not just a runtime) of release 17 or later: the one of JAVA_HOME, else the one on PATH.
find_jdk() {
    local javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac release
    release=$("$javac" -version 2>/dev/null | sed -n 's/^javac \([0-9]*\).*/\1/p')
    [ "${release:-0}" -ge 17 ]
}

# install_as_root PACKAGE...: without starting the daemons that the packages bring.
install_as_root() {
    local policy=/usr/sbin/policy-rc.d
    exec {lock}>/run/lock/colla-packages.lock
    flock -w 900 "$lock" || { echo "another installation has held $policy for 15 minutes" >&2; return 1; }
    [ ! -e "$policy" ] || mv "$policy" "$policy.colla-saved"
    # shellcheck disable=SC2064  # expanded now: the path does not change
    trap "rm -f $policy; [ ! -e $policy.colla-saved ] || mv $policy.colla-saved $policy" EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    export DEBIAN_FRONTEND=noninteractive
    local apt=(apt-get -qq -o DPkg::Lock::Timeout=400)
    "${apt[@]}" update </dev/null
    "${apt[@]}" install -y --no-install-recommends "$@" </dev/null >/dev/null
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -euo pipefail
    install_as_root "$@"
fi
