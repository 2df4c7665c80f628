package org.ternlm.train.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.format.ModelFormatException;
import org.ternlm.tokenizer.Tokenizer;

/// Tokenises all sources into shards, then writes the manifest that makes them a corpus, then deletes the shards of the
/// corpus that was there before. Not thread-safe.
final class CorpusBuilder {
    private static final String TRAINING = "training";
    private static final String VALIDATION = "validation";

    private final CorpusPlan plan;
    private final Path folder;
    private final Tokenizer tokenizer;
    private final CorpusIdentity identity;
    private final long shardBytes;
    private final Set<Long> validationHashes = new HashSet<>();
    private long leftOut;

    CorpusBuilder(CorpusPlan plan, Path folder, Tokenizer tokenizer, CorpusIdentity identity, long shardBytes) {
        this.plan = plan;
        this.folder = folder;
        this.tokenizer = tokenizer;
        this.identity = identity;
        this.shardBytes = shardBytes;
    }

    void build(Console console) throws IOException {
        ShardNames.deleteOthers(folder, named());
        CorpusManifest manifest;
        try (Progress progress = Progress.of(console, "tokenising", Unit.BYTES, plan.sourceBytes());
                SplitWriter training = writer(TRAINING, plan.training().size());
                SplitWriter validation = writer(VALIDATION,
                        plan.validation().isEmpty() ? plan.training().size() : plan.validation().size())) {
            tokenize(VALIDATION, plan.validation(), progress::advance, document -> {
                validationHashes.add(document.hash());
                validation.add(document.source(), document.tokens(), document.utf8Bytes());
            });
            tokenize(TRAINING, plan.training(), progress::advance, document -> split(document, training, validation));
            requireText(training, validation);
            manifest = new CorpusManifest(identity, training.finish(), validation.finish());
            manifest.write(folder);
            progress.finish("tokenised %s".formatted(summary(manifest)));
        }
        ShardNames.deleteOthers(folder, names(manifest));
    }

    private void split(TokenizingPool.Tokenized document, SplitWriter training, SplitWriter validation)
            throws IOException {
        if (validationHashes.contains(document.hash())) {
            leftOut++;
        } else {
            SplitWriter split = CorpusPlan.isForValidation(document.hash(), plan.validationShare())
                    ? validation
                    : training;
            split.add(document.source(), document.tokens(), document.utf8Bytes());
        }
    }

    @FunctionalInterface
    private interface Taker {
        void take(TokenizingPool.Tokenized document) throws IOException;
    }

    private void tokenize(String split, List<TextSource> sources, LongConsumer bytesRead, Taker taker)
            throws IOException {
        try (TokenizingPool pool = new TokenizingPool(tokenizer, mark(plan.addBos(), tokenizer.bosId(), "bos_token"),
                mark(plan.addEos(), tokenizer.eosId(), "eos_token"), plan.threads())) {
            for (int source = 0; source < sources.size(); source++) {
                for (SourceFile file : SourceFile.of(sources.get(source))) {
                    try (SourceReader reader = new SourceReader(sources.get(source), file, bytesRead)) {
                        for (String text = reader.next(); text != null; text = reader.next()) {
                            takeAll(pool.add(source, text), taker);
                        }
                        requireUnchanged(file, identity.sha256(split, source, file), reader.sha256());
                    }
                }
            }
            List<TokenizingPool.Tokenized> rest = pool.rest();
            while (!rest.isEmpty()) {
                takeAll(rest, taker);
                rest = pool.rest();
            }
        }
    }

    private static void takeAll(List<TokenizingPool.Tokenized> documents, Taker taker) throws IOException {
        for (TokenizingPool.Tokenized document : documents) {
            taker.take(document);
        }
    }

    private static void requireUnchanged(SourceFile file, String expected, String found) {
        if (!expected.equals(found)) {
            throw ModelFormatException.in(file.path()).expected("SHA-256 " + expected).found(found)
                    .hint("the file changed while it was read: try again when nobody writes to it").problem();
        }
    }

    private void requireText(SplitWriter training, SplitWriter validation) {
        long documents = training.documents() + validation.documents();
        String places = Stream.concat(plan.training().stream(), plan.validation().stream())
                .map(source -> source.path().toString()).collect(Collectors.joining(", "));
        if (documents == 0) {
            throw new CommandException("empty corpus: no text in " + places);
        }
        if (training.documents() == 0) {
            throw new CommandException("no document is left for training, of %,d in all".formatted(documents),
                    "lower the validation share, or say which separator stands between documents");
        }
        boolean wanted = plan.validationShare() > 0 || !plan.validation().isEmpty();
        if (wanted && validation.documents() == 0) {
            throw new CommandException("no document fell to the validation split, of %,d in all: expected a share of %s"
                    .formatted(documents, plan.validationShare()),
                    "give a validation source, a larger share, or the separator that stands between documents");
        }
    }

    private int[] mark(boolean wanted, OptionalInt id, String name) {
        if (!wanted) {
            return new int[0];
        }
        if (id.isEmpty()) {
            throw new CommandException("the tokenizer in %s has no %s".formatted(plan.tokenizer(), name),
                    "name one in tokenizer_config.json, or prepare the corpus without it");
        }
        return new int[] {id.getAsInt()};
    }

    private SplitWriter writer(String split, int sources) {
        return new SplitWriter(folder, ShardNames.prefix(split, identity.fingerprint()),
                ShardFormat.width(tokenizer.vocabularySize()), sources, shardBytes);
    }

    /// The shards that the manifest in the folder names, if there is one that can be read.
    private Set<String> named() {
        try {
            return names(CorpusManifest.read(folder));
        } catch (ModelFormatException e) {
            return Set.of();
        }
    }

    private static Set<String> names(CorpusManifest manifest) {
        return Stream.of(manifest.training(), manifest.validation()).flatMap(split -> split.shards().stream())
                .map(Shard.Entry::file).collect(Collectors.toSet());
    }

    private String summary(CorpusManifest manifest) {
        return "%,d documents: %,d tokens for training, %,d for validation%s".formatted(
                manifest.training().documents() + manifest.validation().documents(), manifest.training().tokens(),
                manifest.validation().tokens(),
                leftOut == 0 ? "" : "; %,d documents left out, as validation has them".formatted(leftOut));
    }
}
