package org.ternlm.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// Helidon's view of a connection, but reading and writing go through a [ClientConnection].
record WatchedContext(ConnectionContext original, ClientConnection connection, DataReader dataReader)
        implements
            ConnectionContext {

    static WatchedContext of(ConnectionContext original, ClientConnection connection) {
        return new WatchedContext(original, connection, DataReader.create(connection::read));
    }

    @Override
    public DataWriter dataWriter() {
        return connection;
    }

    @Override
    public ListenerContext listenerContext() {
        return original.listenerContext();
    }

    @Override
    public ExecutorService executor() {
        return original.executor();
    }

    @Override
    public Router router() {
        return original.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
        return original.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
        return original.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
        return original.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return original.localPeer();
    }

    @Override
    public boolean isSecure() {
        return original.isSecure();
    }

    @Override
    public String socketId() {
        return original.socketId();
    }

    @Override
    public String childSocketId() {
        return original.childSocketId();
    }
}
