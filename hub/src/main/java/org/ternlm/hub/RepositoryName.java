package org.ternlm.hub;

import java.util.regex.Pattern;

/// The name of a repository of a hub: `organisation/name`, or for a few old ones a single word.
///
/// @param text as the hub writes it
public record RepositoryName(String text) {
    private static final Pattern NAME = Pattern.compile("([\\w.-]{1,96}/)?[\\w.-]{1,96}");
    private static final String PREFIX = "models--";

    /// @throws HubException if no repository can have that name
    public RepositoryName {
        if (!isName(text)) {
            throw new HubException(HubException.Kind.BAD_NAME,
                    "'%s' is no name of a repository, expected ORGANISATION/NAME".formatted(text), null);
        }
    }

    /// Whether a repository can have that name.
    public static boolean isName(String text) {
        if (!NAME.matcher(text).matches() || text.contains("--") || text.contains("..")) {
            return false;
        }
        for (String part : text.split("/")) {
            if (".-".indexOf(part.charAt(0)) >= 0 || ".-".indexOf(part.charAt(part.length() - 1)) >= 0) {
                return false;
            }
        }
        return true;
    }

    /// The name of its folder in the cache: `models--organisation--name`.
    String folder() {
        return PREFIX + text.replace("/", "--");
    }

    /// Whether that folder of a cache is one of a repository that is called `name` by any organisation.
    static boolean isFolderOf(String folder, String name) {
        return folder.startsWith(PREFIX) && folder.endsWith("--" + name) && isName(nameOf(folder));
    }

    /// The repository that has that folder in the cache.
    static RepositoryName ofFolder(String folder) {
        return new RepositoryName(nameOf(folder));
    }

    private static String nameOf(String folder) {
        return folder.substring(PREFIX.length()).replaceFirst("--", "/");
    }

    @Override
    public String toString() {
        return text;
    }
}
