package org.ternlm.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.kernel.KvForm;
import org.ternlm.server.http.ApiKey;

/// How a server serves: [#usual()], refined by the `with` methods, each of which returns a changed copy.
///
/// ```
/// ServerOptions.usual().withPort(0).withSequences(4)
/// ```
public final class ServerOptions {
    private String host = "127.0.0.1";
    private int port = 8080;
    private @Nullable ApiKey key;
    private boolean insecure;
    private Set<String> hostNames = Set.of();
    private @Nullable String corsOrigin;
    private @Nullable String modelName;
    private int sequences = 16;
    private int queue = 64;
    private int contextLength;
    private long cacheBytes;
    private KvForm form = KvForm.F32;
    private int maxBodyBytes = 1 << 20;
    private int maxConnections = 512;
    private Duration timeLimit = Duration.ofMinutes(10);
    private Duration receiveLimit = Duration.ofSeconds(30);
    private Duration idleLimit = Duration.ofMinutes(1);
    private Duration drainLimit = Duration.ofSeconds(5);

    private ServerOptions() {}

    private ServerOptions(ServerOptions other) {
        host = other.host;
        port = other.port;
        key = other.key;
        insecure = other.insecure;
        hostNames = other.hostNames;
        corsOrigin = other.corsOrigin;
        modelName = other.modelName;
        sequences = other.sequences;
        queue = other.queue;
        contextLength = other.contextLength;
        cacheBytes = other.cacheBytes;
        form = other.form;
        maxBodyBytes = other.maxBodyBytes;
        maxConnections = other.maxConnections;
        timeLimit = other.timeLimit;
        receiveLimit = other.receiveLimit;
        idleLimit = other.idleLimit;
        drainLimit = other.drainLimit;
    }

    /// On port 8080 of this machine alone, 16 sequences at once, the model's whole context.
    public static ServerOptions usual() {
        return new ServerOptions();
    }

    /// Listens on this address; another than a loopback one wants [#withApiKey] or [#withInsecure].
    public ServerOptions withHost(String value) {
        ServerOptions changed = new ServerOptions(this);
        changed.host = value;
        return changed;
    }

    /// Listens on this port; on any that is free where it is 0.
    ///
    /// @throws IllegalArgumentException if it is not 0 to 65535
    public ServerOptions withPort(int value) {
        require(value >= 0 && value <= 65535, "port", "0 to 65535", value);
        ServerOptions changed = new ServerOptions(this);
        changed.port = value;
        return changed;
    }

    /// Requests have to bring this key, `Authorization: Bearer KEY`.
    ///
    /// @throws IllegalArgumentException if it is empty, or not of printable ASCII
    public ServerOptions withApiKey(String value) {
        ServerOptions changed = new ServerOptions(this);
        changed.key = ApiKey.of(value);
        return changed;
    }

    /// Whether everybody may ask who reaches the address.
    public ServerOptions withInsecure(boolean value) {
        ServerOptions changed = new ServerOptions(this);
        changed.insecure = value;
        return changed;
    }

    /// Names by which the server may be called, besides `localhost` and addresses.
    public ServerOptions withHostNames(Set<String> values) {
        ServerOptions changed = new ServerOptions(this);
        changed.hostNames = Set.copyOf(values);
        return changed;
    }

    /// Web pages of this origin (`https://example.org`) may use the server; `*` for all of them.
    public ServerOptions withCorsOrigin(@Nullable String value) {
        ServerOptions changed = new ServerOptions(this);
        changed.corsOrigin = value;
        return changed;
    }

    /// The name by which requests ask for the model; without one, that of its folder or file.
    public ServerOptions withModelName(@Nullable String value) {
        ServerOptions changed = new ServerOptions(this);
        changed.modelName = value;
        return changed;
    }

    /// Computes so many sequences at once.
    ///
    /// @throws IllegalArgumentException if it is not 1 to 1024
    public ServerOptions withSequences(int value) {
        require(value >= 1 && value <= 1024, "sequences", "1 to 1024", value);
        ServerOptions changed = new ServerOptions(this);
        changed.sequences = value;
        return changed;
    }

