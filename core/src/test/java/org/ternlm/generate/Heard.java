package org.ternlm.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ternlm.kernel.KvForm;

/// What a listener heard. A scheduler's thread writes it, and whoever has awaited the end may read it.
final class Heard implements Consumer<GenerationEvent> {
    private final List<GenerationEvent> events = new ArrayList<>();
    private final Consumer<GenerationEvent> then;

    Heard() {
        this(event -> {});
    }

    /// @param then hears of each event afterwards
    Heard(Consumer<GenerationEvent> then) {
        this.then = then;
    }

    @Override
    public void accept(GenerationEvent event) {
        events.add(event);
        then.accept(event);
    }

    List<GenerationEvent> events() {
        return events;
    }

    /// All but what depends on time, and on what was passed before.
    List<Object> answer() {
        List<Object> answer = new ArrayList<>();
        for (GenerationEvent event : events) {
            switch (event) {
                case GenerationEvent.PromptPassed(int tokens, int _) -> answer.add(tokens);
                case GenerationEvent.Finished(FinishReason reason, String text, GenerationStats stats) -> answer.addAll(
                        List.of(reason, text, stats.promptTokens(), stats.generatedTokens()));
                default -> answer.add(event);
            }
        }
        return answer;
    }

    <T extends GenerationEvent> List<T> all(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    int reused() {
        return all(GenerationEvent.PromptPassed.class).getFirst().reused();
    }

    /// What a session of its own says to a request.
    static Heard alone(Tern tern, int contextLength, KvForm form, GenerationRequest request) {
        Heard heard = new Heard();
        try (Session session = tern.session(contextLength, form)) {
            session.generate(request, heard);
        }
        return heard;
    }
}
