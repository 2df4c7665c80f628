package org.ternlm.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;

/// The open models of this Java virtual machine: each is opened by the first task that needs it, and shared by all that do.
/// A model that no task uses stays open for the next one, until another has to be opened; what is open when the machine
/// ends goes with its process. Safe for several threads.
final class ExecutorModels {
    private static final Map<SparkModel, Shared> OPEN = new HashMap<>();

    private ExecutorModels() {}

    private static final class Shared {
        final ExecutorModel model;
        int users;

        Shared(ExecutorModel model) {
            this.model = model;
        }
    }

    /// The use of a model, until it is closed.
    static final class Lease implements AutoCloseable {
        private final SparkModel key;
        private final Shared shared;
        private boolean closed;

        private Lease(SparkModel key, Shared shared) {
            this.key = key;
            this.shared = shared;
        }

        ExecutorModel model() {
            return shared.model;
        }

        /// The model has failed: the next task opens it anew.
        void discard() {
            synchronized (OPEN) {
                OPEN.remove(key, shared);
            }
        }

        /// Idempotent.
        @Override
        public void close() {
            boolean last;
            synchronized (OPEN) {
                if (closed) {
                    return;
                }
                closed = true;
                shared.users--;
                last = shared.users == 0 && OPEN.get(key) != shared;
            }
            if (last) {
                shared.model.close();
            }
        }
    }

    /// Opens the model, or shares it if it is open; others wait for that.
    ///
    /// @throws ExecutorModelException if this machine does not have it, or another one, or another Tern
    static Lease lease(SparkModel model) {
        synchronized (OPEN) {
            Shared shared = OPEN.get(model);
            if (shared == null) {
                closeUnused();
                shared = new Shared(open(model));
                OPEN.put(model, shared);
            }
            shared.users++;
            return new Lease(model, shared);
        }
    }

    /// Closes what no task uses at the moment.
    static void closeUnused() {
        synchronized (OPEN) {
            OPEN.values().removeIf(shared -> {
                if (shared.users == 0) {
                    shared.model.close();
                }
                return shared.users == 0;
            });
        }
    }

    /// How many models are open.
    static int open() {
        synchronized (OPEN) {
            return OPEN.size();
        }
    }

    private static ExecutorModel open(SparkModel model) {
        if (!model.version().equals(Version.NUMBER)) {
            throw problem("expected Tern %s, which the driver has, found %s: give both the same jars".formatted(model
                    .version(), Version.NUMBER), null);
        }
        try {
            Path path = model.place().path();
            String found = Fingerprint.of(path);
            if (!found.equals(model.fingerprint())) {
                throw problem("%s is another model than the driver has: expected SHA-256 %s…, found %s…".formatted(path,
                        model.fingerprint().substring(0, 16), found.substring(0, 16)), null);
            }
            return ExecutorModel.open(model, threads(model));
        } catch (IOException missing) {
            throw problem("%s: expected the model that the driver has: %s".formatted(model.place(), missing
                    .getMessage()), missing);
        } catch (IllegalArgumentException | ModelFormatException wrong) {
            throw problem("%s cannot be opened: %s".formatted(model.place(), wrong.getMessage()), wrong);
        }
    }

    private static int threads(SparkModel model) {
        if (model.threads() > 0) {
            return model.threads();
        }
        int machine = Runtime.getRuntime().availableProcessors();
        SparkEnv environment = SparkEnv.get();
        return environment == null ? machine : environment.conf().getInt("spark.executor.cores", machine);
    }

    private static ExecutorModelException problem(String what, @Nullable Throwable cause) {
        return new ExecutorModelException("executor %s: %s".formatted(place(), what), cause);
    }

    private static String place() {
        SparkEnv environment = SparkEnv.get();
        return environment == null
                ? "of no Spark"
                : environment.executorId() + " on " + environment.blockManager().blockManagerId().host();
    }
}
