package org.ternlm.train.distributed;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/// Goes through a group of one.
public final class TestAlone {
    private TestAlone() {}

    public static void main(String[] arguments) {
        try (WorkerGroup group = WorkerGroup.join(Membership.fromEnvironment(Map.of()), 7)) {
            group.sum(MemorySegment.NULL);
            group.broadcast(MemorySegment.NULL, 0);
            group.barrier();
            System.out.println("%d of %d, first %b, %s %d %b %b".formatted(group.rank(), group.size(), group.isFirst(),
                    group.sum(0.1), group.sum(3), group.anyone(true), group.anyone(false)));
        }
    }
}
