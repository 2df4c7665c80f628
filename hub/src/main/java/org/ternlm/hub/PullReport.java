package org.ternlm.hub;

import java.nio.file.Path;
import java.util.List;

/// What a pull gave.
///
/// @param reference what was asked for
/// @param commit which commit that is
/// @param folder where its files lie
/// @param checked whether the hub was asked; else the cache alone knows
/// @param files the files asked for, all of them there
public record PullReport(ModelReference reference, String commit, Path folder, boolean checked,
        List<PulledFile> files) {
    public PullReport {
        files = List.copyOf(files);
    }

    /// A file of the model.
    ///
    /// @param path below the folder, with slashes
    /// @param size in bytes
    /// @param downloaded whether it was fetched now, at least in part
    public record PulledFile(String path, long size, boolean downloaded) {}

    /// Bytes of all files.
    public long bytes() {
        return files.stream().mapToLong(PulledFile::size).sum();
    }

    /// Files that were fetched now.
    public long downloads() {
        return files.stream().filter(PulledFile::downloaded).count();
    }
}
