package org.ternlm.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.command.MemoryConsole;
import org.ternlm.train.data.BatchPlan.Packing;

class TokenBatchesTest {
    private static final long SEED = 42;
    private static final int BOS = 1020;

    @TempDir
    static Path scratch;
    private static Corpus corpus;
    private static List<List<Integer>> documents;

    @BeforeAll
    static void prepare() throws IOException {
        Path text = TestCorpora.write(scratch.resolve("text.txt"), TestCorpora.documents(120, 60, 3));
        // Small shards: documents come from all of them.
        corpus = Corpus.prepare(TestCorpora.plan(text), scratch.resolve("corpus"), new MemoryConsole(), 3_000);
        documents = TestCorpora.ids(corpus.training());
    }

    @AfterAll
    static void close() {
        corpus.close();
    }

    private static BatchPlan plan(int length, int rows, Packing packing) {
        return BatchPlan.of(length, rows, SEED).withPacking(packing);
    }

    private static TokenBatches training(BatchPlan plan) {
        return TokenBatches.training(corpus.training(), plan);
    }

    private static List<Integer> row(TokenBatch batch, int row) {
        int width = batch.length() + 1;
        return Arrays.stream(batch.tokens(), row * width, (row + 1) * width).boxed().toList();
    }

    private static void assertEqual(TokenBatch one, TokenBatch other) {
        assertThat(one).usingRecursiveComparison().isEqualTo(other);
    }

