package org.ternlm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The folder of one repository in the cache, laid out as `huggingface_hub` does it, so that each finds what the other
/// fetched:
///
/// ```
/// models--org--name/refs/main                  the commit that a branch or tag was
/// models--org--name/blobs/CHECKSUM             contents, each once
/// models--org--name/blobs/CHECKSUM.incomplete  what has arrived of one
/// models--org--name/snapshots/COMMIT/PATH      the repository's files: relative links to blobs
/// .locks/models--org--name/CHECKSUM.lock       held while a blob is fetched
/// ```
///
/// @param root the cache
/// @param folder this repository's part of it
record RepositoryCache(Path root, Path folder) {
    static RepositoryCache of(Path root, RepositoryName repository) {
        return new RepositoryCache(root, root.resolve(repository.folder()));
    }

    Path blob(Checksum checksum) {
        return folder.resolve("blobs").resolve(checksum.text());
    }

    Path partial(Checksum checksum) {
        return folder.resolve("blobs").resolve(checksum.text() + ".incomplete");
    }

    Path lock(Checksum checksum) {
        return root.resolve(".locks").resolve(folder.getFileName()).resolve(checksum.text() + ".lock");
    }

    Path snapshot(String commit) {
        return folder.resolve("snapshots").resolve(commit);
    }

    /// Whether a file is there whole, as a blob or in the snapshot; where links cannot be made, only the latter may be.
    boolean has(String commit, RemoteFile file) {
        return hasBlob(file) || isWhole(snapshot(commit).resolve(file.path()), file.size());
    }

    boolean hasBlob(RemoteFile file) {
        return isWhole(blob(file.checksum()), file.size());
    }

    private static boolean isWhole(Path path, long size) {
        try {
            return Files.isRegularFile(path) && Files.size(path) == size;
        } catch (IOException gone) {
            return false;
        }
    }

    /// Bytes of a file that have arrived already.
    long arrived(RemoteFile file) {
        long size = partial(file.checksum()).toFile().length();
        return size <= file.size() ? size : 0;
    }

    /// The snapshot of a revision, as far as the cache knows it.
    Optional<Path> snapshotOf(ModelReference reference) throws IOException {
        Path ref = folder.resolve("refs").resolve(reference.revision());
        String commit = reference.isCommit()
                ? reference.revision()
                : Files.isRegularFile(ref) ? Files.readString(ref).strip() : "";
        return Optional.of(commit).filter(ModelReference::isCommit).map(this::snapshot).filter(Files::isDirectory);
    }

    /// Notes which commit a branch or a tag is.
    void writeRef(ModelReference reference, String commit) throws IOException {
        if (reference.isCommit()) {
            return;
        }
        Path ref = folder.resolve("refs").resolve(reference.revision());
        Files.createDirectories(ref.getParent());
        Path aside = aside(ref);
        Files.writeString(aside, commit);
        Files.move(aside, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Ways to show a blob in a snapshot, the best one first. Where the first is not allowed, as on Windows for most
    /// users, the second costs no space either.
    static final List<Placing> PLACINGS = List.of(
            (entry, blob) -> Files.createSymbolicLink(entry,
                    Objects.requireNonNull(entry.getParent()).relativize(blob)),
            Files::createLink,
            (entry, blob) -> Files.copy(blob, entry));

    /// Makes `entry` show what `blob` holds.
    @FunctionalInterface
    interface Placing {
        void place(Path entry, Path blob) throws IOException;
    }

    /// Shows a blob in a snapshot.
    ///
    /// @throws IOException if none of the ways is possible
    void place(String commit, RemoteFile file, List<Placing> placings) throws IOException {
        Path entry = snapshot(commit).resolve(file.path());
        if (isWhole(entry, file.size())) {
            return;
        }
        Files.createDirectories(entry.getParent());
        Path aside = aside(entry);
        try {
            placeAside(aside, blob(file.checksum()), placings);
            Files.move(aside, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            // Two hard links to one file count as the same: a rename leaves both.
            Files.deleteIfExists(aside);
        }
    }

    private static void placeAside(Path aside, Path blob, List<Placing> placings) throws IOException {
        IOException last = new IOException("no way to place " + aside);
        for (Placing placing : placings) {
            try {
                placing.place(aside, blob);
                return;
            } catch (IOException | UnsupportedOperationException impossible) {
                last = impossible instanceof IOException problem ? problem : new IOException(impossible);
                Files.deleteIfExists(aside);
            }
        }
        throw last;
    }

    private static Path aside(Path target) {
        Path aside = target.resolveSibling(".%s.%x.partial".formatted(target.getFileName(), System.nanoTime()));
        return Files.exists(aside, LinkOption.NOFOLLOW_LINKS) ? aside(target) : aside;
    }
}
