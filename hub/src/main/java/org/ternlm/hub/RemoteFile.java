package org.ternlm.hub;

/// A file of a repository, as the hub lists it.
///
/// @param path below the repository's root, with slashes; safe to resolve
/// @param size in bytes, 0 to 2⁵⁰
/// @param checksum of its content
record RemoteFile(String path, long size, Checksum checksum) {
    private static final long LARGEST = 1L << 50;

    /// @throws HubException if the path leads elsewhere or the size is absurd
    RemoteFile {
        if (!SafePath.isSafe(path)) {
            throw new HubException(HubException.Kind.BAD_ANSWER,
                    "the hub lists a file with the unsafe name '%s'".formatted(path), "nothing was downloaded");
        }
        if (size < 0 || size > LARGEST) {
            throw new HubException(HubException.Kind.BAD_ANSWER,
                    "%s: the hub lists a size of %,d bytes, expected 0 to %,d".formatted(path, size, LARGEST), null);
        }
    }

    /// Whether it lies at the root of the repository.
    boolean isAtRoot() {
        return path.indexOf('/') < 0;
    }
}
