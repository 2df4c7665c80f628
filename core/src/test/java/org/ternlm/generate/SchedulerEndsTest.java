package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.Fixtures;
import org.ternlm.format.ModelFormatException;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.KvPool;

/// How requests of a scheduler are refused, and how they and it end.
@Timeout(120)
class SchedulerEndsTest {
    private static final int CONTEXT = 512;
    private static Tern tern;
    private static long block;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        tern = Tern.open(Fixtures.model("tinystories-ternary-1M"), 2);
        block = new KvPool(tern.config(), KvForm.F32).blockBytes();
    }

    @AfterAll
    static void close() {
        tern.close();
    }

    private static Scheduler scheduler(int sequences, int queue, int blocks) {
        return tern.scheduler(new SchedulerOptions(CONTEXT, sequences, queue, blocks * block, KvForm.F32));
    }

    private static int[] tokens(int count, int number) {
        int[] tokens = new SplittableRandom(number).ints(count, 260, 500).toArray();
        tokens[0] = 3 + number;
        return tokens;
    }

    private static GenerationRequest request(int most, int... prompt) {
        return GenerationRequest.of(prompt).withMaxTokens(most).withIgnoreEos(true);
    }

    private static void assertAsAlone(Heard heard, GenerationRequest request) {
        assertThat(heard.answer()).isEqualTo(Heard.alone(tern, CONTEXT, KvForm.F32, request).answer());
    }

    private static void assertIdle(Scheduler scheduler) {
        assertThat(scheduler.state().running()).isZero();
        assertThat(scheduler.state().waiting()).isZero();
    }

    @Test
    void aFullQueueRefuses() throws InterruptedException {
        try (Scheduler scheduler = scheduler(1, 2, 100)) {
            Gate gate = Gate.hold(scheduler, request(5, 1, 2));
            List<Ticket> waiting = List.of(scheduler.submit(request(5, 1, 3), event -> {}),
                    scheduler.submit(request(5, 1, 4), event -> {}));
            assertThatThrownBy(() -> scheduler.submit(request(5, 1, 5), event -> {}))
                    .isInstanceOf(SchedulerFullException.class).hasMessage("2 requests wait already");
            assertThat(scheduler.state().waiting()).isEqualTo(2);
            gate.open();
            for (Ticket ticket : waiting) {
                assertThat(ticket.await().tokens()).hasSize(5);
            }
            assertThat(scheduler.submit(request(5, 1, 5), event -> {}).await().tokens()).hasSize(5);
            assertIdle(scheduler);
        }
    }

    @Test
    void neverMoreAtOnceThanAllowed() throws InterruptedException {
        try (Scheduler scheduler = scheduler(2, 10, 100)) {
            AtomicInteger most = new AtomicInteger();
            List<Ticket> tickets = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                tickets.add(scheduler.submit(request(20, tokens(5, i)), event -> most.accumulateAndGet(
                        scheduler.state().running(), Math::max)));
            }
            for (Ticket ticket : tickets) {
                ticket.await();
            }
            assertThat(most.get()).isEqualTo(2);
        }
    }

    @Test
    void whatCanNeverBeDoneIsRefused() {
        try (Scheduler scheduler = scheduler(1, 1, 3)) {
            assertThatThrownBy(() -> scheduler.submit(request(93, tokens(100, 1)), event -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("keys and values of 193 tokens do not fit into %d bytes".formatted(3 * block));
            assertThatThrownBy(() -> scheduler.submit(request(1, tokens(513, 1)), event -> {}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the prompt has 513 tokens, the context holds 512");
            assertThatThrownBy(() -> scheduler.submit(request(1, 5, 512), event -> {}))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("token 512");
            assertIdle(scheduler);
        }
        assertThatThrownBy(() -> tern.scheduler(new SchedulerOptions(513, 1, 1, block, KvForm.F32)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("context");
    }

    @Test
    void theContextEndsAnAnswer() throws InterruptedException {
        try (Scheduler scheduler = scheduler(2, 1, 8)) {
            GenerationRequest request = request(100, tokens(500, 1));
            Heard heard = new Heard();
            assertThat(scheduler.submit(request, heard).await().reason()).isEqualTo(FinishReason.CONTEXT);
            assertAsAlone(heard, request);
        }
    }

    @Test
    void aListenerThatThrowsEndsItsRequestAlone() throws InterruptedException {
        try (Scheduler scheduler = scheduler(5, 5, 100)) {
            Gate gate = Gate.hold(scheduler, request(30, 1, 2));
            List<Ticket> failing = new ArrayList<>();
            for (Class<?> kind : List.of(GenerationEvent.PromptPassed.class, GenerationEvent.TokenChosen.class,
                    GenerationEvent.Finished.class)) {
                failing.add(scheduler.submit(request(5, tokens(7, failing.size())), event -> {
                    if (kind.isInstance(event)) {
                        throw new UnsupportedOperationException(kind.getSimpleName());
                    }
                }));
            }
            Heard heard = new Heard();
            GenerationRequest sound = request(30, tokens(7, 9));
            Ticket ticket = scheduler.submit(sound, heard);
            gate.open();
            for (Ticket each : failing) {
                assertThatThrownBy(each::await).isInstanceOf(UnsupportedOperationException.class);
            }
            ticket.await();
            assertAsAlone(heard, sound);
            Ticket error = scheduler.submit(request(5, 1, 2), event -> {
                throw new AssertionError("an error");
            });
            assertThatThrownBy(error::await).isInstanceOf(AssertionError.class).hasMessage("an error");
            assertIdle(scheduler);
        }
    }

    @Test
    void aMaskThatThrowsEndsItsRequestAlone() throws InterruptedException {
        TokenMask broken = new TokenMask() {
            @Override
            public void allow(BitSet allowed) {
                throw new UnsupportedOperationException("mask");
            }

            @Override
            public void accept(int token) {}
        };
        try (Scheduler scheduler = scheduler(5, 5, 100)) {
            Gate gate = Gate.hold(scheduler, request(30, 1, 2));
            Ticket failing = scheduler.submit(request(5, 1, 2).withMask(broken), event -> {});
            Heard heard = new Heard();
            GenerationRequest sound = request(30, tokens(7, 9));
            Ticket ticket = scheduler.submit(sound, heard);
            gate.open();
            assertThatThrownBy(failing::await).hasMessage("mask");
            ticket.await();
            assertAsAlone(heard, sound);
        }
    }

    @Test
    void cancelEndsWhoWaitsWhoPassesAPromptAndWhoDecodes() throws InterruptedException {
        try (Scheduler scheduler = scheduler(2, 5, 100)) {
            CompletableFuture<Ticket> prompting = new CompletableFuture<>();
            AtomicInteger heard = new AtomicInteger();
            Gate gate = new Gate(1);
            Ticket decoding = scheduler.submit(request(400, 1, 2), event -> {
                gate.accept(event);
                // The other one has passed three or four times 32 tokens by then.
                if (heard.incrementAndGet() == 6) {
                    prompting.join().cancel();
                }
            });
            gate.await();
            Heard promptEvents = new Heard();
            prompting.complete(scheduler.submit(request(5, tokens(400, 1)), promptEvents));
            Heard waitingEvents = new Heard();
            Ticket waiting = scheduler.submit(request(5, tokens(50, 2)), waitingEvents);
            waiting.cancel();
            gate.open();
            for (Ticket ticket : List.of(waiting, prompting.join())) {
                Generation generation = ticket.await();
                assertThat(generation.reason()).isEqualTo(FinishReason.CANCELLED);
                assertThat(generation.tokens()).isEmpty();
            }
            assertThat(waitingEvents.events()).hasOnlyElementsOfType(GenerationEvent.Finished.class).hasSize(1);
            assertThat(promptEvents.events()).hasOnlyElementsOfType(GenerationEvent.Finished.class).hasSize(1);
            assertThat(scheduler.state().promptTokens()).isBetween(2 + 3 * 32L, 2 + 5 * 32L);
            decoding.cancel();
            Generation cancelled = decoding.await();
            assertThat(cancelled.reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(cancelled.tokens().length).isBetween(5, 399);
            decoding.cancel();
            assertThat(decoding.isDone()).isTrue();
            assertIdle(scheduler);
            // What the cancelled prompt has passed is not passed again.
            Heard again = new Heard();
            GenerationRequest request = request(5, tokens(400, 1));
            scheduler.submit(request, again).await();
            assertThat(again.reused()).isBetween(3 * 32, 5 * 32);
            assertAsAlone(again, request);
        }
    }

    @Test
    void closeCancelsWhatIsLeft() throws InterruptedException {
        Scheduler scheduler = scheduler(2, 10, 100);
        Gate gate = Gate.hold(scheduler, request(400, 1, 2));
        List<Heard> heard = new ArrayList<>();
        List<Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            heard.add(new Heard());
            tickets.add(scheduler.submit(request(400, tokens(100, i)), heard.get(i)));
        }
        Thread closing = Thread.ofPlatform().start(scheduler::close);
        while (!tickets.getFirst().isCancelled()) {
            Thread.onSpinWait();
        }
        gate.open();
        closing.join();
        for (int i = 0; i < 5; i++) {
            assertThat(tickets.get(i).isDone()).isTrue();
            assertThat(tickets.get(i).await().reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(heard.get(i).events().getLast()).isInstanceOf(GenerationEvent.Finished.class);
        }
        assertIdle(scheduler);
        assertThat(scheduler.state().cacheBytes()).isZero();
        scheduler.close();
        assertThatThrownBy(() -> scheduler.submit(request(1, 1), event -> {})).isInstanceOf(
                IllegalStateException.class).hasMessage("the scheduler is closed");
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(each -> each.getName().equals("tern-scheduler"));
    }

    @Test
    void aListenerCannotCloseIt() throws InterruptedException {
        try (Scheduler scheduler = scheduler(2, 10, 100)) {
            Ticket ticket = scheduler.submit(request(4, 1, 2), event -> scheduler.close());
            assertThatThrownBy(ticket::await).isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("listener");
            assertThat(scheduler.submit(request(4, 1, 2), event -> {}).await().tokens()).hasSize(4);
        }
    }

    @Test
    void drainWaitsForWhatIsLeft() throws InterruptedException {
        try (Scheduler scheduler = scheduler(1, 10, 100)) {
            Gate gate = Gate.hold(scheduler, request(4, 1, 2));
            Ticket waiting = scheduler.submit(request(4, 1, 2), event -> {});
            assertThat(scheduler.drain(Duration.ofMillis(20))).isFalse();
            assertThatThrownBy(() -> scheduler.submit(request(1, 1), event -> {})).isInstanceOf(
                    IllegalStateException.class);
            gate.open();
            assertThat(scheduler.drain(Duration.ofDays(1_000_000))).isTrue();
            assertThat(waiting.isDone()).isTrue();
            assertThat(waiting.await().tokens()).hasSize(4);
        }
    }

    @Test
    void aModelThatFailsEndsAll() throws Exception {
        try (Stream<Path> files = Files.list(Fixtures.model("tinystories-ternary-1M"))) {
            for (Path file : files.toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        damageEmbedding(folder.resolve("model.safetensors"), 511);
        try (Tern damaged = Tern.open(folder, 1);
                Scheduler scheduler = damaged.scheduler(new SchedulerOptions(100, 1,
                        10, 100 * block, KvForm.F32))) {
            List<Ticket> tickets = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                try {
                    tickets.add(scheduler.submit(request(4, 1, 2), event -> {}));
                } catch (ModelFormatException already) {
                    assertThat(i).isPositive();
                }
            }
            for (Ticket ticket : tickets) {
                assertThatThrownBy(ticket::await).isInstanceOf(ModelFormatException.class)
                        .hasMessageContaining("NaN");
            }
            assertThatThrownBy(() -> scheduler.submit(request(4, 1, 2), event -> {})).isInstanceOf(
                    ModelFormatException.class);
            assertIdle(scheduler);
            assertThat(scheduler.state().cacheBytes()).isZero();
            assertThat(scheduler.drain(Duration.ofSeconds(10))).isTrue();
        }
    }

    /// The head is the embedding: a number of one row makes one logit of every step NaN.
    private static void damageEmbedding(Path weights, int row) throws IOException {
        byte[] bytes = Files.readAllBytes(weights);
        int at = 8 + 15_168 + row * 128 * Float.BYTES;
        bytes[at + 2] = (byte) 0xC0;
        bytes[at + 3] = 0x7F;
        Files.write(weights, bytes);
    }

    @Test
    void aClosedModelEndsAll() throws InterruptedException {
        Tern closing = Tern.open(Fixtures.model("tinystories-ternary-1M"), 1);
        Scheduler scheduler = closing.scheduler(new SchedulerOptions(100, 1, 10, 100 * block, KvForm.F32));
        closing.close();
        Ticket ticket = scheduler.submit(request(4, 1, 2), event -> {});
        assertThatThrownBy(ticket::await).isInstanceOf(IllegalStateException.class).hasMessage("the model is closed");
        scheduler.close();
    }

    /// Prompts are scored as the scorer scores them, and need not be continued.
    @Test
    void promptsAreScored() throws InterruptedException {
        int[] prompt = tokens(300, 1);
        double[] expected = tern.scorer().score(prompt, 1).logProbabilities();
        GenerationRequest request = request(0, prompt).withPromptLogProbabilities(true).withAlternatives(2);
        try (Scheduler scheduler = scheduler(2, 2, 10)) {
            Gate gate = Gate.hold(scheduler, request(20, 1, 2));
            Heard heard = new Heard();
            Ticket ticket = scheduler.submit(request, heard);
            gate.open();
            assertThat(ticket.await().reason()).isEqualTo(FinishReason.LENGTH);
            List<GenerationEvent.PromptScored> scored = heard.all(GenerationEvent.PromptScored.class);
            assertThat(scored).extracting(GenerationEvent.PromptScored::index).isEqualTo(
                    IntStream.range(1, 300).boxed().toList());
            assertThat(scored).extracting(GenerationEvent.PromptScored::token).isEqualTo(
                    Arrays.stream(prompt).skip(1).boxed().toList());
            assertThat(scored.stream().mapToDouble(GenerationEvent.PromptScored::logProbability).toArray())
                    .isEqualTo(expected);
            assertThat(scored).allMatch(each -> each.alternatives().size() == 2
                    && each.alternatives().getFirst().logProbability() >= each.logProbability());
            assertThat(heard.all(GenerationEvent.TokenChosen.class)).isEmpty();
            assertAsAlone(heard, request);
            Consumer<GenerationEvent> nobody = event -> {};
            assertThat(scheduler.submit(request(0, tokens(9, 2)), nobody).await().reason()).isEqualTo(
                    FinishReason.LENGTH);
        }
    }
}
