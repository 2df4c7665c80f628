package org.ternlm.eval.measure;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import org.ternlm.command.CommandException;
import org.ternlm.generate.Divergence;
import org.ternlm.generate.Scorer;
import org.ternlm.generate.Tern;

/// Compares a model with a reference on texts, in windows end to end. Not thread-safe.
public final class DivergenceRun {
    private final Tern tern;
    private final Tern reference;
    private final int context;

    /// @param context tokens of a window
    /// @throws CommandException if the models have different vocabularies
    public DivergenceRun(Tern tern, Tern reference, int context) {
        this.tern = tern;
        this.reference = reference;
        this.context = context;
        int size = tern.tokenizer().vocabularySize();
        boolean same = tern.config().vocabularySize() == reference.config().vocabularySize() && size == reference
                .tokenizer().vocabularySize();
        for (int id = 0; same && id < size; id++) {
            same = tern.tokenizer().piece(id).equals(reference.tokenizer().piece(id));
        }
        if (!same) {
            throw new CommandException("%s and %s have different vocabularies".formatted(tern.path().getFileName(),
                    reference.path().getFileName()), "the divergence is defined for the same tokens only");
        }
    }

    /// Compares on all documents.
    ///
    /// @param heard how many bytes of text are done
    /// @throws CommandException if there are no two tokens
    public DivergenceResult run(List<String> documents, LongConsumer heard) {
        Scorer scorer = tern.scorer(context);
        Scorer other = reference.scorer(context);
        Mean nats = new Mean();
        Mean difference = new Mean();
        double largest = 0;
        int same = 0;
        for (String document : documents) {
            int[] tokens = tern.tokenizer().encode(document, true);
            for (int start = 0; start + 1 < tokens.length; start += context) {
                Divergence found = scorer.divergenceFrom(other, Arrays.copyOfRange(tokens, start, Math.min(
                        tokens.length, start + context)));
                for (int i = 0; i < found.nats().length; i++) {
                    nats.add(found.nats()[i]);
                    largest = Math.max(largest, found.nats()[i]);
                    same += found.sameTop()[i] ? 1 : 0;
                    difference.add(found.reference()[i] - found.compared()[i]);
                }
            }
            heard.accept(ScoredBytes.of(document));
        }
        if (nats.count() == 0) {
            throw new CommandException("no token to compare: the text is too short");
        }
        return new DivergenceResult(nats, largest, new Share(same, Math.toIntExact(nats.count())), difference);
    }
}
