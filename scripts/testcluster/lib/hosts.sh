# Hosts of the test cluster: each is a set of network, UTS, IPC, PID and mount namespaces held by one process 1.
# The hosts' wire is a bridge inside ctl, so nothing enters the machine's own network.
# shellcheck shell=bash
# Uses: STATE (state folder), HERE (this folder), die.

NETWORK=10.213.0

address_of() { if [ "$1" = ctl ]; then echo $NETWORK.254; else echo "$NETWORK.${1#node}"; fi; }

# STATE/run/HOST.pid holds: pid of the unshare that started the host, pid of its process 1, start time of process 1.
host_pid() {
    local outer pid started
    read -r outer pid started 2>/dev/null <"$STATE/run/$1.pid" || return 1
    [ "$(start_time "$pid")" = "$started" ] && echo "$pid"
}

# Clock ticks since boot; tells a process from a later one that got the same pid.
start_time() {
    local stat
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    # shellcheck disable=SC2086  # split into fields after the command name
    set -- ${stat##*) }
    echo "${20}"
}

require_host() { host_pid "$1" || die "no host '$1' is running in $STATE (see: cluster status)"; }

# inside HOST CMD...: the bare command in the host's namespaces, with the caller's environment, in /.
inside() {
    local pid
    pid=$(require_host "$1")
    shift
    nsenter -t "$pid" -n -u -i -p -m -- "$@"
}

boot_host() {
    local host=$1 ready=$STATE/run/$1.ready outer pid answer
    rm -f "$ready"
    mkfifo "$ready"
    setsid unshare --net --uts --ipc --pid --fork --kill-child --mount --mount-proc \
        "$HERE/node-init" "$host" "$STATE" </dev/null >"$STATE/log/$host.log" 2>&1 9>&- &
    outer=$!
    if ! read -r -t 20 answer <>"$ready"; then
        kill -KILL "$outer" 2>/dev/null || true
        die "host $host did not start within 20 s: $(tail -n 3 "$STATE/log/$host.log")"
    fi
    pid=$(pgrep -P "$outer") || die "host $host ended at once ($answer): $(tail -n 3 "$STATE/log/$host.log")"
    echo "$outer $pid $(start_time "$pid")" >"$STATE/run/$host.pid"
    if [ "$host" = ctl ]; then make_bridge; else plug_in "$host"; fi
}

make_bridge() {
    inside ctl sh -c "ip link add br0 type bridge && ip addr add $(address_of ctl)/24 dev br0 && ip link set br0 up"
}

plug_in() {
    local port=port-$1 ctl pid
    ctl=$(require_host ctl)
    pid=$(require_host "$1")
    # Only the network of ctl is entered: the pid names the other host in this machine's terms.
    nsenter -t "$ctl" -n ip link add "$port" type veth peer name eth0 netns "$pid"
    inside ctl ip link set "$port" master br0 up
    inside "$1" sh -c "ip addr add $(address_of "$1")/24 dev eth0 && ip link set eth0 up"
}

# cable HOST up|down: at the bridge's end, so that the host keeps its address and sees no carrier.
cable() {
    require_host "$1" >/dev/null
    [ "$1" != ctl ] || die "ctl holds the bridge; cut the nodes instead"
    inside ctl ip link set "port-$1" "$2"
}

# kill_host HOST: ends its process 1; the kernel then ends everything in the host and takes its network away.
kill_host() {
    local outer pid started
    pid=$(host_pid "$1") || return 0
    read -r outer pid started <"$STATE/run/$1.pid"
    kill -KILL "$pid"
    until_true 20 "the end of host $1 (process $outer)" process_gone "$outer"
    rm -f "$STATE/run/$1.pid" "$STATE/run/$1.ready"
}

process_gone() { [ ! -e "/proc/$1" ] || [ "$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status" 2>/dev/null)" = Z ]; }

# until_true SECONDS WHAT CMD...: asks again every 50 ms what only polling can tell.
until_true() {
    local deadline=$((${EPOCHREALTIME/./} + $1 * 1000000)) what=$2
    shift 2
    until "$@"; do
        [ "${EPOCHREALTIME/./}" -lt $deadline ] || die "waited in vain for $what"
        sleep 0.05
    done
}

known_hosts() { local h; for h in ctl $(node_names); do echo "$h"; done; }
node_names() { seq -f 'node%.0f' 1 "$NODES"; }
