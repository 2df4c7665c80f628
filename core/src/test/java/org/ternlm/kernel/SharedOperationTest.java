package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class SharedOperationTest {
    private static final Waiting ASLEEP_AT_ONCE = new Waiting(0, 0);

    private record Range(int from, int to) {
        int length() {
            return to - from;
        }
    }

    private static List<Range> takenAlone(int count, int grain, int threads) {
        List<Range> ranges = new ArrayList<>();
        SharedOperation operation = new SharedOperation(count, grain, threads, (from, to) -> ranges.add(new Range(from,
                to)));
        operation.takePart();
        assertThat(operation.await(ASLEEP_AT_ONCE)).isNull();
        return ranges;
    }

    /// Of four threads one comes: the others are not waited for, and find nothing when they come.
    @Test
    void whoeverComesDoesItAll() {
        List<Range> ranges = new ArrayList<>();
        SharedOperation operation = new SharedOperation(100, 1, 4, (from, to) -> ranges.add(new Range(from, to)));
        operation.takePart();
        int taken = ranges.size();
        assertThat(operation.await(ASLEEP_AT_ONCE)).isNull();
        operation.takePart();
        assertThat(ranges).hasSize(taken);
        assertThat(ranges.stream().mapToInt(Range::length).sum()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({"1000, 1, 2", "80, 4, 2", "81, 4, 2", "7, 3, 64", "2147483647, 1048576, 2", "2147483647, 2147483647, 2",
            "2147483647, 1000003, 1024"})
    void rangesFollowEachOtherAtMultiplesOfTheGrain(int count, int grain, int threads) {
        int end = 0;
        int longest = Integer.MAX_VALUE;
        for (Range range : takenAlone(count, grain, threads)) {
            assertThat(range.from).isEqualTo(end);
            assertThat(range.from % grain).isZero();
            assertThat(range.length()).isBetween(1, longest);
            longest = range.length();
            end = range.to;
        }
        assertThat(end).isEqualTo(count);
    }

    @Test
    void largeRangesFirstAndSmallOnesLast() {
        List<Range> ranges = takenAlone(1000, 1, 2);
        assertThat(ranges.getFirst().length()).isEqualTo(250);
        assertThat(ranges.getLast().length()).isEqualTo(1);
        assertThat(ranges).hasSizeLessThan(30);
    }

    @Test
    void afterAFailureTheRestStaysUndone() {
        List<Range> ranges = new ArrayList<>();
        IllegalArgumentException failure = new IllegalArgumentException();
        SharedOperation operation = new SharedOperation(100, 1, 2, (from, to) -> {
            ranges.add(new Range(from, to));
            throw failure;
        });
        operation.takePart();
        assertThat(operation.await(ASLEEP_AT_ONCE)).isSameAs(failure);
        assertThat(ranges).hasSize(1);
    }

    @Test
    void theCallerSleepsUntilTheOtherHasEnded() throws InterruptedException {
        Thread caller = Thread.currentThread();
        boolean[] slept = new boolean[1];
        SharedOperation operation = new SharedOperation(1, 1, 2, (from, to) -> {
            while (caller.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            slept[0] = true;
        });
        Thread other = Thread.ofPlatform().start(operation::takePart);
        assertThat(operation.await(ASLEEP_AT_ONCE)).isNull();
        assertThat(slept).containsExactly(true);
        other.join();
    }
}