    /// Lets so many more wait for their turn.
    ///
    /// @throws IllegalArgumentException if it is negative
    public ServerOptions withQueue(int value) {
        require(value >= 0, "queue", "0 or more", value);
        ServerOptions changed = new ServerOptions(this);
        changed.queue = value;
        return changed;
    }

    /// Most tokens of a prompt and its answer; 0 for all that the model has and that fit into the memory for keys and
    /// values.
    ///
    /// @throws IllegalArgumentException if it is negative
    public ServerOptions withContextLength(int value) {
        require(value >= 0, "context", "0 or more", value);
        ServerOptions changed = new ServerOptions(this);
        changed.contextLength = value;
        return changed;
    }

    /// Most memory for keys and values; 0 for a quarter of the heap that the JVM may use.
    ///
    /// @throws IllegalArgumentException if it is negative
    public ServerOptions withCacheBytes(long value) {
        require(value >= 0, "cache bytes", "0 or more", value);
        ServerOptions changed = new ServerOptions(this);
        changed.cacheBytes = value;
        return changed;
    }

    /// What keys and values are stored as.
    public ServerOptions withForm(KvForm value) {
        ServerOptions changed = new ServerOptions(this);
        changed.form = value;
        return changed;
    }

    /// The largest body of a request, in bytes.
    ///
    /// @throws IllegalArgumentException if it is not 1 to 2³⁰
    public ServerOptions withMaxBodyBytes(int value) {
        require(value >= 1 && value <= 1 << 30, "body", "1 to " + (1 << 30), value);
        ServerOptions changed = new ServerOptions(this);
        changed.maxBodyBytes = value;
        return changed;
    }

    /// Most connections at once.
    ///
    /// @throws IllegalArgumentException if there is none
    public ServerOptions withMaxConnections(int value) {
        require(value >= 1, "connections", "at least 1", value);
        ServerOptions changed = new ServerOptions(this);
        changed.maxConnections = value;
        return changed;
    }

    /// How long a request may take, from its arrival to the end of its answer.
    public ServerOptions withTimeLimit(Duration value) {
        ServerOptions changed = new ServerOptions(this);
        changed.timeLimit = value;
        return changed;
    }

    /// How long a request may take to arrive, and a client to take a piece of an answer.
    public ServerOptions withReceiveLimit(Duration value) {
        ServerOptions changed = new ServerOptions(this);
        changed.receiveLimit = value;
        return changed;
    }

    /// How long a connection may stay open without a request.
    public ServerOptions withIdleLimit(Duration value) {
        ServerOptions changed = new ServerOptions(this);
        changed.idleLimit = value;
        return changed;
    }

    /// How long answers under way may take to come to their end once the server is told to stop.
    public ServerOptions withDrainLimit(Duration value) {
        ServerOptions changed = new ServerOptions(this);
        changed.drainLimit = value;
        return changed;
    }

    private static void require(boolean sound, String name, String expected, Number found) {
        if (!sound) {
            throw new IllegalArgumentException("%s: expected %s, found %s".formatted(name, expected, found));
        }
    }

    /// Why these options are too open, or null.
    @Nullable
    String securityProblem() {
        if (key != null || insecure) {
            return null;
        }
        if (!isLoopback(host)) {
            return "other machines reach " + host + ": expected an API key";
        }
        return "*".equals(corsOrigin) ? "web pages of every origin may ask: expected an API key" : null;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no such address: " + host, e);
        }
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    @Nullable
    ApiKey key() {
        return key;
    }

    boolean insecure() {
        return insecure;
    }

    Set<String> hostNames() {
        return hostNames;
    }

    @Nullable
    String corsOrigin() {
        return corsOrigin;
    }

    @Nullable
    String modelName() {
        return modelName;
    }

    int sequences() {
        return sequences;
    }

    int queue() {
        return queue;
    }

    int contextLength() {
        return contextLength;
    }

    long cacheBytes() {
        return cacheBytes;
    }

    KvForm form() {
        return form;
    }

    int maxBodyBytes() {
        return maxBodyBytes;
    }

    int maxConnections() {
        return maxConnections;
    }

    Duration timeLimit() {
        return timeLimit;
    }

    Duration receiveLimit() {
        return receiveLimit;
    }

    Duration idleLimit() {
        return idleLimit;
    }

    Duration drainLimit() {
        return drainLimit;
    }
}
