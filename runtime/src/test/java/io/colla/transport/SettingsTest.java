package io.colla.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.colla.api.UsageException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void aSecretIsKeptInAFileThatOnlyItsOwnerReads() throws Exception {
        RunSecret secret = RunSecret.create();
        Path file = folder.resolve("secret");
        secret.write(file);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(RunSecret.read(file)).isEqualTo(secret).isNotEqualTo(RunSecret.create());
        assertThatThrownBy(() -> secret.write(file)).isInstanceOf(FileAlreadyExistsException.class);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> RunSecret.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("open to others (rw-r-----)");
    }

    @Test
    void aSecretIsNeverPrinted() {
        RunSecret secret = RunSecret.create();
        assertThat(secret.toString()).doesNotContain(secret.toHex()).doesNotContainPattern("[0-9a-f]{8}");
        String almost = secret.toHex().substring(1);
        assertThatThrownBy(() -> RunSecret.parse(almost))
                .hasMessageNotContaining(almost.substring(0, 8))
                .hasNoCause();
    }

    @Test
    void theProofIsTheStandardsHmac() throws Exception {
        Random random = new Random(1);
        for (int length = 0; length < 300; length += 7) {
            byte[] key = new byte[32];
            byte[] data = new byte[length];
            random.nextBytes(key);
            random.nextBytes(data);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] expected = mac.doFinal(data);
            int cut = length / 3;
            byte[] first = java.util.Arrays.copyOf(data, cut);
            byte[] second = java.util.Arrays.copyOfRange(data, cut, length);
            assertThat(RunSecret.of(key).prove(first, second)).isEqualTo(expected);
        }
    }

    @Test
    void portsAreReadAsUsersWriteThem() {
        assertThat(PortRange.parse("7000", "--ports")).isEqualTo(new PortRange(7000, 7000));
        assertThat(PortRange.parse(" 7000-7010 ", "--ports")).isEqualTo(new PortRange(7000, 7010));
        assertThat(PortRange.parse("0", "--ports")).isEqualTo(PortRange.ANY);
        for (String wrong : List.of("", "x", "7010-7000", "70000", "0-5", "7000-", "-1")) {
            assertThatThrownBy(() -> PortRange.parse(wrong, "--ports"))
                    .isInstanceOf(UsageException.class)
                    .hasMessageStartingWith("--ports is \"" + wrong + "\"");
        }
    }

    @Test
    void aRangeWithoutFreePortSaysSo() throws Exception {
        try (Endpoint first = new Endpoint()) {
            int port = first.acceptor.port();
            assertThatThrownBy(() -> Acceptor.open(
                            List.of("127.0.0.1"),
                            new PortRange(port, port),
                            first.secret,
                            first.codec,
                            first.limits,
                            null,
                            first))
                    .hasMessageStartingWith("cannot listen on port " + port + " of 127.0.0.1: ");
        }
    }

    @Test
    void addressesThatOtherHostsReachComeFirst() throws Exception {
        List<InetAddress> addresses = new ArrayList<>();
        for (String address :
                List.of("::1", "169.254.1.1", "fe80::1", "127.0.0.1", "2001:db8::1", "10.0.0.1", "192.0.2.7")) {
            addresses.add(InetAddress.getByName(address));
        }
        assertThat(LocalAddresses.order(addresses, false))
                .containsExactly("10.0.0.1", "192.0.2.7", "2001:db8:0:0:0:0:0:1", "169.254.1.1");
        assertThat(LocalAddresses.order(addresses, true)).endsWith("127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(LocalAddresses.list(true)).contains("127.0.0.1");
        assertThat(LocalAddresses.list(false)).doesNotContain("127.0.0.1");
    }

    @Test
    void addressesAreChosenByTheirNetwork() throws IOException {
        List<String> all = List.of("10.1.2.3", "192.168.7.9", "fd00:1:2:3::4");

        assertThat(LocalAddresses.within(all, List.of("192.168.0.1/20"))).containsExactly("192.168.7.9");
        assertThat(LocalAddresses.within(all, List.of("fd00:1:2:3::1/64", "10.1.0.0/22")))
                .containsExactly("10.1.2.3", "fd00:1:2:3::4");
        assertThat(LocalAddresses.within(all, List.of("10.1.4.0/22")))
                .as("none is in it")
                .isEqualTo(all);
        assertThat(LocalAddresses.within(all, List.of())).isEqualTo(all);
        assertThat(LocalAddresses.networksOf(List.of("127.0.0.1"))).containsExactly("127.0.0.1/8");
    }
}
