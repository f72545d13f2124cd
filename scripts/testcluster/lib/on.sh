# `cluster on`: a command on a host, as if started from a login there.
# shellcheck shell=bash
# Uses: STATE, SLURM_CONF and lib/hosts.sh.

# on HOST [--user NAME] CMD...: standard input, output, exit code and signals are those of the command. The command ends
# with this process, even when this one is killed. A folder that the user cannot see there is replaced by the home folder.
on() {
    local host=${1:?on needs a host} user=root pid
    shift
    if [ "${1:-}" = --user ]; then user=${2:?--user needs a name}; shift 2; fi
    [ $# -gt 0 ] || die "on $host: no command given"
    pid=$(require_host "$host")
    # Put in the background by bash, it would ignore Ctrl-C.
    env --default-signal=INT,QUIT setpriv --pdeathsig KILL \
        nsenter -t "$pid" -n -u -i -p -m -- "$STATE/run/as-user" "$user" "$PWD" "$@" <&0 &
    await_command $!
}

await_command() {
    local nsenter=$1 code signal interrupted
    # On a terminal, Ctrl-C reaches the command by itself.
    for signal in HUP TERM USR1 USR2 INT; do
        # shellcheck disable=SC2064  # expanded now: the process does not change
        trap "interrupted=yes; pass_on $signal $nsenter" "$signal"
    done
    [ ! -t 0 ] || trap 'interrupted=yes' INT
    while :; do
        interrupted=no
        { wait "$nsenter" && code=0 || code=$?; } 2>/dev/null # bash would report a death by signal
        [ $interrupted = yes ] || exit $code
    done
}

# nsenter runs the command as its only child; before that it takes the signal itself.
pass_on() { pkill "-$1" -P "$2" || kill "-$1" "$2" 2>/dev/null || true; }
