package org.ternlm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ternlm.hub.PullReport.PulledFile;

/// Fetches a model from a hub into the cache: asks what there is, fetches what is missing, several files at a time, and
/// shows them in a snapshot when all have arrived. Stopped at any point, it leaves what has arrived, and the next one
/// goes on from there.
///
/// ```
/// PullReport report = new Pull(HubSettings.ofProcess(), PullListener.NONE).run(ModelReference.parse("org/name"),
///         FileSelection.NEEDED);
/// ```
///
/// One run at a time; [#cancel()] may come from any thread.
public final class Pull {
    private static final int PARALLEL = 4;
    /// Without a network, a person should not wait for half a minute to hear it.
    private static final int LISTING_ATTEMPTS = 3;
    private static final long END_SECONDS = 2;

    private final HubSettings settings;
    private final PullListener listener;
    private final Patience patience;
    private final ModelCache models;
    private volatile @Nullable Thread runner;

    /// @param listener hears how it goes
    public Pull(HubSettings settings, PullListener listener) {
        this(settings, listener, Patience.USUAL);
    }

    Pull(HubSettings settings, PullListener listener, Patience patience) {
        this.settings = settings;
        this.listener = listener;
        this.patience = patience;
        this.models = new ModelCache(settings);
    }

    /// Fetches what is missing of the selection. Offline, or if nobody answers, a model that is whole in the cache is
    /// enough.
    ///
    /// @throws HubException if it cannot be had
    /// @throws IOException if the cache cannot be read or written
    /// @throws InterruptedException if it was cancelled
    public PullReport run(ModelReference reference, FileSelection selection) throws IOException, InterruptedException {
        runner = Thread.currentThread();
        try {
            Optional<PullReport> cached = cached(reference, selection);
            if (settings.offline()) {
                return cached.orElseThrow(() -> new HubException(HubException.Kind.NOT_CACHED,
                        reference + " is not in the cache " + settings.cache(),
                        "HF_HUB_OFFLINE forbids to ask the hub for it"));
            }
            try (Transport transport = new Transport(settings, patience)) {
                HubApi api = new HubApi(settings, transport, reference);
                Optional<Listing> listing = listing(api, cached.isPresent());
                return listing.isPresent()
                        ? fetch(api, transport, reference, listing.get(), selection)
                        : cached.orElseThrow();
            }
        } finally {
            runner = null;
        }
    }

    /// Ends the run soon, if there is one.
    public void cancel() {
        Thread thread = runner;
        if (thread != null) {
            thread.interrupt();
        }
    }

    /// What the hub lists; nothing if it does not answer and can be done without.
    private Optional<Listing> listing(HubApi api, boolean dispensable) throws InterruptedException {
        try {
            return Optional.of(api.listing(patience.atMost(dispensable ? 1 : LISTING_ATTEMPTS)));
        } catch (HubException problem) {
            if (dispensable && problem.kind() == HubException.Kind.UNREACHABLE) {
                return Optional.empty();
            }
            throw problem;
        }
    }

    /// The model, if the cache alone is enough. Of patterns it can say only that some files match.
    private Optional<PullReport> cached(ModelReference reference, FileSelection selection) throws IOException {
        Optional<CachedSnapshot> snapshot = models.snapshot(reference);
        if (snapshot.isEmpty() || !selection.isByName() && !snapshot.get().holdsModel()) {
            return Optional.empty();
        }
        Path folder = snapshot.get().folder();
        List<PulledFile> files = new ArrayList<>();
        for (String path : snapshot.get().files()) {
            if (selection.admits(path)) {
                files.add(new PulledFile(path, Files.size(folder.resolve(path)), false));
            }
        }
        return files.isEmpty()
                ? Optional.empty()
                : Optional.of(new PullReport(reference, snapshot.get().commit(), folder, false, files));
    }

    private PullReport fetch(HubApi api, Transport transport, ModelReference reference, Listing listing,
            FileSelection selection) throws IOException, InterruptedException {
        RepositoryCache cache = RepositoryCache.of(settings.cache(), reference.repository());
        String commit = listing.commit();
        List<RemoteFile> files = selection.choose(reference, listing.files());
        // The same content may have several names.
        Map<Checksum, RemoteFile> missing = new LinkedHashMap<>();
        files.stream().filter(file -> !cache.has(commit, file)).sorted(Comparator.comparingLong(RemoteFile::size))
                .forEach(file -> missing.putIfAbsent(file.checksum(), file));
        download(missing.values().stream().map(file -> new BlobDownload(api, transport, cache, patience, listener,
                commit, file)).toList(), missing.values().stream().mapToLong(RemoteFile::size).sum());
        show(cache, commit, files);
        cache.writeRef(reference, commit);
        return new PullReport(reference, commit, cache.snapshot(commit), true, files.stream().map(
                file -> new PulledFile(file.path(), file.size(), missing.containsKey(file.checksum()))).toList());
    }

    /// Weights last: whoever looks meanwhile, or after a crash, sees that they are missing.
    private static void show(RepositoryCache cache, String commit, List<RemoteFile> files) throws IOException {
        for (RemoteFile file : files.stream().sorted(Comparator.comparingLong(RemoteFile::size)).toList()) {
            cache.place(commit, file, RepositoryCache.PLACINGS);
        }
    }

    private void download(List<BlobDownload> downloads, long total) throws IOException, InterruptedException {
        if (downloads.isEmpty()) {
            return;
        }
        long before = downloads.stream().mapToLong(BlobDownload::before).sum();
        DiskSpace.require(settings.cache(), total - before);
        listener.starts(downloads.size(), total, before);
        ExecutorService workers = Executors.newFixedThreadPool(Math.min(PARALLEL, downloads.size()),
                work -> Thread.ofPlatform().daemon().name("tern-hub-pull").unstarted(work));
        try {
            ExecutorCompletionService<Object> done = new ExecutorCompletionService<>(workers);
            downloads.forEach(download -> done.submit(() -> {
                download.run();
                return download;
            }));
            for (int i = 0; i < downloads.size(); i++) {
                done.take().get();
            }
        } catch (ExecutionException failed) {
            throw unwrapped(failed);
        } finally {
            end(workers);
        }
    }

    /// The first failure ends the others too; what they have is kept.
    private static void end(ExecutorService workers) {
        workers.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            workers.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException again) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static IOException unwrapped(ExecutionException failed) throws InterruptedException {
        return switch (failed.getCause()) {
            case InterruptedException stopped -> throw stopped;
            case IOException problem -> problem;
            case RuntimeException problem -> throw problem;
            case Error problem -> throw problem;
            case null, default -> new IOException(failed.getCause());
        };
    }
}
