package org.ternlm.options;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.ternlm.hub.HubSettings;
import org.ternlm.hub.ModelCache;
import org.ternlm.hub.ModelReference;

/// Models in the cache that `tern pull` fills. A class of its own, so that a model of a local folder loads none of the
/// classes of the hub.
final class CachedModels {
    private CachedModels() {}

    /// The model that `hf:organisation/name` means, or that with `@revision`.
    ///
    /// @throws org.ternlm.hub.HubException if it has not been pulled
    static Path of(String reference) {
        try {
            return cache().model(ModelReference.parse(reference));
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /// The model that a plain name means, if the cache holds one of that name.
    static Optional<Path> named(String name) {
        try {
            return cache().named(name);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    private static ModelCache cache() {
        return new ModelCache(HubSettings.ofProcess());
    }
}
