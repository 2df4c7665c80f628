package org.ternlm.train.data;

/// Windows of one document each ([BatchPlan.Packing#DOCUMENT]), visited in a shuffled order.
final class DocumentWindows implements Windows {
    private static final int ORDER = 3;

    private final TokenSplit split;
    private final int length;
    private final boolean shuffled;
    /// The documents that have a target; their ends count windows.
    private final EpochOrder windows;
    private final long targets;
    private final Epochs<int[]> orders;

    /// @param shuffled false for the documents in their order
    DocumentWindows(TokenSplit split, int length, long seed, boolean shuffled) {
        this.split = split;
        this.length = length;
        this.shuffled = shuffled;
        int[] documents = split.epoch();
        long[] ends = new long[documents.length];
        long targetCount = 0;
        long end = 0;
        for (int i = 0; i < documents.length; i++) {
            int inDocument = split.length(documents[i]) - 1;
            targetCount += inDocument;
            end += Math.ceilDiv(inDocument, length);
            ends[i] = end;
        }
        this.windows = new EpochOrder(documents, ends);
        this.targets = targetCount;
        long count = end;
        this.orders = new Epochs<>(epoch -> RandomOrder.permutation(Math.toIntExact(count), seed, epoch, ORDER));
    }

    @Override
    public void fill(long index, Window window) {
        long number = index;
        if (shuffled) {
            int count = Math.toIntExact(windows.tokens());
            number = orders.get(index / count)[(int) (index % count)];
        }
        int place = placeOf(number);
        int part = (int) (number - windows.start(place));
        window.append(split, windows.documents()[place], part * length);
    }

    /// Documents of a single token have no window: their ends equal those before, so the search may stop at one of them.
    private int placeOf(long number) {
        int place = windows.placeOf(number);
        while (windows.ends()[place] <= number) {
            place++;
        }
        return place;
    }

    @Override
    public double perEpoch() {
        return windows.tokens();
    }

    @Override
    public long perPass() {
        return windows.tokens();
    }

    @Override
    public long targetsPerEpoch() {
        return targets;
    }
}
