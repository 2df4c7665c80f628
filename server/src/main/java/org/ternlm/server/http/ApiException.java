package org.ternlm.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// A request that is answered by an error; the message is for its sender.
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final String WRONG_REQUEST = "invalid_request_error";

    private final int status;
    private final String type;
    private final @Nullable String parameter;
    private final @Nullable String code;

    private ApiException(int status, String type, @Nullable String parameter, @Nullable String code, String message) {
        super(message);
        this.status = status;
        this.type = type;
        this.parameter = parameter;
        this.code = code;
    }

    /// A request that is wrong whenever it is sent.
    ///
    /// @param status 400 to 499
    /// @param code what is wrong, for programs
    public static ApiException wrong(int status, @Nullable String code, String message) {
        return new ApiException(status, WRONG_REQUEST, null, code, message);
    }

    /// A field of a request that is wrong.
    ///
    /// @param parameter which one, such as `messages[2].role`
    public static ApiException field(String parameter, String message) {
        return new ApiException(400, WRONG_REQUEST, parameter, null, parameter + ": " + message);
    }

    /// A field of a request that is wrong, in a way that has a name.
    ///
    /// @param code what is wrong, for programs
    public static ApiException field(int status, String parameter, String code, String message) {
        return new ApiException(status, WRONG_REQUEST, parameter, code, message);
    }

    /// A request that may be answered later.
    public static ApiException busy(String message) {
        return new ApiException(503, "overloaded_error", null, "overloaded", message);
    }

    /// A request that took longer than it may.
    public static ApiException tooLong(String message) {
        return new ApiException(504, "timeout_error", null, "timeout", message);
    }

    /// A failure of the server; what it is stands in its log.
    public static ApiException internal(String requestId) {
        return new ApiException(500, "server_error", null, "internal_error",
                "the server failed; its log says why, under " + requestId);
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// OpenAI's shape: `{"error": {"message", "type", "param", "code"}}`.
    public ObjectNode json() {
        ObjectNode body = Json.object();
        ObjectNode error = body.putObject("error");
        error.put("message", getMessage());
        error.put("type", type);
        error.put("param", parameter);
        error.put("code", code);
        return body;
    }

    @Override
    public Throwable fillInStackTrace() {
        // An answer, not a failure: nobody looks at where it came from.
        return this;
    }
}
