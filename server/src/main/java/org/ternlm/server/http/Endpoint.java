package org.ternlm.server.http;

/// Answers requests of one kind. Safe for several threads.
@FunctionalInterface
public interface Endpoint {
    /// Answers a request before it returns.
    ///
    /// @throws ApiException if the answer is an error
    void answer(Exchange exchange);
}
