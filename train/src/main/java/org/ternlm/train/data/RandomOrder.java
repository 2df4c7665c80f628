package org.ternlm.train.data;

/// Random numbers that are the same on every JDK, for orders that a resumed run must find again: SplitMix64 (Steele, Lea
/// and Flood 2014, "Fast Splittable Pseudorandom Number Generators"). Not thread-safe.
final class RandomOrder {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    private RandomOrder(long state) {
        this.state = state;
    }

    /// The numbers 0 to `size` - 1 in an order that `seed`, `epoch` and `purpose` decide (Fisher and Yates).
    static int[] permutation(int size, long seed, long epoch, int purpose) {
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = i;
        }
        shuffle(order, seed, epoch, purpose);
        return order;
    }

    /// Shuffles `items`.
    static void shuffle(int[] items, long seed, long epoch, int purpose) {
        RandomOrder random = new RandomOrder(mix(mix(mix(seed) + epoch) + purpose));
        for (int i = items.length - 1; i > 0; i--) {
            int other = random.below(i + 1);
            int item = items[i];
            items[i] = items[other];
            items[other] = item;
        }
    }

    /// Every bit of the result depends on every bit of `value`.
    static long mix(long value) {
        long mixed = value + GOLDEN_GAMMA;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    private int below(int bound) {
        long next = mix(state);
        state += GOLDEN_GAMMA;
        return (int) Math.unsignedMultiplyHigh(next, bound);
    }
}
