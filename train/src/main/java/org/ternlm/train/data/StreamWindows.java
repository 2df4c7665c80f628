package org.ternlm.train.data;

/// Windows cut from one stream ([BatchPlan.Packing#STREAM]). Window w of the stream, of T positions, starts at token w·T;
/// with N tokens an epoch it belongs to epoch ⌊w·T / N⌋, so the windows of epoch e are ⌈e·N / T⌉ to ⌈(e + 1)·N / T⌉ - 1.
/// They are visited in a shuffled order, epoch by epoch.
final class StreamWindows implements Windows {
    private static final int DOCUMENT_ORDER = 1;
    private static final int WINDOW_ORDER = 2;

    private final TokenSplit split;
    private final int length;
    private final long tokens;
    private final boolean shuffled;
    private final Epochs<EpochOrder> orders;
    private final Epochs<int[]> windowOrders;

    /// @param shuffled false for the documents and windows in their order
    StreamWindows(TokenSplit split, int length, long seed, boolean shuffled) {
        this.split = split;
        this.length = length;
        this.shuffled = shuffled;
        EpochOrder inOrder = EpochOrder.of(split, split.epoch());
        this.tokens = inOrder.tokens();
        this.orders = new Epochs<>(epoch -> shuffled ? shuffledOrder(split, seed, epoch) : inOrder);
        this.windowOrders = new Epochs<>(epoch -> RandomOrder.permutation(
                Math.toIntExact(firstWindow(epoch + 1) - firstWindow(epoch)), seed, epoch, WINDOW_ORDER));
    }

    private static EpochOrder shuffledOrder(TokenSplit split, long seed, long epoch) {
        int[] documents = split.epoch();
        RandomOrder.shuffle(documents, seed, epoch, DOCUMENT_ORDER);
        return EpochOrder.of(split, documents);
    }

    private long firstWindow(long epoch) {
        return Math.ceilDiv(Math.multiplyExact(epoch, tokens), (long) length);
    }

    @Override
    public void fill(long index, Window window) {
        if (!shuffled) {
            append(0, Math.multiplyExact(index, (long) length), false, window);
            return;
        }
        long epoch = Math.multiplyExact(index, (long) length) / tokens;
        long first = firstWindow(epoch);
        long start = (first + windowOrders.get(epoch)[Math.toIntExact(index - first)]) * length;
        append(start / tokens, start % tokens, true, window);
    }

    /// @param endless whether the next epoch follows
    private void append(long firstEpoch, long firstToken, boolean endless, Window window) {
        long epoch = firstEpoch;
        EpochOrder order = orders.get(epoch);
        int place = order.placeOf(firstToken);
        int from = (int) (firstToken - order.start(place));
        while (window.room() > 0) {
            if (place == order.documents().length) {
                if (!endless) {
                    return;
                }
                order = orders.get(++epoch);
                place = 0;
            }
            window.append(split, order.documents()[place++], from);
            from = 0;
        }
    }

    @Override
    public double perEpoch() {
        return (double) tokens / length;
    }

    @Override
    public long perPass() {
        return Math.ceilDiv(tokens - 1, (long) length);
    }

    @Override
    public long targetsPerEpoch() {
        return shuffled ? tokens : tokens - 1;
    }
}
