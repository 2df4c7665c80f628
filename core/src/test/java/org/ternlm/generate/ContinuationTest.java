package org.ternlm.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ternlm.Fixtures;
import org.ternlm.tokenizer.Tokenizer;

class ContinuationTest {
    private static Tokenizer tokenizer;

    @BeforeAll
    static void load() throws IOException {
        tokenizer = Tokenizer.load(Fixtures.model("tinystories-ternary-1M"));
    }

    private static Continuation of(String context, String continuation) {
        return Continuation.of(tokenizer, OptionalInt.of(1), context, continuation);
    }

    @Test
    void scoresWhatTheWholeHasBeyondTheContext() {
        Continuation found = of("The sun is", " hot today.");
        int[] context = tokenizer.encode("The sun is", true);
        int[] whole = tokenizer.encode("The sun is hot today.", true);
        assertThat(found.context()).containsExactly(context);
        assertThat(found.tokens()).containsExactly(Arrays.copyOfRange(whole, context.length, whole.length));
        assertThat(found.joined()).containsExactly(whole);
    }

    @Test
    void whiteSpaceBehindTheContextBelongsToTheContinuation() {
        Continuation found = of("The sun is \u00a0", "hot");
        assertThat(found.context()).containsExactly(tokenizer.encode("The sun is", true));
        assertThat(tokenizer.decode(found.tokens(), true)).endsWith("hot");
        assertThat(of("The sun is ", "hot").tokens()).containsExactly(of("The sun is", " hot").tokens());
    }

    /// Where context and continuation would become one token, the context keeps its own ones.
    @Test
    void theContextIsWhatItIsAlone() {
        int[] context = tokenizer.encode("Once upon a ti", true);
        int[] whole = tokenizer.encode("Once upon a time there was", true);
        assertThat(Arrays.copyOf(whole, context.length)).isNotEqualTo(context);
        Continuation found = of("Once upon a ti", "me there was");
        assertThat(found.context()).containsExactly(context);
        assertThat(found.tokens()).containsExactly(Arrays.copyOfRange(whole, context.length, whole.length));
    }

    @Test
    void anEmptyContextIsTheTokenThatStartsAText() {
        Continuation found = of("", "Once");
        assertThat(found.context()).containsExactly(1);
        assertThat(found.tokens()).containsExactly(tokenizer.encode("Once", false));
        assertThatThrownBy(() -> Continuation.of(tokenizer, OptionalInt.empty(), " ", "Once")).isInstanceOf(
                IllegalArgumentException.class).hasMessageContaining("no token that starts a text");
        assertThatThrownBy(() -> of("Once", "")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the continuation adds no token to its context");
    }

    @Test
    void aLongContextLosesItsBeginning() {
        Continuation whole = new Continuation(new int[] {1, 2, 3, 4}, new int[] {5, 6});
        assertThat(whole.fittedInto(6)).isSameAs(whole);
        assertThat(whole.fittedInto(4).joined()).containsExactly(3, 4, 5, 6);
        assertThat(whole.fittedInto(3).context()).containsExactly(4);
        assertThatThrownBy(() -> whole.fittedInto(2)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the continuation alone has 2 tokens, the context holds 2 with one before it");
    }
}
