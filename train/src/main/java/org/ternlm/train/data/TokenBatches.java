package org.ternlm.train.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.ternlm.command.CommandException;

/// The batches of a split: any of them at once, by the number of its step. Which tokens it holds depends on the split, the
/// plan and that number alone; whoever goes on with a run asks for the next step and gets what the interrupted run would
/// have got. Safe to share between threads.
public final class TokenBatches {
    /// Beyond so many epochs repeated text is worth less and less (Muennighoff et al. 2023, arXiv 2305.16264).
    public static final int MOST_EPOCHS = 4;

    private final TokenSplit split;
    private final BatchPlan plan;
    private final Windows windows;
    private final boolean endless;
    private final double bytesPerTarget;

    private TokenBatches(TokenSplit split, BatchPlan plan, boolean endless) {
        this.split = split;
        this.plan = plan;
        this.endless = endless;
        this.windows = switch (plan.packing()) {
            case STREAM -> new StreamWindows(split, plan.length(), plan.seed(), endless);
            case DOCUMENT -> new DocumentWindows(split, plan.length(), plan.seed(), endless);
        };
        if (windows.perPass() < 1) {
            throw new CommandException("no document has two tokens, so there is nothing to predict");
        }
        long tokens = EpochOrder.of(split, split.epoch()).tokens();
        this.bytesPerTarget = split.bytesPerToken() * tokens / windows.targetsPerEpoch();
    }

    /// Batches without end, in shuffled order, epoch after epoch.
    public static TokenBatches training(TokenSplit split, BatchPlan plan) {
        return new TokenBatches(split, plan, true);
    }

    /// Batches that show each target once, in order, to measure on: [#steps()] of them. Only the first token (of the
    /// stream, or of each document) is no target.
    public static TokenBatches inOrder(TokenSplit split, BatchPlan plan) {
        return new TokenBatches(split, plan, false);
    }

    /// This worker's part of a step.
    ///
    /// @param step from 0
    /// @throws IndexOutOfBoundsException if there is no such step
    public TokenBatch batch(long step) {
        OptionalLong steps = steps();
        if (step < 0 || steps.isPresent() && step >= steps.getAsLong()) {
            throw new IndexOutOfBoundsException("step " + step + " of " + steps);
        }
        long first = Math.multiplyExact(step, (long) plan.rows());
        long there = endless ? plan.rows() : Math.min(plan.rows(), windows.perPass() - first);
        int rows = (int) Math.max(0, Math.ceilDiv(there - plan.rank(), (long) plan.workers()));
        int width = plan.length() + 1;
        int[] tokens = new int[Math.multiplyExact(rows, width)];
        int[] targets = new int[rows];
        int[][] starts = new int[rows][];
        for (int row = 0; row < rows; row++) {
            Window window = new Window(tokens, row * width, plan.length());
            windows.fill(first + plan.rank() + (long) row * plan.workers(), window);
            targets[row] = window.targets();
            starts[row] = window.documentStarts();
            // Any id will do that the vocabulary has; the last one is there, and often means an end.
            int end = row * width + targets[row] + 1;
            Arrays.fill(tokens, end, (row + 1) * width, tokens[end - 1]);
        }
        return new TokenBatch(step, rows, plan.length(), tokens, targets, starts);
    }

    /// How many steps there are; nothing where there is no end.
    public OptionalLong steps() {
        return endless ? OptionalLong.empty() : OptionalLong.of(Math.ceilDiv(windows.perPass(), (long) plan.rows()));
    }

    /// Epochs that so many steps make: what was seen / what there is, each document counted as often as its source is
    /// repeated.
    public double epochs(long steps) {
        return steps * (double) plan.rows() / windows.perEpoch();
    }

    /// How often the most repeated documents are seen in so many steps.
    public double mostRepeated(long steps) {
        return epochs(steps) * split.mostRepeats();
    }

    /// A sentence for the user if so many steps show any text more than [#MOST_EPOCHS] times.
    public Optional<String> repetitionWarning(long steps) {
        double times = mostRepeated(steps);
        // A step more than exactly four epochs is no reason to warn.
        if (times <= MOST_EPOCHS * 1.001) {
            return Optional.empty();
        }
        return Optional.of(String.format(Locale.ROOT,
                "%,d steps show the text up to %.1f times; beyond %d, more of the same teaches little: add text or train less",
                steps, times, MOST_EPOCHS));
    }

    /// Bytes of text for each target: bits per byte are the mean loss over all targets, in nats, / (ln 2 · this). Where
    /// sources are repeated, it takes all sources to have equally many bytes in a token.
    public double bytesPerTarget() {
        return bytesPerTarget;
    }
}
