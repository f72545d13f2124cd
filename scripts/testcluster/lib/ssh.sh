# Accounts and ssh of the test cluster. The machine's own accounts and ssh configuration are not touched: the hosts get
# copies of their own, mounted over the originals by node-init.
# shellcheck shell=bash
# Uses: STATE, USER_NAME and lib/hosts.sh.

# The plain user has the same home on all hosts, and the same number as on this machine if it exists here.
write_accounts() {
    local home=$STATE/home/$USER_NAME uid gid
    uid=$(id -u "$USER_NAME" 2>/dev/null || echo 61234)
    gid=$(id -g "$USER_NAME" 2>/dev/null || echo 61234)
    [ "$uid" != 0 ] || die "--user: $USER_NAME is the superuser; name a plain user"
    install -d -m 755 "$STATE/etc" "$STATE/home"
    { grep -v "^$USER_NAME:" /etc/passwd; echo "$USER_NAME:x:$uid:$gid::$home:/bin/bash"; } >"$STATE/etc/passwd"
    { grep -v "^$USER_NAME:" /etc/group; echo "$USER_NAME:x:$gid:"; } >"$STATE/etc/group"
    # sshd takes an account whose password is "!" as locked.
    { grep -v "^$USER_NAME:" /etc/shadow; echo "$USER_NAME:*:19000:0:99999:7:::"; } >"$STATE/etc/shadow"
    chmod 600 "$STATE/etc/shadow"
    install -d -m 700 -o "$uid" -g "$gid" "$home"
    install -d -m 1777 "$STATE/work"
}

write_host_names() {
    local host
    {
        echo "127.0.0.1 localhost"
        for host in $(known_hosts); do echo "$(address_of "$host") $host"; done
    } >"$STATE/etc/hosts"
    : >"$STATE/etc/resolv.conf"
}

# Keys for root and the plain user, each known on every host; plain `ssh HOST` then works inside the cluster.
write_ssh_files() {
    local dir=$STATE/ssh user
    install -d -m 755 "$dir"
    ssh-keygen -q -t ed25519 -N '' -C testcluster -f "$dir/host_key"
    for user in root "$USER_NAME"; do
        ssh-keygen -q -t ed25519 -N '' -C "$user@testcluster" -f "$dir/id_$user"
        cp "$dir/id_$user.pub" "$dir/authorized_$user"
    done
    chown "$(stat -c %u:%g "$STATE/home/$USER_NAME")" "$dir/id_$USER_NAME"
    cat >"$STATE/etc/ssh_config" <<END
Host ctl node*
    IdentityFile $dir/id_%u
    StrictHostKeyChecking no
    UserKnownHostsFile /dev/null
    LogLevel ERROR
    ConnectTimeout 10
END
    cat >"$dir/sshd_config" <<END
HostKey $dir/host_key
AuthorizedKeysFile $dir/authorized_%u
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
UseDNS no
MaxStartups 100
PidFile /run/sshd.pid
SetEnv SLURM_CONF=$SLURM_CONF
Subsystem sftp internal-sftp
END
}

start_sshd() { inside "$1" /usr/sbin/sshd -f "$STATE/ssh/sshd_config" -E "$STATE/log/sshd.$1.log" </dev/null 9>&-; }
