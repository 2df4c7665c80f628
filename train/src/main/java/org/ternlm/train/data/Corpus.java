package org.ternlm.train.data;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Optional;
import org.ternlm.command.Console;
import org.ternlm.format.ModelFormatException;

/// Text, tokenised once and mapped into memory: a training split and, unless nobody wanted one, a validation split.
///
/// ```
/// CorpusPlan plan = CorpusPlan.of(tokenizerFolder, List.of(TextSource.of(file).separatedBy("<|endoftext|>")));
/// try (Corpus corpus = Corpus.prepare(plan, folder, console)) {
///     TokenBatches batches = TokenBatches.training(corpus.training(), BatchPlan.of(256, 16, seed));
///     TokenBatch batch = batches.batch(step);
///     …
/// }
/// ```
///
/// The folder holds `corpus.json` and the shards that it names; the package's description shows their bytes. Safe to share
/// between threads until it is closed; nothing of it may be used after that.
public final class Corpus implements AutoCloseable {
    private static final long SHARD_BYTES = 1L << 30;

    private final Arena arena;
    private final String fingerprint;
    private final TokenSplit training;
    private final TokenSplit validation;

    private Corpus(Arena arena, Path folder, CorpusManifest manifest) {
        this.arena = arena;
        this.fingerprint = manifest.identity().fingerprint();
        int vocabularySize = manifest.identity().vocabularySize();
        this.training = TokenSplit.map(folder, manifest.training(), manifest.identity().repeats(), vocabularySize,
                arena);
        this.validation = TokenSplit.map(folder, manifest.validation(), new int[0], vocabularySize, arena);
    }

    /// Opens the corpus that `plan` asks for, if it is in `folder`; else makes it there, in place of another.
    ///
    /// A preparation that is interrupted, or killed, leaves the former corpus, or none.
    ///
    /// @throws org.ternlm.command.CommandException if a source is not there, there is no text in them, or none for a split
    /// @throws ModelFormatException if a source is no UTF-8 or otherwise damaged, with the place
    public static Corpus prepare(CorpusPlan plan, Path folder, Console console) throws IOException {
        return prepare(plan, folder, console, SHARD_BYTES);
    }

    static Corpus prepare(CorpusPlan plan, Path folder, Console console, long shardBytes) throws IOException {
        return new CorpusPreparation(plan, folder, console, shardBytes).run(null);
    }

    /// The same for a run that goes on: the corpus must be the one that the run began with.
    ///
    /// @param fingerprint [#fingerprint()] as it was then
    /// @throws org.ternlm.command.CommandException if the sources, the tokenizer or the plan have changed, saying what
    public static Corpus resume(CorpusPlan plan, Path folder, Console console, String fingerprint) throws IOException {
        return new CorpusPreparation(plan, folder, console, SHARD_BYTES).run(fingerprint);
    }

    /// Opens what lies in `folder`, without a look at the sources it was made of.
    ///
    /// @throws ModelFormatException if no whole corpus is there
    public static Corpus open(Path folder) {
        CorpusManifest manifest = CorpusManifest.read(folder);
        Arena arena = Arena.ofShared();
        try {
            return new Corpus(arena, folder, manifest);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /// A hash of all that decides what the corpus holds: sources, tokenizer, plan.
    public String fingerprint() {
        return fingerprint;
    }

    /// What models are trained on.
    public TokenSplit training() {
        return training;
    }

    /// What is held back to measure on.
    public Optional<TokenSplit> validation() {
        return validation.documents() == 0 ? Optional.empty() : Optional.of(validation);
    }

    @Override
    public void close() {
        arena.close();
    }
}
