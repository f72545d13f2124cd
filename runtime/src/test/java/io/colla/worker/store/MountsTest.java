package io.colla.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.colla.wire.Message.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
    private static final String LOGIN =
            """
            22 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw
            23 22 0:21 / /proc rw,nosuid - proc proc rw
            24 22 0:25 / /tmp rw - tmpfs tmpfs rw,size=8g
            30 22 0:50 / /home rw,relatime shared:70 master:3 - nfs4 fs1:/export/home rw,vers=4.2
            31 22 0:51 / /scratch rw - lustre 10.0.0.1@o2ib:/lfs rw,flock
            32 22 8:3 /projects/a /projects/with\\040space\\134x rw - xfs /dev/sdb1 rw
            33 22 0:60 / /mnt/ssh rw - fuse.sshfs me@host:/ rw
            """;

    private static final String NODE =
            """
            40 1 0:30 / / rw - overlay overlay rw,lowerdir=/a:/b
            41 40 0:31 / /tmp rw - tmpfs tmpfs rw
            42 40 0:32 / /home rw - nfs4 fs1:/export/home rw
            43 40 0:33 / /scratch rw - lustre 10.0.0.1@o2ib:/lfs rw
            44 42 0:34 / /home/local rw - ext4 /dev/nvme0n1 rw
            """;

    @Test
    void readsMountTables() {
        assertThat(Mounts.parse(LOGIN))
                .contains(
                        new Mount("/", "ext4", "/dev/sda2"),
                        new Mount("/home", "nfs4", "fs1:/export/home"),
                        new Mount("/projects/with space\\x", "xfs", "/dev/sdb1[/projects/a]"))
                .hasSize(7);
        assertThat(Mounts.parse("nonsense\n1 2 3\n\n" + LOGIN)).hasSize(7);
        assertThat(Mounts.parse("1 0 0:1 / / rw - ext4 /dev/a rw\n2 1 0:2 / /d\\303\\251 rw - nfs s:/d rw\n"))
                .contains(new Mount("/d\u00e9", "nfs", "s:/d"));
    }

    @Test
    void leavesOutWhatIsCovered() {
        String stacked = LOGIN
                + "50 30 0:70 / /home/inner rw - ext4 /dev/x rw\n"
                + "51 30 0:71 / /home rw - nfs fs2:/newer rw\n"
                + "52 51 0:72 / /home/above rw - tmpfs t rw\n";
        List<Mount> mounts = Mounts.parse(stacked);
        assertThat(mounts)
                .contains(new Mount("/home", "nfs", "fs2:/newer"), new Mount("/home/above", "tmpfs", "t"))
                .doesNotContain(new Mount("/home", "nfs4", "fs1:/export/home"))
                .noneMatch(mount -> mount.point().equals("/home/inner"));
        String pivoted =
                "1 0 0:1 / / rw - rootfs none rw\n2 1 0:2 / / rw - overlay overlay rw\n3 2 0:3 / /tmp rw - tmpfs t rw\n";
        assertThat(Mounts.parse(pivoted))
                .containsExactly(new Mount("/", "overlay", "overlay"), new Mount("/tmp", "tmpfs", "t"));
    }

    @Test
    void findsTheLongestPrefixByFolders() {
        List<Mount> mounts = Mounts.parse(LOGIN);
        assertThat(point("/home/me/x", mounts)).isEqualTo("/home");
        assertThat(point("/homeless", mounts)).isEqualTo("/");
        assertThat(point("/home", mounts)).isEqualTo("/home");
        assertThat(point("/", mounts)).isEqualTo("/");
        assertThat(Mounts.of("/x", List.of())).isNull();
    }

    private static String point(String path, List<Mount> mounts) {
        return Objects.requireNonNull(Mounts.of(path, mounts)).point();
    }

    @Test
    void resolvesLinksOfParentsThatExist(@TempDir Path folder) throws IOException {
        Path real = Files.createDirectories(folder.toRealPath().resolve("real"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        assertThat(Mounts.resolve(link.resolve("new/file"))).isEqualTo(real.resolve("new/file"));
        assertThat(Mounts.resolve(link)).isEqualTo(real);
        assertThat(Mounts.resolve(real.resolve("../real/f"))).isEqualTo(real.resolve("f"));
    }

    @Test
    void seesThisMachine() throws IOException {
        List<Mount> mounts = Mounts.ofThisProcess();
        assertThat(mounts).anyMatch(mount -> mount.point().equals("/"));
        assertThat(Mounts.of(Path.of("/proc/self"), mounts))
                .isNotNull()
                .extracting(Mount::type)
                .isEqualTo("proc");
    }

    @Test
    void knowsNetworkFileSystems() {
        assertThat(List.of(
                        "nfs",
                        "nfs4",
                        "lustre",
                        "gpfs",
                        "beegfs",
                        "ceph",
                        "cifs",
                        "smb3",
                        "fuse.sshfs",
                        "fuse.glusterfs",
                        "9p",
                        "virtiofs"))
                .allMatch(Mounts::isNetwork);
        assertThat(List.of(
                        "ext4",
                        "xfs",
                        "tmpfs",
                        "overlay",
                        "btrfs",
                        "fuse.fuse-overlayfs",
                        "fuse",
                        "proc",
                        "autofs",
                        "zfs"))
                .noneMatch(Mounts::isNetwork);
    }

    @Test
    void sharesPathsOnTheSameNetworkFileSystem() {
        PathSharing sharing = new PathSharing(Mounts.parse(LOGIN), "/home/me/run", List.of());
        PathSharing.Peer node = new PathSharing.Peer(Mounts.parse(NODE), false, true);
        assertThat(sharing.isShared("/home/me/data", node)).isTrue();
        assertThat(sharing.isShared("/scratch/x", node)).isTrue();
        assertThat(sharing.isShared("/tmp/x", node)).isFalse();
        assertThat(sharing.isShared("/etc/x", node)).isFalse();
        assertThat(sharing.isShared("/home/local/x", node)).isFalse();
        assertThat(sharing.isShared("/mnt/ssh/x", node)).isFalse();
        PathSharing.Peer same = new PathSharing.Peer(List.of(), true, false);
        assertThat(sharing.isShared("/tmp/x", same)).isTrue();
    }

    @Test
    void doesNotTakeOtherServersOrOtherPartsForTheSame() {
        PathSharing sharing = new PathSharing(Mounts.parse(LOGIN), "/var/run", List.of());
        String other =
                NODE.replace("fs1:/export/home", "fs2:/export/home").replace("0:33 / /scratch", "0:33 /sub /scratch");
        PathSharing.Peer node = new PathSharing.Peer(Mounts.parse(other), false, true);
        assertThat(sharing.isShared("/home/me", node)).isFalse();
        assertThat(sharing.isShared("/scratch/x", node)).isFalse();
    }

    @Test
    void sharesTheRunFoldersOwnMountWhenItIsSeen() {
        // Nodes in namespaces of one machine: one root, each with its own /tmp.
        String first = "1 0 0:1 / / rw - overlay overlay rw\n2 1 0:5 / /tmp rw - tmpfs a rw\n";
        String second = "1 0 0:1 / / rw - overlay overlay rw\n2 1 0:6 / /tmp rw - tmpfs a rw\n";
        PathSharing sharing = new PathSharing(Mounts.parse(first), "/srv/run", List.of());
        assertThat(sharing.isShared("/data/x", new PathSharing.Peer(Mounts.parse(second), false, true)))
                .isTrue();
        assertThat(sharing.isShared("/tmp/x", new PathSharing.Peer(Mounts.parse(second), false, true)))
                .isFalse();
        assertThat(sharing.isShared("/data/x", new PathSharing.Peer(Mounts.parse(second), false, false)))
                .isFalse();
        PathSharing bound = new PathSharing(
                Mounts.parse(first + "3 1 0:1 /var/d /data rw - overlay overlay rw\n"), "/srv/run", List.of());
        assertThat(bound.isShared("/data/x", new PathSharing.Peer(Mounts.parse(second), false, true)))
                .isFalse();
    }

    @Test
    void believesTheUser() {
        PathSharing sharing = new PathSharing(Mounts.parse(LOGIN), "/home/me/run", List.of("/opt/data/"));
        PathSharing.Peer node = new PathSharing.Peer(Mounts.parse(NODE), false, false);
        assertThat(sharing.isShared("/opt/data/a", node)).isTrue();
        assertThat(sharing.isShared("/opt/data", node)).isTrue();
        assertThat(sharing.isShared("/opt/database", node)).isFalse();
    }
}
