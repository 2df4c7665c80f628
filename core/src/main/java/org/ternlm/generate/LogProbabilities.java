package org.ternlm.generate;

import java.util.ArrayList;
import java.util.List;
import org.ternlm.generate.GenerationEvent.Alternative;

/// Natural logarithms of the probabilities that logits mean: log softmax, in double.
final class LogProbabilities {
    private LogProbabilities() {}

    /// log Σ e^logit over `length` logits from `offset` on.
    static double logSum(float[] logits, int offset, int length) {
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + length; i++) {
            highest = Math.max(highest, logits[i]);
        }
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += Math.exp(logits[i] - (double) highest);
        }
        return highest + Math.log(sum);
    }

    /// The most likely token, the lowest id among equals.
    static int mostLikely(float[] logits, int offset, int length) {
        int best = 0;
        for (int i = 1; i < length; i++) {
            if (logits[offset + i] > logits[offset + best]) {
                best = i;
            }
        }
        return best;
    }

    /// The `count` most likely of `length` tokens, whose logits begin at `offset`, in falling order.
    static List<Alternative> top(float[] logits, int offset, int length, int count, double logSum) {
        List<Alternative> top = new ArrayList<>();
        for (int token = 0; token < length && count > 0; token++) {
            double value = logits[offset + token] - logSum;
            if (top.size() < count || value > top.getLast().logProbability()) {
                int at = top.size();
                while (at > 0 && top.get(at - 1).logProbability() < value) {
                    at--;
                }
                top.add(at, new Alternative(token, value));
                if (top.size() > count) {
                    top.removeLast();
                }
            }
        }
        return top;
    }
}
