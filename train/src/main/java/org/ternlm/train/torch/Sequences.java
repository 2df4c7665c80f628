package org.ternlm.train.torch;

import java.util.Arrays;

/// Sequences of equal length to predict: `count · length` inputs, each with the token that follows it.
///
/// @param count how many sequences
/// @param length tokens of each
/// @param inputs tokens, sequence after sequence
/// @param targets what follows each; [#NONE] where nothing is to be predicted
/// @param firstVisible for each input, the first place of its sequence that it may attend to: 0, or where its document
/// begins
// Handed on and read; a copy for each reader would be waste.
@SuppressWarnings("ArrayRecordComponent")
public record Sequences(int count, int length, int[] inputs, int[] targets, int[] firstVisible) {
    /// A target that does not count.
    public static final int NONE = -1;

    public Sequences {
        int tokens = Math.multiplyExact(count, length);
        if (inputs.length != tokens || targets.length != tokens || firstVisible.length != tokens) {
            throw new IllegalArgumentException("expected %d inputs, targets and first places, found %d, %d, %d"
                    .formatted(tokens, inputs.length, targets.length, firstVisible.length));
        }
    }

    /// Each token of rows of `length + 1` tokens predicts the next, and sees all before it.
    public static Sequences of(int[] tokens, int length) {
        int count = tokens.length / (length + 1);
        int[] inputs = new int[count * length];
        int[] targets = new int[count * length];
        for (int row = 0; row < count; row++) {
            System.arraycopy(tokens, row * (length + 1), inputs, row * length, length);
            System.arraycopy(tokens, row * (length + 1) + 1, targets, row * length, length);
        }
        return new Sequences(count, length, inputs, targets, new int[inputs.length]);
    }

    /// The sequences `from` to `from + size - 1`; what lies beyond the last is filled up with such as predict nothing.
    public Sequences part(int from, int size) {
        int begin = Math.min(from, count) * length;
        int there = Math.min(begin + size * length, inputs.length) - begin;
        int[] ahead = new int[size * length];
        Arrays.fill(ahead, NONE);
        System.arraycopy(targets, begin, ahead, 0, there);
        return new Sequences(size, length,
                Arrays.copyOf(Arrays.copyOfRange(inputs, begin, begin + there), size * length), ahead,
                Arrays.copyOf(Arrays.copyOfRange(firstVisible, begin, begin + there), size * length));
    }

    /// The tokens of a sequence, as far as they are predicted: the inputs and the last target that counts.
    public int[] tokens(int sequence) {
        int begin = sequence * length;
        int places = length;
        while (places > 0 && targets[begin + places - 1] == NONE) {
            places--;
        }
        int[] tokens = Arrays.copyOfRange(inputs, begin, begin + places + 1);
        if (places > 0) {
            tokens[places] = targets[begin + places - 1];
        }
        return tokens;
    }

    /// How many targets count.
    public long targetCount() {
        return Arrays.stream(targets).filter(target -> target != NONE).count();
    }
}
