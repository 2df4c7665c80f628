package org.ternlm.server.http;

/// Which requests an endpoint answers.
///
/// @param method in capitals
/// @param path `/v1/models`, or with a name in braces that stands for the rest of the path: `/v1/models/{id}`
/// @param isOpen whether it is answered without an API key
/// @param endpoint what answers
public record Route(String method, String path, boolean isOpen, Endpoint endpoint) {

    /// A route that needs the API key, where there is one.
    public static Route of(String method, String path, Endpoint endpoint) {
        return new Route(method, path, false, endpoint);
    }

    /// A route for everybody.
    public static Route open(String method, String path, Endpoint endpoint) {
        return new Route(method, path, true, endpoint);
    }

    boolean matches(String requested) {
        int brace = path.indexOf('{');
        return brace < 0
                ? path.equals(requested)
                : requested.startsWith(path.substring(0, brace)) && requested.length() > brace;
    }

    /// What stands in place of the braces.
    String rest(String requested) {
        int brace = path.indexOf('{');
        return brace < 0 ? "" : requested.substring(brace);
    }
}
