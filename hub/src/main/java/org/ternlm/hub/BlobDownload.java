package org.ternlm.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.UUID;

/// Fetches one file into the cache: goes on where an earlier attempt ended, tries again after failures, and lets nobody
/// see it before its checksum is right. Of one thread.
final class BlobDownload {
    private static final int BUFFER_BYTES = 1 << 16;

    private final HubApi api;
    private final Transport transport;
    private final RepositoryCache cache;
    private final Patience patience;
    private final PullListener listener;
    private final String commit;
    private final RemoteFile file;
    private long told;

    BlobDownload(HubApi api, Transport transport, RepositoryCache cache, Patience patience, PullListener listener,
            String commit, RemoteFile file) {
        this.api = api;
        this.transport = transport;
        this.cache = cache;
        this.patience = patience;
        this.listener = listener;
        this.commit = commit;
        this.file = file;
        this.told = cache.arrived(file);
    }

    /// Bytes that had arrived before.
    long before() {
        return told;
    }

    /// Fetches the file, unless another pull has done so meanwhile.
    ///
    /// @throws HubException if it cannot be had
    /// @throws IOException if the cache cannot be written
    void run() throws IOException, InterruptedException {
        try (BlobLock lock = BlobLock.acquire(cache.lock(file.checksum()), () -> listener.waits(file.path()))) {
            if (!cache.hasBlob(file)) {
                fetch(lock.isExclusive());
            }
            tell(file.size());
        }
    }

    private void fetch(boolean exclusive) throws InterruptedException {
        Path path = cache.partial(file.checksum());
        if (!exclusive) {
            path = path.resolveSibling("%s.%s.incomplete".formatted(file.checksum().text(), UUID.randomUUID()));
        }
        try (PartialFile partial = PartialFile.open(path, file.checksum(), file.size())) {
            boolean resumed = partial.length() > 0;
            fill(partial);
            boolean right = partial.isRight();
            if (!right && resumed) {
                // The mistake may lie in what was there before: once more, all of it.
                partial.restart();
                fill(partial);
                right = partial.isRight();
            }
            if (!right) {
                partial.delete();
                throw damaged("what arrived does not have the checksum " + file.checksum().text());
            }
            partial.moveTo(cache.blob(file.checksum()));
        }
    }

    /// Asks until all bytes are there. Failures count only while the file does not grow beyond what it has been: a server
    /// that starts anew each time and never ends would otherwise be asked for ever.
    private void fill(PartialFile partial) throws InterruptedException {
        Retries retries = new Retries(patience, file.path());
        long furthest = partial.length();
        tell(furthest);
        while (partial.length() < file.size()) {
            try {
                transfer(partial);
                if (partial.length() < file.size()) {
                    throw new TemporaryFailure("the answer ended after %,d of %,d bytes".formatted(partial.length(),
                            file.size()));
                }
            } catch (IOException problem) {
                if (partial.length() > furthest) {
                    furthest = partial.length();
                    retries.progressed();
                }
                retries.waitAfter(problem);
            }
        }
    }

    private void transfer(PartialFile partial) throws IOException, InterruptedException {
        try (Answer answer = transport.get(api.file(commit, file), partial.length())) {
            switch (answer.status()) {
                case 200 -> restart(partial);
                case 206 -> {
                    if (answer.start().orElse(-1) != partial.length()) {
                        restart(partial);
                        throw new TemporaryFailure("the hub answered with another part than the one asked for");
                    }
                }
                case 416 -> {
                    restart(partial);
                    throw new TemporaryFailure("the hub's file ends before %,d bytes".formatted(file.size()));
                }
                default -> throw api.refused(answer, file);
            }
            copy(answer.body(), partial);
        }
    }

    private void copy(InputStream body, PartialFile partial) throws IOException, InterruptedException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            if (partial.length() + count > file.size()) {
                partial.delete();
                throw damaged("more than the %,d bytes arrived that the hub lists".formatted(file.size()));
            }
            partial.append(buffer, count);
            tell(partial.length());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void restart(PartialFile partial) throws InterruptedException {
        partial.restart();
        tell(0);
    }

    private void tell(long arrived) {
        if (arrived != told) {
            listener.advances(arrived - told);
            told = arrived;
        }
    }

    private HubException damaged(String what) {
        return new HubException(HubException.Kind.DAMAGED, file.path() + ": " + what,
                "it was removed; try again, and tell the publisher if it stays so");
    }
}
