package org.ternlm.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.ChatFormat;
import org.ternlm.chat.ChatPrompt;
import org.ternlm.chat.Message;
import org.ternlm.chat.Role;
import org.ternlm.command.CommandException;
import org.ternlm.generate.Generation;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Session;

/// A conversation with a model, which remembers as much of it as the context holds. One session passes it all, so that each
/// answer begins where the one before ended. Not thread-safe.
final class Conversation {
    /// At least this share of the context is left to the answer.
    private static final int SHARE_OF_ANSWER = 4;

    private final ChatFormat format;
    private final Session session;
    private final int contextLength;
    private final Settings settings;
    private final List<Message> messages = new ArrayList<>();
    private @Nullable String system;
    private int answers;

    /// How answers are generated.
    ///
    /// @param maxTokens the most that an answer has
    record Settings(int maxTokens, Sampling sampling, List<String> stop) {}

    /// What was forgotten because the context is full.
    ///
    /// @param turns messages of the user with their answers
    /// @param characters of a text that is continued
    record Forgotten(int turns, int characters) {}

    /// An answer.
    record Answer(Generation generation, Forgotten forgotten) {}

    Conversation(ChatFormat format, Session session, int contextLength, Settings settings) {
        this.format = format;
        this.session = session;
        this.contextLength = contextLength;
        this.settings = settings;
    }

    Optional<String> system() {
        return Optional.ofNullable(system);
    }

    void setSystem(@Nullable String text) {
        system = text;
    }

    /// All of it, with the system's message at its start.
    List<Message> messages() {
        List<Message> all = new ArrayList<>(messages);
        if (system != null) {
            all.addFirst(Message.system(system));
        }
        return all;
    }

    /// Goes on with another conversation.
    void replace(List<Message> conversation) {
        messages.clear();
        messages.addAll(conversation);
        system = null;
        if (!messages.isEmpty() && messages.getFirst().role() == Role.SYSTEM) {
            system = messages.removeFirst().content();
        }
    }

    void reset() {
        messages.clear();
        session.reset();
    }

    /// Whether the model has no template, and continues texts instead of answering.
    boolean continuesTexts() {
        return !format.isOfModel();
    }

    /// Whether there is a text to go on with.
    boolean canContinue() {
        return continuesTexts() && !messages.isEmpty();
    }

    /// The answer to a message. After an error the conversation is as before.
    ///
    /// @param listener gets the answer piece by piece
    /// @throws CommandException if the message does not fit into the context
    /// @throws org.ternlm.chat.ChatTemplateException if the model's template does not take it
    Answer answer(String text, Consumer<String> listener) {
        List<Message> before = List.copyOf(messages);
        messages.add(Message.user(text));
        return generate(before, listener);
    }

    /// What comes after the last answer.
    Answer goOn(Consumer<String> listener) {
        return generate(List.copyOf(messages), listener);
    }

    private Answer generate(List<Message> before, Consumer<String> listener) {
        try {
            Forgotten forgotten = fit();
            Generation generation = session.generate(request(), event -> listener.accept(event.text()));
            answers++;
            add(generation.text());
            return new Answer(generation, forgotten);
        } catch (RuntimeException e) {
            messages.clear();
            messages.addAll(before);
            throw e;
        }
    }

    private void add(String answer) {
        Message last = messages.isEmpty() ? Message.assistant("") : messages.getLast();
        if (last.role() == Role.ASSISTANT) {
            messages.set(messages.size() - 1, Message.assistant(last.content() + answer));
        } else {
            messages.add(Message.assistant(answer));
        }
    }

    private int[] tokens() {
        return format.tokens(ChatPrompt.of(messages()));
    }

    private GenerationRequest request() {
        List<String> stop = new ArrayList<>(format.stopStrings());
        stop.addAll(settings.stop());
        return GenerationRequest.of(tokens()).withMaxTokens(settings.maxTokens()).withSampling(sampling())
                .withStopTokens(format.stopTokens()).withStopStrings(stop);
    }

    /// What repeats a conversation, if anything in it is left to chance.
    Optional<Long> seed() {
        return settings.sampling().temperature() > 0 ? Optional.of(settings.sampling().seed()) : Optional.empty();
    }

    /// A seed of its own for each answer: the same question need not get the same one.
    private Sampling sampling() {
        Sampling first = settings.sampling();
        return new Sampling(first.temperature(), first.topK(), first.topP(), first.minP(), first.repetitionPenalty(),
                first.presencePenalty(), first.frequencyPenalty(), first.logitBias(), first.seed() + answers);
    }

    /// Forgets the oldest turns until the rest leaves room for an answer.
    private Forgotten fit() {
        int most = contextLength - Math.max(1, Math.min(settings.maxTokens(), contextLength / SHARE_OF_ANSWER));
        int turns = 0;
        int characters = 0;
        for (int length = tokens().length; length > most; length = tokens().length) {
            if (dropTurn()) {
                turns++;
                continue;
            }
            int cut = continuesTexts() ? cutText() : 0;
            if (cut == 0) {
                throw new CommandException(("the message has %d tokens%s, and with room for an answer the context holds"
                        + " %d").formatted(length, system == null ? "" : " with what the system says", most));
            }
            characters += cut;
        }
        return new Forgotten(turns, characters);
    }

    private boolean dropTurn() {
        int next = 1;
        while (next < messages.size() && messages.get(next).role() != Role.USER) {
            next++;
        }
        if (next >= messages.size()) {
            return false;
        }
        messages.subList(0, next).clear();
        return true;
    }

    /// Forgets the first half of the one text that there is, and says how long that was.
    private int cutText() {
        StringBuilder text = new StringBuilder();
        messages.forEach(message -> text.append(message.content()));
        int half = text.length() / 2;
        int cut = text.indexOf(" ", half) < 0 ? half : text.indexOf(" ", half);
        if (cut > 0) {
            messages.clear();
            messages.add(Message.user(text.substring(cut).stripLeading()));
        }
        return cut;
    }
}
