package org.ternlm.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.ChatFormat;
import org.ternlm.chat.schema.TokenVocabulary;
import org.ternlm.generate.OpenOptions;
import org.ternlm.generate.Scheduler;
import org.ternlm.generate.SchedulerOptions;
import org.ternlm.generate.Tern;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.KvCache;

/// An open model that chat models share: their requests are computed together, and a conversation that goes on finds its
/// beginning computed already.
///
/// Safe for several threads. Close it last: what is under way is cancelled, files are unmapped, and threads end.
public final class TernModel implements AutoCloseable {
    private static final int SEQUENCES = 8;
    private static final int QUEUE = 256;
    private static final long CACHE_BYTES = 1L << 30;

    private final Tern tern;
    private final String name;
    private final Scheduler scheduler;
    private final ChatFormat format;
    private volatile @Nullable TokenVocabulary vocabulary;

    private TernModel(Tern tern, String name, SchedulerOptions options) {
        this.tern = tern;
        this.name = name;
        format = ChatFormat.of(tern);
        scheduler = tern.scheduler(options);
    }

    /// Opens a Hugging Face folder or a GGUF file, with the model's whole context, up to 8 requests at once, 256 that wait,
    /// and a GiB of keys and values, or as much as one whole context takes.
    ///
    /// @throws org.ternlm.format.ModelFormatException if it is damaged or holds what Tern does not support
    public static TernModel open(Path path) {
        return open(path, OpenOptions.usual());
    }

    /// The same, with other threads or another form of the output head.
    ///
    /// @throws org.ternlm.format.ModelFormatException if it is damaged or holds what Tern does not support
    public static TernModel open(Path path, OpenOptions options) {
        Tern tern = Tern.open(path, options);
        int context = tern.config().contextLength();
        long whole = KvCache.byteSize(tern.config(), KvForm.F32, context);
        return closingOnFailure(tern,
                new SchedulerOptions(context, SEQUENCES, QUEUE, Math.max(CACHE_BYTES, whole),
                        KvForm.F32));
    }

    /// The same, with limits of your own.
    ///
    /// @throws org.ternlm.format.ModelFormatException if it is damaged or holds what Tern does not support
    /// @throws IllegalArgumentException if the context is longer than the model's own
    public static TernModel open(Path path, OpenOptions options, SchedulerOptions limits) {
        return closingOnFailure(Tern.open(path, options), limits);
    }

    private static TernModel closingOnFailure(Tern tern, SchedulerOptions limits) {
        try {
            return new TernModel(tern, tern.name(), limits);
        } catch (RuntimeException problem) {
            tern.close();
            throw problem;
        }
    }

    /// What the model is called: its folder or file, without the ending.
    public String name() {
        return name;
    }

    /// Only this model is open: a request names it, or none.
    ///
    /// @throws UnsupportedFeatureException if it names another
    void checkName(@Nullable String asked) {
        if (asked != null && !asked.equals(name)) {
            throw new UnsupportedFeatureException(
                    "'modelName' other than '%s' is not supported: one model is open, found '%s'".formatted(name,
                            asked));
        }
    }

    /// The model itself, for all that chat models do not offer.
    public Tern tern() {
        return tern;
    }

    ChatFormat format() {
        return format;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    int contextLength() {
        return scheduler.options().contextLength();
    }

    /// Made when someone first asks for JSON: it takes a while for a large vocabulary.
    TokenVocabulary vocabulary() {
        TokenVocabulary known = vocabulary;
        if (known == null) {
            synchronized (this) {
                known = vocabulary;
                if (known == null) {
                    Set<Integer> ends = new HashSet<>(format.stopTokens());
                    ends.addAll(tern.config().eosIds());
                    known = TokenVocabulary.of(tern.tokenizer(), tern.config().vocabularySize(), ends);
                    vocabulary = known;
                }
            }
        }
        return known;
    }

    /// Cancels what is under way and lets go of everything; idempotent.
    @Override
    public void close() {
        scheduler.close();
        tern.close();
    }
}
