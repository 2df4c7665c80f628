package org.ternlm.generate;

/// A finished generation.
///
/// @param promptTokens what was continued
/// @param tokens what was generated, without the token that ended the text
/// @param text the generated text, up to a stop string
/// @param reason why it ended
/// @param stats how long it took
public record Generation(int[] promptTokens, int[] tokens, String text, FinishReason reason, GenerationStats stats) {

    public Generation {
        promptTokens = promptTokens.clone();
        tokens = tokens.clone();
    }

    @Override
    public int[] promptTokens() {
        return promptTokens.clone();
    }

    @Override
    public int[] tokens() {
        return tokens.clone();
    }
}
