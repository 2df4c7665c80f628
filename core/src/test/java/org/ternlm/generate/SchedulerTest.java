package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ternlm.Fixtures;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.KvPool;

@Timeout(120)
class SchedulerTest {
    private static final int CONTEXT = 512;
    private static Tern tern;
    private static long block;

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

    /// Tokens that begin with one of their own.
    private static int[] tokens(int count, int number) {
        int[] tokens = new SplittableRandom(number).ints(count, 260, 500).toArray();
        tokens[0] = 3 + number;
        return tokens;
    }

    private static int[] joined(int[] first, int... second) {
        return IntStream.concat(IntStream.of(first), IntStream.of(second)).toArray();
    }

    private static GenerationRequest request(int most, int... prompt) {
        return GenerationRequest.of(prompt).withMaxTokens(most).withIgnoreEos(true);
    }

    private static void assertAsAlone(Heard heard, GenerationRequest request) {
        assertThat(heard.answer()).isEqualTo(Heard.alone(tern, CONTEXT, KvForm.F32, request).answer());
    }

    private static Heard ask(Scheduler scheduler, GenerationRequest request) throws InterruptedException {
        Heard heard = new Heard();
        scheduler.submit(request, heard).await();
        return heard;
    }

    @Test
    void requestsShareEachPass() throws InterruptedException {
        try (Scheduler scheduler = scheduler(5, 0, 100)) {
            Gate gate = Gate.hold(scheduler, request(20, 1, 2, 3));
            List<Ticket> tickets = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                tickets.add(scheduler.submit(request(20, tokens(6, i)), event -> {}));
            }
            gate.open();
            for (Ticket ticket : tickets) {
                assertThat(ticket.await().tokens()).hasSize(20);
            }
            SchedulerState state = scheduler.state();
            assertThat(state.generatedTokens()).isEqualTo(100);
            assertThat(state.promptTokens()).isEqualTo(3 + 4 * 6);
            // The first passed its prompt alone; 24 tokens of prompts fit beside one answer.
            assertThat(state.passes()).isEqualTo(21);
        }
    }

    @Test
    void runningAnswersGoOnWhilePromptsPass() throws InterruptedException {
        try (Scheduler scheduler = scheduler(4, 0, 100)) {
            AtomicLong passes = new AtomicLong();
            List<Long> passesOfTokens = new ArrayList<>();
            Gate gate = new Gate(1);
            Ticket running = scheduler.submit(request(100, 1, 2, 3), event -> {
                gate.accept(event);
                if (event instanceof GenerationEvent.TokenChosen) {
                    passesOfTokens.add(scheduler.state().passes());
                }
            });
            gate.await();
            Consumer<GenerationEvent> finish = event -> {
                if (event instanceof GenerationEvent.PromptPassed) {
                    passes.set(scheduler.state().passes());
                }
            };
            Ticket longPrompt = scheduler.submit(request(1, tokens(400, 1)), finish);
            List<Long> shortPassed = new ArrayList<>();
            Ticket shortPrompt = scheduler.submit(request(1, tokens(20, 2)), event -> {
                shortPassed.add(scheduler.state().passes());
            });
            gate.open();
            longPrompt.await();
            shortPrompt.await();
            running.await();
            assertThat(passesOfTokens).as("a token each pass").doesNotHaveDuplicates();
            // 420 tokens, 32 a pass: the last one is the fourteenth.
            assertThat(passes.get()).isEqualTo(14);
            // Both share the 32, so 20 tokens take two passes.
            assertThat(shortPassed.getFirst()).isEqualTo(2);
        }
    }

    @Test
    void whatWasPassedIsReusedByLaterRequests() throws InterruptedException {
        try (Scheduler scheduler = scheduler(4, 4, 100)) {
            GenerationRequest first = request(30, tokens(100, 1)).withLogProbabilities(true);
            Heard answer = ask(scheduler, first);
            assertThat(answer.reused()).isZero();
            assertAsAlone(answer, first);
            int[] generated = answer.all(GenerationEvent.TokenChosen.class).stream().mapToInt(
                    GenerationEvent.TokenChosen::token).toArray();
            for (int[] prompt : List.of(first.prompt(), joined(joined(first.prompt(), generated), 300, 301),
                    joined(IntStream.of(first.prompt()).limit(70).toArray(), 300, 301), new int[] {9, 300})) {
                GenerationRequest request = request(10, prompt).withLogProbabilities(true);
                Heard heard = ask(scheduler, request);
                assertThat(heard.reused()).isEqualTo(prompt.length == 100
                        ? 99
                        : prompt.length == 132 ? 129 : prompt.length == 72 ? 70 : 0);
                assertAsAlone(heard, request);
            }
            assertThat(scheduler.state().reusedTokens()).isEqualTo(99 + 129 + 70);
            GenerationRequest scored = first.withPromptLogProbabilities(true);
            Heard heard = ask(scheduler, scored);
            assertThat(heard.reused()).isZero();
            assertAsAlone(heard, scored);
        }
    }

    @Test
    void manyWithOneBeginningPassAndHoldItOnce() throws InterruptedException {
        try (Scheduler scheduler = scheduler(9, 0, 100)) {
            Gate gate = Gate.hold(scheduler, request(60, 1, 2, 3));
            int[] system = tokens(200, 5);
            AtomicLong most = new AtomicLong();
            List<Heard> heard = new ArrayList<>();
            List<GenerationRequest> requests = new ArrayList<>();
            List<Ticket> tickets = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                requests.add(request(12, joined(system, 400 + i, 300)));
                heard.add(new Heard(event -> most.accumulateAndGet(scheduler.state().cacheBytes(), Math::max)));
                tickets.add(scheduler.submit(requests.getLast(), heard.getLast()));
            }
            gate.open();
            for (int i = 0; i < 8; i++) {
                tickets.get(i).await();
                assertAsAlone(heard.get(i), requests.get(i));
            }
            assertThat(heard.stream().filter(each -> each.reused() == 200)).hasSize(7);
            assertThat(scheduler.state().promptTokens() - scheduler.state().reusedTokens()).isEqualTo(
                    3 + 202 + 7 * 2);
            // Three blocks for all, one each, and one of the first request.
            assertThat(most.get()).isEqualTo((3 + 8 + 1) * block);
        }
    }

    @Test
    void theLeastRecentlyUsedMakesWay() throws InterruptedException {
        try (Scheduler scheduler = scheduler(2, 4, 9)) {
            for (int i = 1; i <= 4; i++) {
                ask(scheduler, request(20, tokens(100, i)));
                assertThat(scheduler.state().cacheBytes()).isEqualTo(2L * i * block);
            }
            assertThat(ask(scheduler, request(20, tokens(100, 1))).reused()).as("used again").isEqualTo(99);
            assertThat(scheduler.state().cacheBytes()).isEqualTo(8 * block);
            ask(scheduler, request(20, tokens(100, 5)));
            assertThat(scheduler.state().cacheBytes()).isEqualTo(8 * block);
            assertThat(ask(scheduler, request(20, tokens(100, 1))).reused()).isEqualTo(99);
            assertThat(ask(scheduler, request(20, tokens(100, 2))).reused()).as("made way").isZero();
            // One that takes everything, in place of all others.
            GenerationRequest whole = request(12, tokens(500, 6));
            assertAsAlone(ask(scheduler, whole), whole);
            assertThat(scheduler.state().cacheBytes()).isEqualTo(8 * block);
            GenerationRequest again = request(400, joined(tokens(100, 6), 300));
            Heard heard = ask(scheduler, again);
            assertThat(heard.reused()).isEqualTo(100);
            assertAsAlone(heard, again);
            assertThat(scheduler.state().cacheBytes()).isLessThanOrEqualTo(8 * block);
        }
    }

    @Test
    void whoMayNotFitWaitsAndNobodyOvertakes() throws InterruptedException {
        try (Scheduler scheduler = scheduler(4, 4, 8)) {
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            Gate gate = new Gate(1);
            Gate later = new Gate(20);
            Ticket first = scheduler.submit(request(300, tokens(10, 1)), event -> {
                gate.accept(event);
                later.accept(event);
            });
            gate.await();
            Ticket second = scheduler.submit(request(300, tokens(10, 2)), event -> order.add("second"));
            Ticket third = scheduler.submit(request(5, tokens(10, 3)), event -> order.add("third"));
            gate.open();
            later.await();
            SchedulerState state = scheduler.state();
            assertThat(state.running()).isEqualTo(1);
            assertThat(state.waiting()).isEqualTo(2);
            first.cancel();
            later.open();
            assertThat(first.await().reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(third.await().tokens()).hasSize(5);
            assertThat(second.await().tokens()).hasSize(300);
            assertThat(order.getFirst()).isEqualTo("second");
        }
    }
}
