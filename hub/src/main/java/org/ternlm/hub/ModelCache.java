package org.ternlm.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The models that lie in the cache of a hub. Asks nobody.
public final class ModelCache {
    private final Path root;

    /// @param settings which cache
    public ModelCache(HubSettings settings) {
        this.root = settings.cache();
    }

    /// A model that `hf:…` names: a folder, or a GGUF file.
    ///
    /// @throws HubException if the cache does not hold it, or not all of it
    /// @throws IOException if the cache cannot be read
    public Path model(ModelReference reference) throws IOException {
        CachedSnapshot snapshot = snapshot(reference).orElseThrow(() -> new HubException(
                HubException.Kind.NOT_CACHED, reference + " is not in the cache " + root, "tern pull " + reference));
        if (!snapshot.holdsModel()) {
            throw new HubException(HubException.Kind.NOT_CACHED,
                    "%s is not complete in the cache: %s".formatted(reference, snapshot.folder()),
                    "tern pull " + reference);
        }
        return snapshot.model(reference);
    }

    /// A model that a plain name may mean: `organisation/name`, or `name` of any organisation.
    ///
    /// @return nothing if the cache has no such repository
    /// @throws HubException if it has several, or not all of the model
    /// @throws IOException if the cache cannot be read
    public Optional<Path> named(String text) throws IOException {
        int at = text.indexOf('@');
        String name = at < 0 ? text : text.substring(0, at);
        String revision = at < 0 ? ModelReference.MAIN : text.substring(at + 1);
        if (!RepositoryName.isName(name) || !SafePath.isSafe(revision)) {
            return Optional.empty();
        }
        List<RepositoryName> repositories = repositories(name);
        if (repositories.size() > 1) {
            throw new HubException(HubException.Kind.BAD_NAME, "the cache holds %d models called %s: %s".formatted(
                    repositories.size(), name, repositories), "name one with its organisation");
        }
        return repositories.isEmpty()
                ? Optional.empty()
                : Optional.of(model(new ModelReference(repositories.getFirst(), revision)));
    }

    /// The snapshot of a revision, whole or not.
    Optional<CachedSnapshot> snapshot(ModelReference reference) throws IOException {
        return RepositoryCache.of(root, reference.repository()).snapshotOf(reference).map(CachedSnapshot::new);
    }

    private List<RepositoryName> repositories(String name) throws IOException {
        if (name.contains("/")) {
            RepositoryName repository = new RepositoryName(name);
            return Files.isDirectory(root.resolve(repository.folder())) ? List.of(repository) : List.of();
        }
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(folder -> RepositoryName.isFolderOf(folder, name)).sorted().map(RepositoryName::ofFolder)
                    .toList();
        }
    }
}
