package org.ternlm.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A client that sends bytes as they are.
final class Raw implements AutoCloseable {
    private final Socket socket;

    Raw(int port) {
        try {
            socket = new Socket("127.0.0.1", port);
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A request to post JSON, complete.
    static byte[] post(String path, String json) {
        byte[] body = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return join(bytes("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.length + "\r\n\r\n"), body);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] join(byte[] first, byte[] second) {
        byte[] both = new byte[first.length + second.length];
        System.arraycopy(first, 0, both, 0, first.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    Raw send(byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        } catch (SocketException closed) {
            // The server may refuse before all is sent: its answer tells.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /// An answer with a length, or all that comes until the server closes the connection or says nothing for so long.
    String receive(Duration patience) {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            socket.setSoTimeout((int) patience.toMillis());
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                received.write(buffer, 0, count);
                if (isComplete(received.toString(StandardCharsets.ISO_8859_1))) {
                    break;
                }
            }
        } catch (SocketTimeoutException | SocketException over) {
            // What has come is what there is.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return received.toString(StandardCharsets.UTF_8);
    }

    private static boolean isComplete(String answer) {
        int body = answer.indexOf("\r\n\r\n") + 4;
        int length = answer.indexOf("\r\nContent-Length: ") + "\r\nContent-Length: ".length();
        return body >= 4 && length < body && length >= 18 && answer.length() - body >= Integer.parseInt(answer
                .substring(length, answer.indexOf('\r', length)));
    }

    /// Reads until a piece of text has come.
    void awaitText(String text) {
        StringBuilder received = new StringBuilder();
        try {
            socket.setSoTimeout(20_000);
            while (received.indexOf(text) < 0) {
                int value = socket.getInputStream().read();
                if (value < 0) {
                    throw new AssertionError("closed after: " + received);
                }
                received.append((char) value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The status of an answer, 0 if there is none.
    static int status(String answer) {
        return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    /// Goes away with a reset, as a killed client does.
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
