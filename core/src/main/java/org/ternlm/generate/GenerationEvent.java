package org.ternlm.generate;

import java.util.List;

/// What happens during a generation. The texts of all events, one after the other, are the whole text.
public sealed interface GenerationEvent {
    /// The text that became certain with this event; often a word, sometimes nothing.
    String text();

    /// The prompt has been passed.
    ///
    /// @param tokens of the prompt
    /// @param reused how many of them had been passed already, by the session or for another request
    record PromptPassed(int tokens, int reused) implements GenerationEvent {
        @Override
        public String text() {
            return "";
        }
    }

    /// A token of the prompt, and how likely it was after those before it; in order, before [PromptPassed].
    ///
    /// @param index its place in the prompt; the first token has none before it and no event
    /// @param token its id
    /// @param logProbability natural logarithm of the model's probability
    /// @param alternatives the most likely tokens in its place, as many as the request asked for
    record PromptScored(int index, int token, double logProbability, List<Alternative> alternatives)
            implements
                GenerationEvent {
        public PromptScored {
            alternatives = List.copyOf(alternatives);
        }

        @Override
        public String text() {
            return "";
        }
    }

    /// A token was chosen. Its text may come later: parts of characters, and what could become a stop string, are held
    /// back.
    ///
    /// @param token its id
    /// @param text what became certain
    /// @param logProbability natural logarithm of the model's own probability, before bias, penalty and temperature;
    /// NaN unless the request asked for it, or for alternatives: it takes a pass over the vocabulary
    /// @param alternatives the most likely tokens, as many as the request asked for
    record TokenChosen(int token, String text, double logProbability, List<Alternative> alternatives)
            implements
                GenerationEvent {
        public TokenChosen {
            alternatives = List.copyOf(alternatives);
        }
    }

    /// The end.
    ///
    /// @param reason why
    /// @param text what was held back
    /// @param stats how long it took
    record Finished(FinishReason reason, String text, GenerationStats stats) implements GenerationEvent {}

    /// A token that could have been chosen.
    ///
    /// @param token its id
    /// @param logProbability natural logarithm of the model's probability
    record Alternative(int token, double logProbability) {}
}
