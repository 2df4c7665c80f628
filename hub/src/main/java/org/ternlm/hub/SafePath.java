package org.ternlm.hub;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/// Paths that a server or a user names, with slashes: safe where they stay below the folder that they are resolved in, on
/// every system.
final class SafePath {
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST = 1024;
    /// Windows reads a drive, a stream or a folder out of the first two, and refuses the others.
    private static final String FORBIDDEN = ":\\<>\"|?*";

    private SafePath() {}

    /// Whether the path has only plain names: nothing absolute, no `..`, no character that another system reads otherwise.
    static boolean isSafe(String path) {
        return path.length() <= LONGEST && Arrays.stream(path.split("/", -1)).allMatch(SafePath::isPlain);
    }

    private static boolean isPlain(String name) {
        return !name.isEmpty() && name.length() <= LONGEST_NAME && !name.equals(".") && !name.equals("..")
                && !name.endsWith(" ") && !name.endsWith(".")
                && name.chars().noneMatch(c -> Character.isISOControl(c) || FORBIDDEN.indexOf(c) >= 0);
    }

    /// The path as a part of an address, slashes kept.
    static String inAddress(String path) {
        return Arrays.stream(path.split("/")).map(SafePath::encoded).collect(Collectors.joining("/"));
    }

    /// The text as one part of an address, slashes encoded too.
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
