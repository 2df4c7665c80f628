package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ternlm.Fixtures;

class SessionTest {
    private static final int EOS = 2;
    private static Tern tern;

    @BeforeAll
    static void open() {
        tern = Tern.open(Fixtures.model("tinystories-ternary-1M"), 1);
    }

    @AfterAll
    static void close() {
        tern.close();
    }

    private static GenerationRequest request(String prompt) {
        return tern.request(prompt).withMaxTokens(16).withIgnoreEos(true);
    }

    private static Sampling random(long seed) {
        return new Sampling(1, 0, 1, 0, 1, 0, 0, Map.of(), seed);
    }

    private static Sampling biased(int token, double bias) {
        return new Sampling(0, 0, 1, 0, 1, 0, 0, Map.of(token, bias), 0);
    }

    /// A generation with everything that it told on the way.
    private record Heard(Generation generation, List<GenerationEvent> events) {
        List<GenerationEvent.TokenChosen> chosen() {
            return events.stream().filter(GenerationEvent.TokenChosen.class::isInstance)
                    .map(GenerationEvent.TokenChosen.class::cast).toList();
        }

        double[] logProbabilities() {
            return chosen().stream().mapToDouble(GenerationEvent.TokenChosen::logProbability).toArray();
        }
    }

    private static Heard hear(Session session, GenerationRequest request) {
        List<GenerationEvent> events = new ArrayList<>();
        return new Heard(session.generate(request, events::add), events);
    }

    private static Heard hear(GenerationRequest request) {
        try (Session session = tern.session()) {
            return hear(session, request);
        }
    }

    private static void assertAsFresh(Heard found, GenerationRequest request, int reused) {
        Heard fresh = hear(request);
        assertThat(found.generation().tokens()).isEqualTo(fresh.generation().tokens());
        assertThat(found.logProbabilities()).isEqualTo(fresh.logProbabilities());
        assertThat(found.generation().text()).isEqualTo(fresh.generation().text());
        assertThat(found.generation().stats().reusedTokens()).isEqualTo(reused);
    }

