# Slurm on the hosts of the test cluster: its configuration, its daemons, its health.
# shellcheck shell=bash
# Uses: STATE, NODES, CPUS, MEMORY and lib/hosts.sh.

write_slurm_files() {
    local plugins
    plugins=$(dirname "$(dpkg -L slurm-wlm-torque | grep '/spank_pbs\.so$')")
    install -d -m 755 "$STATE/slurm" "$STATE/state/ctld"
    install -d -m 700 -o munge -g munge "$STATE/munge"
    head -c 1024 /dev/urandom >"$STATE/munge/key"
    chown munge: "$STATE/munge/key"
    chmod 400 "$STATE/munge/key"
    echo "optional $plugins/spank_pbs.so" >"$STATE/slurm/plugstack.conf"
    cat >"$STATE/slurm/taskprolog" <<'END'
#!/bin/sh
[ "$SLURM_PROCID" != 0 ] || echo "export PBS_NODEFILE=$(generate_pbs_nodefile)"
END
    chmod 755 "$STATE/slurm/taskprolog"
    slurm_conf >"$STATE/slurm/slurm.conf"
}

# Times are short, so that a lost node is noticed in seconds; memory is scheduled, not enforced.
slurm_conf() {
    cat <<END
ClusterName=testcluster
SlurmctldHost=ctl($(address_of ctl))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=cred_expire=10
SlurmctldPort=6817
SlurmdPort=6818
SrunPortRange=60001-61000
StateSaveLocation=$STATE/state/ctld
SlurmdSpoolDir=$STATE/state/%n
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
SlurmctldLogFile=$STATE/log/slurmctld.log
SlurmdLogFile=$STATE/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=5
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc=$STATE/log/jobcomp.log
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
DefMemPerCPU=200
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=5,bf_interval=1,sched_min_interval=200000
ReturnToService=2
SlurmctldTimeout=10
SlurmdTimeout=10
TCPTimeout=2
MessageTimeout=10
KillWait=3
KillOnBadExit=0
MinJobAge=600
InactiveLimit=0
Waittime=0
TmpFS=/tmp
TaskProlog=$STATE/slurm/taskprolog
PlugStackConfig=$STATE/slurm/plugstack.conf
NodeName=node[1-$NODES] NodeAddr=$NETWORK.[1-$NODES] CPUs=$CPUS Boards=1 SocketsPerBoard=1 CoresPerSocket=$CPUS ThreadsPerCore=1 RealMemory=$MEMORY State=UNKNOWN
PartitionName=debug Nodes=ALL Default=YES MaxTime=INFINITE DefaultTime=10 State=UP
END
}

# start_daemons HOST: each host has a munged of its own at munge's usual place, as real nodes have.
start_daemons() {
    local host=$1
    inside "$host" setpriv --reuid=munge --regid=munge --clear-groups munged --key-file="$STATE/munge/key" \
        --pid-file=/run/munge/munged.pid --seed-file=/run/munge/seed --log-file=/run/munge/munged.log </dev/null 9>&-
    if [ "$host" = ctl ]; then
        inside ctl slurmctld -f "$SLURM_CONF" </dev/null 9>&-
    else
        install -d -m 755 "$STATE/state/$host"
        inside "$host" slurmd -f "$SLURM_CONF" -N "$host" </dev/null 9>&-
    fi
}

# Each node's state once, such as "node1 idle"; a node that does not answer has a mark after its state (idle*, down*).
node_states() { inside ctl timeout 15 sinfo --noheader --Node --format='%N %T' 2>/dev/null; }

# all_nodes_are REGEX: every node of the cluster is in such a state.
all_nodes_are() {
    local states
    states=$(node_states) || return 1
    [ "$(wc -l <<<"$states")" = "$NODES" ] && ! grep -qvE "^[^ ]+ ($1)\$" <<<"$states"
}

healthy() {
    local host
    for host in $(known_hosts); do host_pid "$host" >/dev/null || return 1; done
    all_nodes_are 'idle|mixed|allocated|completing'
}
