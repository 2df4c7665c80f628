package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.Fixtures;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.KvPool;

/// Whoever else is there, an answer is the one that a session gives alone: to the last bit of its probabilities.
class ConcurrentAnswersTest {
    private static final int CONTEXT = 300;
    private static final int REQUESTS = 48;
    private static final int CLIENTS = 8;
    private static final String STORY = "Once upon a time, there was a little girl named Lily. She had a red ball. ";

    static Stream<Arguments> models() {
        return Stream.of(Arguments.of(Fixtures.bundledModel(), KvForm.F32),
                Arguments.of(Fixtures.model("stories260K-llama-f32"), KvForm.BF16),
                Arguments.of(Fixtures.model("tinystories-ternary-1M"), KvForm.INT8));
    }

    /// Allows a changing third of the tokens, and what is left of nothing at some time.
    private static final class Thirds implements TokenMask {
        private final int vocabulary;
        private final int most;
        private int state;
        private int count;

        Thirds(int vocabulary, int most) {
            this.vocabulary = vocabulary;
            this.most = most;
        }

        @Override
        public void allow(BitSet allowed) {
            assertThat(allowed.isEmpty()).isTrue();
            for (int token = state % 3; token < vocabulary && count < most; token += 3) {
                allowed.set(token);
            }
        }

        @Override
        public void accept(int token) {
            state += token + 1;
            count++;
        }
    }

    /// A request that depends on its number alone. Masks remember, so each call makes one.
    private static GenerationRequest request(Tern tern, int number) {
        Random random = new Random(number);
        int vocabulary = tern.config().vocabularySize();
        int[] story = tern.tokenizer().encode(STORY.repeat(8), true);
        int own = random.nextInt(40);
        int[] prompt = IntStream.concat(Arrays.stream(story).limit(1 + random.nextInt(CONTEXT - own - 1)),
                random.ints(own, 3, vocabulary)).toArray();
        Sampling sampling = random.nextInt(3) == 0
                ? Sampling.GREEDY
                : new Sampling(random.nextInt(2) * 0.8, random.nextInt(2) * 40, random.nextBoolean() ? 1 : 0.9,
                        random.nextInt(2) * 0.02, random.nextBoolean() ? 1 : 1.2, random.nextInt(3) - 1,
                        random.nextInt(2) * 0.3, random.nextBoolean() ? Map.of() : Map.of(300, 2.0, 5, -3.0), number);
        GenerationRequest request = GenerationRequest.of(prompt).withMaxTokens(random.nextInt(60)).withSampling(
                sampling).withIgnoreEos(random.nextBoolean()).withLogProbabilities(random.nextBoolean())
                .withAlternatives(random.nextInt(4)).withPromptLogProbabilities(random.nextInt(5) == 0);
        if (random.nextInt(3) == 0) {
            request = request.withStopStrings(List.of(" the", "no such text")).withStopTokens(Set.of(270));
        }
        return random.nextInt(4) == 0 ? request.withMask(new Thirds(vocabulary, 20)) : request;
    }

    /// Where a request is cancelled: after so many events; 0 for never.
    private static int cancelAfter(int number) {
        Random random = new Random(~number);
        return random.nextInt(5) == 0 ? 1 + random.nextInt(12) : 0;
    }

    private record Outcome(Heard heard, Generation generation) {}

    private static Outcome ask(Scheduler scheduler, Tern tern, int number) throws InterruptedException {
        CompletableFuture<Ticket> ticket = new CompletableFuture<>();
        int[] left = {cancelAfter(number)};
        Heard heard = new Heard(event -> {
            if (--left[0] == 0) {
                ticket.join().cancel();
            }
        });
        ticket.complete(scheduler.submit(request(tern, number), heard));
        return new Outcome(heard, ticket.join().await());
    }

    private static void assertAsAlone(Tern tern, KvForm form, int number, Outcome outcome) {
        Heard alone = Heard.alone(tern, CONTEXT, form, request(tern, number));
        List<Object> found = outcome.heard.answer();
        if (outcome.generation.reason() == FinishReason.CANCELLED) {
            int common = cancelAfter(number);
            assertThat(common).as("request %d was never cancelled", number).isPositive();
            assertThat(found.subList(0, common)).as("request %d", number).isEqualTo(alone.answer().subList(0, common));
            assertThat(outcome.heard.all(GenerationEvent.TokenChosen.class)).hasSizeLessThanOrEqualTo(common);
        } else {
            assertThat(found).as("request %d", number).isEqualTo(alone.answer());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void areThoseOfASessionAlone(Path model, KvForm form) throws Exception {
        try (Tern tern = Tern.open(model, 2); ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            long block = new KvPool(tern.config(), form).blockBytes();
            SchedulerOptions options = new SchedulerOptions(CONTEXT, 5, REQUESTS, 16 * block, form);
            Outcome[] outcomes = new Outcome[REQUESTS];
            try (Scheduler scheduler = tern.scheduler(options)) {
                List<Future<?>> ends = new ArrayList<>();
                for (int i = 0; i < REQUESTS; i++) {
                    int number = i;
                    Callable<Object> one = () -> outcomes[number] = ask(scheduler, tern, number);
                    ends.add(clients.submit(one));
                    Thread.sleep(new Random(i).nextInt(4) == 0 ? 5 : 0);
                }
                for (Future<?> end : ends) {
                    end.get();
                }
                SchedulerState state = scheduler.state();
                assertThat(state.running()).isZero();
                assertThat(state.waiting()).isZero();
                assertThat(state.reusedTokens()).isPositive().isLessThan(state.promptTokens());
                assertThat(state.cacheBytes()).isPositive().isLessThanOrEqualTo(options.cacheBytes());
            }
            for (int i = 0; i < REQUESTS; i++) {
                assertAsAlone(tern, form, i, outcomes[i]);
            }
            assertThat(Arrays.stream(outcomes).map(each -> each.generation.reason()).distinct()).contains(
                    FinishReason.STOP, FinishReason.LENGTH, FinishReason.MASK, FinishReason.CANCELLED);
        }
    }
}
