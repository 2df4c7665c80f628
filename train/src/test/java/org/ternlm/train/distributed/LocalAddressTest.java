package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalAddressTest {
    @TempDir
    private Path folder;

    /// An address of this machine that others could reach.
    private static String outward() throws IOException {
        Optional<String> address = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                .filter(candidate -> candidate instanceof Inet4Address && !candidate.isLoopbackAddress())
                .map(InetAddress::getHostAddress).findFirst();
        assumeTrue(address.isPresent(), "this machine has no network");
        return address.get();
    }

    @Test
    void isThatWhichFacesTheMaster() throws IOException {
        assertThat(LocalAddress.facing("127.0.0.1")).isEqualTo("127.0.0.1");
        String outward = outward();
        assertThat(LocalAddress.facing(outward)).isEqualTo(outward);
    }

    @Test
    void isLoopbackWhereTheMasterIsUnknown() {
        assertThat(InetAddress.getLoopbackAddress().getHostAddress()).isEqualTo(LocalAddress.facing("nobody.invalid"));
    }

    @Test
    void staysAmongWorkersOfOneMachine() {
        assertThat(LocalAddress.amongst("127.0.0.1", List.of("127.0.0.1", "127.0.1.1"))).isEqualTo("127.0.0.1");
    }

    @Test
    void facesOtherMachinesWhereThereAreSome() throws IOException {
        String outward = outward();
        assertThat(LocalAddress.amongst("127.0.1.1", List.of("127.0.1.1", outward))).isEqualTo(outward);
        assertThat(LocalAddress.amongst(outward, List.of("127.0.1.1", outward))).isEqualTo(outward);
    }

    /// As Kubernetes operators have set it, and as Debian has it in `/etc/hosts`.
    @Test
    void rankZeroMayCallItselfLocalhost() throws IOException, InterruptedException {
        String outward = outward();
        try (HeldPort port = HeldPort.open()) {
            Map<String, String> first = ChildJvm.variables(0, 2, port.number());
            Map<String, String> second = ChildJvm.variables(1, 2, port.number());
            first.put("MASTER_ADDR", "localhost");
            second.put("MASTER_ADDR", outward);
            try (ChildJvm zero = ChildJvm.start(folder, TestWorker.class, first, "meet", "60", "60", "1");
                    ChildJvm one = ChildJvm.start(folder, TestWorker.class, second, "meet", "60", "60", "1")) {
                assertThat(zero.exitCode()).as("%s", zero).isZero();
                assertThat(one.exitCode()).as("%s", one).isZero();
            }
        }
    }
}