    @ParameterizedTest
    @EnumSource
    void givesTheSameBatchWhetherReachedOrJumpedTo(Packing packing) {
        BatchPlan plan = plan(32, 8, packing);
        TokenBatches reached = training(plan);
        List<TokenBatch> all = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            all.add(reached.batch(step));
        }
        assertThat(reached.epochs(200)).isGreaterThan(4);
        for (int step : new int[] {199, 0, 57, 123, 58}) {
            assertEqual(training(plan).batch(step), all.get(step));
            assertEqual(reached.batch(step), all.get(step));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherSeedGivesAnotherOrder(Packing packing) {
        assertThat(training(plan(32, 8, packing)).batch(0).tokens()).isNotEqualTo(
                training(BatchPlan.of(32, 8, SEED + 1).withPacking(packing)).batch(0).tokens());
        assertThat(training(plan(32, 8, packing)).batch(0).tokens()).isNotEqualTo(
                training(plan(32, 8, packing)).batch(1).tokens());
    }

    @ParameterizedTest
    @CsvSource({"STREAM,2", "STREAM,3", "DOCUMENT,2", "DOCUMENT,8"})
    void workersTogetherAreOne(Packing packing, int workers) {
        BatchPlan plan = plan(16, 8, packing);
        for (long step = 0; step < 40; step++) {
            TokenBatch whole = training(plan).batch(step);
            int rows = 0;
            for (int rank = 0; rank < workers; rank++) {
                TokenBatch part = training(plan.forWorker(rank, workers)).batch(step);
                for (int row = 0; row < part.rows(); row++) {
                    int of = rank + row * workers;
                    assertThat(row(part, row)).isEqualTo(row(whole, of));
                    assertThat(part.targets()[row]).isEqualTo(whole.targets()[of]);
                    assertThat(part.documentStarts()[row]).isEqualTo(whole.documentStarts()[of]);
                    rows++;
                }
            }
            assertThat(rows).isEqualTo(8);
        }
    }

    /// The windows of some epochs are those of the stream that the definition gives, documents behind documents in the
    /// order of each epoch, each window once.
    @ParameterizedTest
    @CsvSource({"1", "7", "32", "500", "100000"})
    void visitsEveryTokenOnceAnEpoch(int length) {
        int tokens = Math.toIntExact(corpus.training().tokens());
        int epochs = 3;
        List<Integer> stream = new ArrayList<>();
        for (int epoch = 0; epoch <= epochs + length / tokens + 1; epoch++) {
            int[] order = corpus.training().epoch();
            RandomOrder.shuffle(order, SEED, epoch, 1);
            assertThat(Arrays.stream(order).sorted().distinct().toArray()).hasSize(documents.size());
            Arrays.stream(order).forEach(document -> stream.addAll(documents.get(document)));
        }
        Map<List<Integer>, Integer> expected = new HashMap<>();
        int windows = Math.ceilDiv(epochs * tokens, length);
        for (int window = 0; window < windows; window++) {
            expected.merge(stream.subList(window * length, (window + 1) * length + 1), 1, Integer::sum);
        }
        TokenBatches batches = training(plan(length, 1, Packing.STREAM));
        Map<List<Integer>, Integer> found = new HashMap<>();
        for (int step = 0; step < windows; step++) {
            TokenBatch batch = batches.batch(step);
            found.merge(row(batch, 0), 1, Integer::sum);
            assertThat(batch.targets()).containsExactly(length);
            List<Integer> starts = new ArrayList<>();
            for (int place = 0; place <= length; place++) {
                if (batch.token(0, place) == BOS) {
                    starts.add(place);
                }
            }
            assertThat(Arrays.stream(batch.documentStarts()[0]).boxed().toList()).isEqualTo(starts);
        }
        assertThat(found.equals(expected)).isTrue();
    }

    @Test
    void visitsTheWindowsOfAnEpochInNoParticularOrder() {
        TokenBatches batches = training(plan(16, 1, Packing.STREAM));
        int neighbours = 0;
        for (int step = 0; step < 100; step++) {
            neighbours += batches.batch(step).token(0, 16) == batches.batch(step + 1).token(0, 0) ? 1 : 0;
        }
        assertThat(neighbours).isLessThan(50);
    }

    @ParameterizedTest
    @CsvSource({"5", "32", "1000"})
    void givesEachDocumentItsOwnWindows(int length) {
        List<List<Integer>> expected = new ArrayList<>();
        for (List<Integer> document : documents) {
            for (int from = 0; from < document.size() - 1; from += length) {
                expected.add(document.subList(from, Math.min(document.size(), from + length + 1)));
            }
        }
        TokenBatches batches = training(plan(length, 1, Packing.DOCUMENT));
        for (int epoch = 0; epoch < 2; epoch++) {
            List<List<Integer>> found = new ArrayList<>();
            for (int i = 0; i < expected.size(); i++) {
                TokenBatch batch = batches.batch((long) epoch * expected.size() + i);
                List<Integer> row = row(batch, 0);
                found.add(row.subList(0, batch.targets()[0] + 1));
                assertThat(row.subList(batch.targets()[0], length + 1)).containsOnly(row.get(batch.targets()[0]));
                assertThat(batch.documentStarts()[0]).isEqualTo(row.getFirst() == BOS ? new int[] {0} : new int[0]);
            }
            assertThat(found).containsExactlyInAnyOrderElementsOf(expected).isNotEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"STREAM,1", "STREAM,3", "DOCUMENT,1", "DOCUMENT,3"})
    void showsEachTargetOnceInOrder(Packing packing, int workers) {
        List<Integer> expected = new ArrayList<>();
        documents.forEach(document -> expected.addAll(packing == Packing.STREAM
                ? document
                : document.subList(1, document.size())));
        if (packing == Packing.STREAM) {
            expected.removeFirst();
        }
        BatchPlan plan = plan(32, 7, packing);
        long steps = TokenBatches.inOrder(corpus.training(), plan).steps().orElseThrow();
        List<Integer> found = new ArrayList<>();
        for (long step = 0; step < steps; step++) {
            for (int of = 0; of < 7; of++) {
                TokenBatch batch = TokenBatches.inOrder(corpus.training(), plan.forWorker(of % workers, workers))
                        .batch(step);
                int row = of / workers;
                if (row < batch.rows()) {
                    found.addAll(row(batch, row).subList(1, batch.targets()[row] + 1));
                }
            }
        }
        assertThat(found).isEqualTo(expected);
        TokenBatches batches = TokenBatches.inOrder(corpus.training(), plan);
        assertThat(batches.bytesPerTarget() * expected.size()).isCloseTo(corpus.training().bytes(),
                org.assertj.core.data.Offset.offset(1e-6));
        assertThatThrownBy(() -> batches.batch(steps)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void countsEpochs() {
        TokenBatches batches = training(plan(32, 8, Packing.STREAM));
        long tokens = corpus.training().tokens();
        assertThat(batches.epochs(10)).isEqualTo(10 * 8 * 32 / (double) tokens);
        long four = 4 * tokens / (8 * 32);
        assertThat(batches.repetitionWarning(four)).isEmpty();
        assertThat(batches.repetitionWarning(2 * four)).hasValueSatisfying(
                warning -> assertThat(warning).contains("up to 8.0 times"));
        assertThat(batches.steps()).isEmpty();
    }

    @Test
    void repeatsSources() throws IOException {
        Path small = TestCorpora.write(scratch.resolve("small.txt"), List.of("one small story", "another one"));
        Path text = scratch.resolve("text.txt");
        CorpusPlan plan = CorpusPlan.of(TestCorpora.TOKENIZER, List.of(TestCorpora.separated(small).repeated(3),
                TestCorpora.separated(text))).withValidationShare(0);
        try (Corpus mix = Corpus.prepare(plan, scratch.resolve("mix"), new MemoryConsole())) {
            assertThat(mix.training().documents()).isEqualTo(122);
            assertThat(mix.training().epoch()).hasSize(126).startsWith(0, 0, 0, 1, 1, 1, 2, 3);
            TokenBatches batches = TokenBatches.training(mix.training(), BatchPlan.of(16, 4, SEED));
            assertThat(batches.mostRepeated(100)).isEqualTo(3 * batches.epochs(100));
        }
    }

    @Test
    void refusesPlansThatMakeNoSense() {
        assertThatThrownBy(() -> BatchPlan.of(0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BatchPlan.of(1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> BatchPlan.of(1, 1, 1).forWorker(2, 2)).hasMessageContaining("rank 2 of 2 workers");
        assertThatThrownBy(() -> training(BatchPlan.of(1, 1, 1)).batch(-1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    /// The order of a run must not change with a release. The number is SplitMix64's first for the seed 0, as published.
    @Test
    void ordersAreTheSameEverywhere() {
        assertThat(RandomOrder.mix(0)).isEqualTo(0xE220A8397B1DCDAFL);
        assertThat(RandomOrder.permutation(1_000, 1, 2, 3)).doesNotHaveDuplicates().hasSize(1_000)
                .isNotEqualTo(RandomOrder.permutation(1_000, 1, 3, 3));
        assertThat(RandomOrder.permutation(8, 1, 2, 3)).containsExactly(4, 2, 0, 6, 7, 5, 3, 1);
    }
}
