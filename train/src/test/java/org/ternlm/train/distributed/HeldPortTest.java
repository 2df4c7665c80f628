package org.ternlm.train.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;

class HeldPortTest {
    @Test
    void nobodyElseGetsIt() throws IOException {
        try (HeldPort port = HeldPort.open(); ServerSocket other = new ServerSocket()) {
            other.setReuseAddress(false);
            assertThatThrownBy(() -> other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(),
                    port.number()))).isInstanceOf(BindException.class);
        }
    }

    @Test
    void aServerMayListenOnIt() throws IOException {
        try (HeldPort port = HeldPort.open(); ServerSocket server = new ServerSocket()) {
            server.setReuseAddress(true);
            server.bind(new InetSocketAddress(port.number()));
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port.number())) {
                assertThat(client.isConnected()).isTrue();
            }
        }
    }
}
