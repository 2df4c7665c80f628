package org.ternlm.train.run;

import java.nio.file.Path;
import org.ternlm.generate.Perplexity;
import org.ternlm.generate.Tern;
import org.ternlm.train.torch.GradientPass;
import org.ternlm.train.torch.Sequences;

/// Measures the loss on the first batches of the validation documents, in float: what the runtime computes.
final class Validator implements AutoCloseable {
    private final Batches batches;
    private final long count;
    private final GradientPass pass;

    /// @param tokens how many to look at; at least a batch
    Validator(Passes passes, Batches batches, long tokens) {
        this.batches = batches;
        long each = (long) batches.size() * batches.length();
        count = Math.min(batches.count(), Math.max(1, tokens / each));
        pass = passes.validation(batches.size(), batches.length());
    }

    /// Nats a token of the weights as they are now.
    double loss() {
        pass.begin(1);
        double sum = 0;
        long targets = 0;
        for (long i = 0; i < count; i++) {
            Sequences batch = batches.batch(i);
            sum += pass.loss(batch);
            targets += batch.targetCount();
        }
        return sum / targets;
    }

    /// The same of a folder's model, by Tern's own runtime: the two must agree.
    double runtimeLoss(Path folder) {
        try (Tern tern = Tern.open(folder)) {
            Perplexity perplexity = new Perplexity();
            for (long i = 0; i < count; i++) {
                Sequences batch = batches.batch(i);
                for (int row = 0; row < batch.count(); row++) {
                    perplexity.add(tern.scorer().score(batch.tokens(row), 1));
                }
            }
            return perplexity.natsPerToken();
        }
    }

    @Override
    public void close() {
        pass.close();
    }
}
