package org.ternlm.train.data;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.format.ModelFormatException;
import org.ternlm.tokenizer.Tokenizer;

/// Makes a corpus, or finds that it is already there. One preparation at a time works in a folder: another, of this or
/// any process, waits and then finds the corpus.
final class CorpusPreparation {
    private static final String LOCK = "corpus.lock";
    private static final Object ONE_AT_A_TIME = new Object();

    private final CorpusPlan plan;
    private final Path folder;
    private final Console console;
    private final long shardBytes;

    CorpusPreparation(CorpusPlan plan, Path folder, Console console, long shardBytes) {
        this.plan = plan;
        this.folder = folder;
        this.console = console;
        this.shardBytes = shardBytes;
    }

    /// @param expected the fingerprint that the corpus must have, or null if it may have any
    Corpus run(@Nullable String expected) throws IOException {
        Files.createDirectories(folder);
        // A lock on a file keeps other processes out, but not other threads of this one.
        synchronized (ONE_AT_A_TIME) {
            try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE); var _ = channel.lock()) {
                return runLocked(expected);
            }
        }
    }

    private Corpus runLocked(@Nullable String expected) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(plan.tokenizer());
        CorpusIdentity identity = identity(tokenizer);
        CorpusManifest manifest = manifest();
        if (expected != null && !expected.equals(identity.fingerprint())) {
            throw changed(identity, manifest, expected);
        }
        if (manifest != null && manifest.identity().equals(identity)) {
            try {
                return Corpus.open(folder);
            } catch (ModelFormatException e) {
                console.error().println("preparing the corpus again: " + e.getMessage());
            }
        }
        new CorpusBuilder(plan, folder, tokenizer, identity, shardBytes).build(console);
        return Corpus.open(folder);
    }

    private CorpusIdentity identity(Tokenizer tokenizer) throws IOException {
        try (Progress progress = Progress.of(console, "checking sources", Unit.BYTES, plan.sourceBytes())) {
            return CorpusIdentity.of(plan, tokenizer, progress::advance);
        }
    }

    private @Nullable CorpusManifest manifest() {
        if (!Files.exists(folder.resolve(CorpusManifest.FILE))) {
            return null;
        }
        try {
            return CorpusManifest.read(folder);
        } catch (ModelFormatException e) {
            console.error().println("preparing the corpus again: " + e.getMessage());
            return null;
        }
    }

    private CommandException changed(CorpusIdentity identity, @Nullable CorpusManifest manifest, String expected) {
        boolean known = manifest != null && manifest.identity().fingerprint().equals(expected);
        String what = manifest != null && known
                ? manifest.identity().differencesTo(identity)
                : "fingerprint: expected %s, found %s".formatted(expected, identity.fingerprint());
        return new CommandException("changed data: " + what,
                "a run goes on only with the text and the tokenizer it began with: bring them back, or start a new run");
    }
}
