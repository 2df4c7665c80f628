package org.ternlm.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a corpus shall hold.
///
/// @param tokenizer the folder of the tokenizer
/// @param training the sources, in this order
/// @param validation sources of the validation split; empty if it is a share of the others. A training document that is
/// also in there is left out of training
/// @param validationShare the share of documents that go to the validation split, from 0 to below 1; a document's text
/// alone decides, so equal documents stay together and more text moves none
/// @param addBos whether each document starts with the tokenizer's BOS
/// @param addEos whether each document ends with the tokenizer's EOS
/// @param threads how many threads tokenise; the result does not depend on it
public record CorpusPlan(Path tokenizer, List<TextSource> training, List<TextSource> validation, double validationShare,
        boolean addBos, boolean addEos, int threads) {
    /// Enough documents to measure on, too few to miss.
    public static final double DEFAULT_VALIDATION_SHARE = 0.005;

    public CorpusPlan {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
        if (training.isEmpty()) {
            throw new IllegalArgumentException("a corpus needs at least one source");
        }
        if (!(validationShare >= 0 && validationShare < 1)) {
            throw new IllegalArgumentException("validation share: expected 0 to below 1, found " + validationShare);
        }
        if (!validation.isEmpty() && validationShare > 0) {
            throw new IllegalArgumentException("expected validation sources or a validation share, found both");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("threads: expected at least 1, found " + threads);
        }
    }

    /// `training` with BOS and EOS around each document, [#DEFAULT_VALIDATION_SHARE] of them for validation, tokenised by
    /// as many threads as there are processors.
    public static CorpusPlan of(Path tokenizer, List<TextSource> training) {
        return new CorpusPlan(tokenizer, training, List.of(), DEFAULT_VALIDATION_SHARE, true, true,
                Runtime.getRuntime().availableProcessors());
    }

    /// The same with `share` of the documents for validation.
    public CorpusPlan withValidationShare(double share) {
        return new CorpusPlan(tokenizer, training, List.of(), share, addBos, addEos, threads);
    }

    /// The same with a validation split from sources of its own.
    public CorpusPlan withValidation(List<TextSource> sources) {
        return new CorpusPlan(tokenizer, training, sources, 0, addBos, addEos, threads);
    }

    /// The same with other tokens around each document.
    public CorpusPlan withMarks(boolean bos, boolean eos) {
        return new CorpusPlan(tokenizer, training, validation, validationShare, bos, eos, threads);
    }

    /// The same with another number of threads.
    public CorpusPlan withThreads(int count) {
        return new CorpusPlan(tokenizer, training, validation, validationShare, addBos, addEos, count);
    }

    /// The documents of `training` that do not go to a validation split of `validationShare`: what a tokenizer may be
    /// trained on. Each document counts once. To be closed.
    ///
    /// @throws org.ternlm.command.CommandException if a source is not there
    public static Documents trainingDocuments(List<TextSource> training, double validationShare) throws IOException {
        return new Documents(training, text -> !isForValidation(Hashes.document(text), validationShare));
    }

    static boolean isForValidation(long documentHash, double share) {
        return Hashes.fraction(documentHash) < share;
    }

    /// Bytes of all source files as they lie there.
    long sourceBytes() throws IOException {
        long bytes = 0;
        for (TextSource source : Stream.concat(training.stream(), validation.stream()).toList()) {
            for (SourceFile file : SourceFile.of(source)) {
                bytes += Files.size(file.path());
            }
        }
        return bytes;
    }
}
