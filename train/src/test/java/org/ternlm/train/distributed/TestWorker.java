package org.ternlm.train.distributed;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.ternlm.command.CommandException;

/// A worker for tests: does what its first argument says, and writes what came of it.
///
/// Arguments: what to do, seconds to join, seconds for an operation, a fingerprint.
public final class TestWorker {
    static final int WRONG = 2;
    static final int LOST = 3;
    /// Not a multiple of anything, and more than one block.
    private static final int FLOATS = 5_000_011;
    private static final int FEW_FLOATS = 1003;
    private static final int CALLS = 750;

    private TestWorker() {}

    public static void main(String[] arguments) {
        int exitCode = 0;
        try (WorkerGroup group = WorkerGroup.join(membership(arguments), Long.parseLong(arguments[3]))) {
            System.out.println("joined");
            act(arguments[0], group);
        } catch (LostWorkerException e) {
            System.out.println("lost: " + e.getMessage());
            exitCode = LOST;
        } catch (CommandException e) {
            System.out.println("wrong: " + e.getMessage() + " (" + e.hint() + ")");
            exitCode = WRONG;
        }
        System.out.println("closed");
        System.exit(exitCode);
    }

    private static Membership membership(String[] arguments) {
        return Membership.fromEnvironment(System.getenv()).withTimeouts(
                Duration.ofSeconds(Long.parseLong(arguments[1])), Duration.ofSeconds(Long.parseLong(arguments[2])));
    }

    private static void act(String action, WorkerGroup group) {
        switch (action) {
            case "compute" -> compute(group);
            case "meet" -> group.barrier();
            case "leak" -> leak(group);
            case "work" -> work(group, -1);
            case "rank 0 hangs" -> work(group, 0);
            case "rank 1 hangs" -> work(group, 1);
            case "rank 1 leaves" -> {
                if (group.rank() != 1) {
                    work(group, -1);
                }
            }
            case "time" -> time(group);
            default -> throw new IllegalArgumentException(action);
        }
    }

    private static void compute(WorkerGroup group) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(ValueLayout.JAVA_FLOAT, FLOATS);
            for (int i = 0; i < FLOATS; i++) {
                floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, integer(i, group.rank()));
            }
            group.sum(floats);
            System.out.println("integers " + countWrong(floats, group.size()));
            for (int time = 1; time <= 2; time++) {
                fillRandom(floats, group.rank());
                group.sum(floats);
                System.out.println("random, time " + time + ": " + hash(floats));
            }
            fillRandom(floats, group.rank());
            group.broadcast(floats, 1);
            System.out.println("broadcast " + hash(floats));
            fillRandom(floats, 1);
            System.out.println("expected broadcast " + hash(floats));
        }
        System.out.println("double " + group.sum(Math.PI / (group.rank() + 1)));
        System.out.println("long " + group.sum(Long.MAX_VALUE / 4 - group.rank()));
        System.out.println("anyone " + group.anyone(group.rank() == group.size() - 1) + " " + group.anyone(false));
        group.barrier();
    }

    /// So small that sums of them are exact.
    private static float integer(int index, int rank) {
        return (index % 4099) * (rank + 1);
    }

    private static int countWrong(MemorySegment floats, int size) {
        int wrong = 0;
        for (int i = 0; i < FLOATS; i++) {
            float expected = 0;
            for (int rank = 0; rank < size; rank++) {
                expected += integer(i, rank);
            }
            wrong += floats.getAtIndex(ValueLayout.JAVA_FLOAT, i) == expected ? 0 : 1;
        }
        return wrong;
    }

    private static void fillRandom(MemorySegment floats, int seed) {
        Random random = new Random(seed);
        for (int i = 0; i < FLOATS; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
    }

    private static int hash(MemorySegment floats) {
        return Arrays.hashCode(floats.toArray(ValueLayout.JAVA_INT));
    }

    private static void leak(WorkerGroup group) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(ValueLayout.JAVA_FLOAT, FEW_FLOATS);
            call(group, floats);
            long objects = Pointer.totalCount();
            for (int i = 0; i < CALLS; i++) {
                call(group, floats);
            }
            System.out.println("more objects " + (Pointer.totalCount() - objects));
        }
    }

    private static void call(WorkerGroup group, MemorySegment floats) {
        group.sum(floats);
        group.broadcast(floats, 0);
        group.anyone(group.sum(0.5) < 0);
    }

    /// Sums for ever, unless this rank stops to take part.
    private static void work(WorkerGroup group, int hanging) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(ValueLayout.JAVA_FLOAT, FLOATS);
            group.sum(floats);
            System.out.println("working");
            while (group.rank() != hanging) {
                group.sum(floats);
            }
            sleep();
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(ChildJvm.PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The gradients of a model of 13.8 M parameters.
    private static void time(WorkerGroup group) {
        int count = 13_800_000;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(ValueLayout.JAVA_FLOAT, count);
            double[] milliseconds = new double[40];
            for (int i = 0; i < milliseconds.length; i++) {
                floats.fill((byte) 0);
                group.barrier();
                long start = System.nanoTime();
                group.sum(floats);
                milliseconds[i] = (System.nanoTime() - start) / 1e6;
            }
            Arrays.sort(milliseconds);
            System.out.printf("milliseconds: best %.1f, median %.1f%n", milliseconds[0], milliseconds[20]);
        }
    }
}
