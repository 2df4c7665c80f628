package org.ternlm.server.http;

/// The client closed the connection: nobody waits for the answer any more.
public final class ClientGoneException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ClientGoneException() {
        super("the client has gone");
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
