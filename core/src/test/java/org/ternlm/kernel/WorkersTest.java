package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
    private static final long MUCH = 1_000_000;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8})
    void everyItemIsDoneOnce(int threads) {
        try (Workers workers = new Workers(threads)) {
            for (int count : new int[] {1, 2, 7, 8, 64, 1000, 1001}) {
                for (int grain : new int[] {1, 3, 16}) {
                    AtomicIntegerArray done = new AtomicIntegerArray(count);
                    workers.share(count, grain, MUCH, (from, to) -> {
                        assertThat(from % grain).isZero();
                        for (int i = from; i < to; i++) {
                            done.incrementAndGet(i);
                        }
                    });
                    for (int i = 0; i < count; i++) {
                        assertThat(done.get(i)).isEqualTo(1);
                    }
                }
            }
        }
    }

    @Test
    void manyShortOperationsInARowFromSeveralCallers() throws InterruptedException {
        try (Workers workers = new Workers(4)) {
            long[] sums = new long[3];
            List<Thread> callers = new ArrayList<>();
            for (int caller = 0; caller < sums.length; caller++) {
                int mine = caller;
                callers.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        AtomicIntegerArray parts = new AtomicIntegerArray(8);
                        workers.share(8, 1, MUCH, (from, to) -> {
                            for (int k = from; k < to; k++) {
                                parts.addAndGet(k, k);
                            }
                        });
                        for (int k = 0; k < 8; k++) {
                            sums[mine] += parts.get(k);
                        }
                    }
                }));
            }
            for (Thread caller : callers) {
                caller.join();
            }
            assertThat(sums).containsOnly(2_000 * 28);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void aFailureReachesTheCallerAndTheNextOperationWorks(int threads) {
        try (Workers workers = new Workers(threads)) {
            assertThatThrownBy(() -> workers.share(100, 1, MUCH, (from, to) -> {
                if (from <= 50 && to > 50) {
                    throw new IllegalArgumentException("item 50");
                }
            })).isInstanceOf(IllegalArgumentException.class).hasMessage("item 50");
            int[] ran = new int[1];
            workers.share(1, 1, MUCH, (from, to) -> ran[0]++);
            assertThat(ran[0]).isEqualTo(1);
        }
    }

    @Test
    void noThreadIsLeftAfterClose() {
        Workers workers = new Workers(5);
        workers.share(100, 1, MUCH, (from, to) -> {});
        workers.close();
        workers.close();
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().startsWith("tern-worker"));
        assertThatThrownBy(() -> workers.share(100, 1, MUCH, (from, to) -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> workers.share(1, 1, 1, (from, to) -> {})).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesImpossibleNumbersOfThreads() {
        assertThatThrownBy(() -> new Workers(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Workers(5000)).isInstanceOf(IllegalArgumentException.class);
    }
}