    private static int[] joined(int[] first, int... second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    @Test
    void whatItHasPassedIsReusedWithoutATrace() {
        try (Session session = tern.session()) {
            GenerationRequest first = request("Once upon a time, there was a");
            int prompt = first.prompt().length;
            Heard answer = hear(session, first);
            assertAsFresh(answer, first, 0);
            // The same again: all but the last token of the prompt.
            assertAsFresh(hear(session, first), first, prompt - 1);
            // The conversation goes on: the prompt and all that was generated but the last token, which was not passed.
            int[] longer = joined(joined(first.prompt(), answer.generation().tokens()), 300, 301, 302);
            GenerationRequest second = GenerationRequest.of(longer).withMaxTokens(8).withIgnoreEos(true);
            assertAsFresh(hear(session, second), second, prompt + 15);
            // Another turn: only the common start.
            int[] other = Arrays.copyOf(longer, prompt + 6);
            other[prompt] = (other[prompt] + 1) % 512;
            GenerationRequest third = GenerationRequest.of(other).withMaxTokens(8).withIgnoreEos(true);
            assertAsFresh(hear(session, third), third, prompt);
            // A prompt that is a start of what was passed.
            GenerationRequest fourth = GenerationRequest.of(Arrays.copyOf(longer, 4)).withMaxTokens(8)
                    .withIgnoreEos(true);
            assertAsFresh(hear(session, fourth), fourth, 3);
            session.reset();
            assertThat(session.length()).isZero();
            assertAsFresh(hear(session, first), first, 0);
        }
    }

    @Test
    void theSameSeedGivesTheSameText() {
        GenerationRequest request = request("Once").withSampling(random(5));
        int[] tokens = hear(request).generation().tokens();
        assertThat(hear(request).generation().tokens()).isEqualTo(tokens);
        assertThat(hear(request("Once").withSampling(random(6))).generation().tokens()).isNotEqualTo(tokens);
    }

    @Test
    void logProbabilitiesAreTheModelsOwnWhateverTheSampling() {
        Sampling sampling = new Sampling(3, 50, 0.99, 0, 1.5, 0, 0, Map.of(300, 4.0, 301, -3.0), 11);
        Heard heard = hear(request("The cat").withSampling(sampling).withLogProbabilities(true));
        int[] prompt = heard.generation().promptTokens();
        Score score = tern.scorer().score(joined(prompt, heard.generation().tokens()), prompt.length);
        assertThat(heard.logProbabilities()).isEqualTo(score.logProbabilities());
        assertThat(score.greedy()).isFalse();
        assertThat(hear(request("The cat")).logProbabilities()).as("nobody asked").containsOnly(Double.NaN);
    }

    @Test
    void aPromptIsScoredFromItsStartWhateverWasPassed() {
        GenerationRequest request = request("Once upon a time, there was a").withPromptLogProbabilities(true);
        int[] prompt = request.prompt();
        try (Session session = tern.session()) {
            hear(session, request("Once upon a time"));
            for (int most : new int[] {0, 3}) {
                Heard heard = hear(session, request.withMaxTokens(most));
                List<GenerationEvent.PromptScored> scored = heard.events().stream()
                        .filter(GenerationEvent.PromptScored.class::isInstance)
                        .map(GenerationEvent.PromptScored.class::cast).toList();
                assertThat(scored.stream().mapToDouble(GenerationEvent.PromptScored::logProbability).toArray())
                        .isEqualTo(tern.scorer().score(prompt, 1).logProbabilities());
                assertThat(heard.events().indexOf(scored.getLast())).isEqualTo(prompt.length - 2);
                assertThat(heard.events().get(prompt.length - 1)).isEqualTo(
                        new GenerationEvent.PromptPassed(prompt.length, 0));
                assertThat(heard.generation().reason()).isEqualTo(FinishReason.LENGTH);
                assertThat(heard.generation().tokens()).hasSize(most).isEqualTo(Arrays.copyOf(
                        hear(request("Once upon a time, there was a")).generation().tokens(), most));
            }
        }
    }

    @Test
    void alternativesFallAndStartWithTheMostLikely() {
        for (GenerationEvent.TokenChosen event : hear(request("Once upon").withAlternatives(5)).chosen()) {
            List<GenerationEvent.Alternative> top = event.alternatives();
            assertThat(top).hasSize(5).isSortedAccordingTo(
                    (a, b) -> Double.compare(b.logProbability(), a.logProbability()));
            assertThat(top.getFirst()).isEqualTo(new GenerationEvent.Alternative(event.token(),
                    event.logProbability()));
            assertThat(top.stream().mapToDouble(each -> Math.exp(each.logProbability())).sum()).isLessThan(1 + 1e-9);
            assertThat(top.stream().map(GenerationEvent.Alternative::token).distinct()).hasSize(5);
        }
        assertThat(hear(request("Once upon")).chosen()).allMatch(event -> event.alternatives().isEmpty());
    }

    @Test
    void theTextsOfTheEventsAreTheWholeText() {
        for (List<String> stops : List.of(List.<String>of(), List.of("never to be found"), List.of(" the"))) {
            Heard heard = hear(request("Once upon a time").withMaxTokens(40).withStopStrings(stops));
            StringBuilder text = new StringBuilder();
            heard.events().forEach(event -> text.append(event.text()));
            assertThat(heard.generation().text()).isEqualTo(text.toString()).isNotEmpty();
        }
    }

    @Test
    void endsBeforeAStopString() {
        String whole = hear(request("Once upon a time").withMaxTokens(40)).generation().text();
        int space = whole.indexOf(' ', 10);
        String stop = whole.substring(space - 2, space + 3);
        Generation generation = hear(request("Once upon a time").withMaxTokens(40)
                .withStopStrings(List.of("no such text", stop))).generation();
        assertThat(generation.reason()).isEqualTo(FinishReason.STOP);
        assertThat(generation.text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    }

    @Test
    void endsBeforeAStopToken() {
        int[] tokens = hear(request("Once")).generation().tokens();
        int stop = tokens[3];
        int first = IntStream.range(0, 4).filter(i -> tokens[i] == stop).findFirst().orElseThrow();
        Generation generation = hear(request("Once").withStopTokens(Set.of(stop))).generation();
        assertThat(generation.reason()).isEqualTo(FinishReason.STOP);
        assertThat(generation.tokens()).isEqualTo(Arrays.copyOf(tokens, first));
    }

    @Test
    void endsAtTheModelsEndOfTextUnlessAskedNotTo() {
        GenerationRequest request = tern.request("Once").withMaxTokens(3).withSampling(biased(EOS, 1e6));
        assertThat(hear(request).generation().reason()).isEqualTo(FinishReason.STOP);
        assertThat(hear(request).generation().tokens()).isEmpty();
        Generation ignoring = hear(request.withIgnoreEos(true)).generation();
        assertThat(ignoring.reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(ignoring.tokens()).containsExactly(EOS, EOS, EOS);
        assertThat(ignoring.text()).isEmpty();
    }

    @Test
    void cancelEndsAfterTheCurrentStep() {
        try (Session session = tern.session()) {
            List<GenerationEvent> events = new ArrayList<>();
            Generation generation = session.generate(request("Once"), event -> {
                events.add(event);
                if (events.size() == 4) {
                    session.cancel();
                }
            });
            assertThat(generation.reason()).isEqualTo(FinishReason.CANCELLED);
            assertThat(generation.tokens()).hasSize(3);
            assertThat(events.getLast()).isInstanceOf(GenerationEvent.Finished.class);
            // The next one is not cancelled, and starts from what was passed.
            GenerationRequest again = request("Once");
            assertAsFresh(hear(session, again), again, again.prompt().length - 1);
        }
    }

    @Test
    void onlyWhatTheMaskAllowsIsChosen() {
        List<Integer> chosen = new ArrayList<>();
        TokenMask mask = new TokenMask() {
            @Override
            public void allow(BitSet allowed) {
                if (chosen.size() < 4) {
                    allowed.set(300 + chosen.size());
                    allowed.set(400);
                }
            }

            @Override
            public void accept(int token) {
                chosen.add(token);
            }
        };
        Generation generation = hear(request("Once").withMask(mask)).generation();
        assertThat(generation.reason()).isEqualTo(FinishReason.MASK);
        assertThat(generation.tokens()).hasSize(4).isEqualTo(chosen.stream().mapToInt(i -> i).toArray());
        for (int i = 0; i < 4; i++) {
            assertThat(chosen.get(i)).isIn(300 + i, 400);
        }
    }

    @Test
    void endsWhenTheContextIsFull() {
        int context = tern.config().contextLength();
        int[] prompt = new int[context - 2];
        Arrays.setAll(prompt, i -> i == 0 ? 1 : 260 + i % 200);
        GenerationRequest request = GenerationRequest.of(prompt).withMaxTokens(100).withIgnoreEos(true);
        Generation generation = hear(request).generation();
        assertThat(generation.reason()).isEqualTo(FinishReason.CONTEXT);
        assertThat(generation.tokens()).hasSize(3);
        assertThat(hear(GenerationRequest.of(joined(prompt, 5, 6)).withIgnoreEos(true)).generation().tokens())
                .hasSize(1);
        try (Session session = tern.session()) {
            GenerationRequest tooLong = GenerationRequest.of(joined(prompt, 5, 6, 7));
            assertThatThrownBy(() -> session.generate(tooLong)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the prompt has %d tokens, the context holds %d".formatted(context + 1,
                            context));
            assertThatThrownBy(() -> session.generate(GenerationRequest.of(1, 512)))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("token 512");
            assertAsFresh(hear(session, request("Once")), request("Once"), 0);
        }
    }

    @Test
    void aClosedModelSaysSo() {
        Tern closed = Tern.open(Fixtures.model("tinystories-ternary-1M"), 1);
        GenerationRequest request = closed.request("Once");
        Session session = closed.session();
        closed.close();
        closed.close();
        assertThatThrownBy(() -> session.generate(request)).isInstanceOf(IllegalStateException.class)
                .hasMessage("the model is closed");
        assertThatThrownBy(() -> closed.scorer().score(new int[] {1, 2}, 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void refusesRequestsThatMeanNothing() {
        GenerationRequest sound = GenerationRequest.of(1);
        for (Runnable wrong : new Runnable[] {GenerationRequest::of, () -> sound.withMaxTokens(-1),
                () -> sound.withStopStrings(List.of("x", "")), () -> sound.withAlternatives(-1),
                () -> sound.withAlternatives(101)}) {
            assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
