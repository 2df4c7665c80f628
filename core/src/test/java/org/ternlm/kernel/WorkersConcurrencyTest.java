package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What may go wrong between threads.
@Timeout(120)
class WorkersConcurrencyTest {
    private static final long MUCH = 1_000_000;
    private static final long PATIENCE_SECONDS = 30;

    /// A task that waits, in each thread's first range, until so many threads have one.
    private static final class Meeting implements Workers.RangeTask {
        private final CountDownLatch missing;
        private final Set<Thread> present = ConcurrentHashMap.newKeySet();

        Meeting(int threads) {
            missing = new CountDownLatch(threads);
        }

        @Override
        public void run(int from, int to) {
            if (present.add(Thread.currentThread())) {
                missing.countDown();
                WorkersConcurrencyTest.await(missing);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Thread> workerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tern-worker")).toList();
    }

    private static void awaitSleep() throws InterruptedException {
        while (workerThreads().stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING)) {
            Thread.sleep(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 40, Long.MAX_VALUE})
    void immenseWorkIsShared(long steps) {
        try (Workers workers = new Workers(3)) {
            Meeting meeting = new Meeting(3);
            workers.share(1 << 24, 1, steps, meeting);
            assertThat(meeting.present).hasSize(3);
        }
    }

    @Test
    void littleWorkStaysWithTheCaller() {
        try (Workers workers = new Workers(3)) {
            for (int i = 0; i < 100; i++) {
                Meeting meeting = new Meeting(1);
                workers.share(100, 1, 3_000, meeting);
                assertThat(meeting.present).containsExactly(Thread.currentThread());
            }
        }
    }

    @Test
    void sleepingThreadsWake() throws InterruptedException {
        try (Workers workers = new Workers(4)) {
            for (int i = 0; i < 20; i++) {
                awaitSleep();
                workers.share(64, 1, MUCH, new Meeting(4));
            }
        }
    }

    /// The moment between the last look and sleep is hit now and then when operations come about as a thread falls
    /// asleep; a lost call would leave the meeting one short.
    @Test
    void noCallIsLostWhileThreadsFallAsleep() {
        try (Workers workers = new Workers(3)) {
            for (int i = 0; i < 1_500; i++) {
                long until = System.nanoTime() + 400_000 + i % 50 * 5_000L;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                workers.share(64, 1, MUCH, new Meeting(3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aTaskThatSharesDoesThatAlone(int threads) {
        try (Workers workers = new Workers(threads)) {
            AtomicInteger sum = new AtomicInteger();
            AtomicBoolean elsewhere = new AtomicBoolean();
            workers.share(16, 1, MUCH, (from, to) -> {
                Thread outer = Thread.currentThread();
                for (int i = from; i < to; i++) {
                    workers.share(100, 1, MUCH, (first, end) -> {
                        sum.addAndGet(end - first);
                        if (Thread.currentThread() != outer) {
                            elsewhere.set(true);
                        }
                    });
                }
            });
            assertThat(sum.get()).isEqualTo(1_600);
            assertThat(elsewhere).isFalse();
        }
    }

    @Test
    void workersMayUseOtherWorkers() {
        try (Workers outer = new Workers(2); Workers inner = new Workers(2)) {
            AtomicInteger sum = new AtomicInteger();
            outer.share(2, 1, MUCH, (from, to) -> inner.share(100, 1, MUCH, (first, end) -> sum.addAndGet(end
                    - first)));
            assertThat(sum.get() % 100).isZero();
            assertThat(sum.get()).isBetween(100, 200);
        }
    }

    @Test
    void aFailureOfAnotherThreadReachesTheCaller() {
        Thread caller = Thread.currentThread();
        try (Workers workers = new Workers(2)) {
            Meeting meeting = new Meeting(2);
            assertThatThrownBy(() -> workers.share(64, 1, MUCH, (from, to) -> {
                meeting.run(from, to);
                if (Thread.currentThread() != caller) {
                    throw new StackOverflowError("there");
                }
            })).isInstanceOf(StackOverflowError.class).hasMessage("there");
            workers.share(64, 1, MUCH, new Meeting(2));
        }
    }

    @Test
    void anInterruptedCallerGetsAWholeResultAndStaysInterrupted() {
        Thread caller = Thread.currentThread();
        try (Workers workers = new Workers(2)) {
            AtomicInteger done = new AtomicInteger();
            CountDownLatch begun = new CountDownLatch(1);
            workers.share(2, 1, MUCH, (from, to) -> {
                if (Thread.currentThread() == caller) {
                    await(begun);
                    caller.interrupt();
                } else {
                    begun.countDown();
                    while (caller.getState() != Thread.State.WAITING) {
                        Thread.onSpinWait();
                    }
                }
                done.addAndGet(to - from);
            });
            assertThat(done.get()).isEqualTo(2);
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void anInterruptLeftByATaskDoesNotKeepAThreadAwake() throws InterruptedException {
        Thread caller = Thread.currentThread();
        try (Workers workers = new Workers(2)) {
            Meeting meeting = new Meeting(2);
            workers.share(64, 1, MUCH, (from, to) -> {
                meeting.run(from, to);
                if (Thread.currentThread() != caller) {
                    Thread.currentThread().interrupt();
                }
            });
            awaitSleep();
            assertThat(workerThreads()).noneMatch(Thread::isInterrupted);
        }
    }

    @Test
    void aTaskCannotCloseItsWorkers() {
        try (Workers workers = new Workers(2)) {
            assertThatThrownBy(() -> workers.share(64, 1, MUCH, (from, to) -> workers.close()))
                    .isInstanceOf(IllegalStateException.class).hasMessageContaining("cannot close");
            workers.share(64, 1, MUCH, new Meeting(2));
        }
    }

    @Test
    void closingWaitsForWhatIsUnderWay() throws InterruptedException {
        Workers workers = new Workers(2);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger done = new AtomicInteger();
        Thread caller = Thread.ofPlatform().start(() -> workers.share(64, 1, MUCH, (from, to) -> {
            begun.countDown();
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            done.addAndGet(to - from);
        }));
        await(begun);
        workers.close();
        assertThat(done.get()).isEqualTo(64);
        caller.join();
        assertThat(workerThreads()).isEmpty();
    }

    /// Tasks hold buffers of the size of a prompt.
    @Test
    void aTaskIsForgottenWhenItHasEnded() throws InterruptedException {
        try (Workers workers = new Workers(3)) {
            WeakReference<Meeting> task = shared(workers);
            for (int i = 0; i < 100 && task.get() != null; i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertThat(task.get()).isNull();
        }
    }

    private static WeakReference<Meeting> shared(Workers workers) {
        Meeting meeting = new Meeting(3);
        workers.share(64, 1, MUCH, meeting);
        return new WeakReference<>(meeting);
    }
}
