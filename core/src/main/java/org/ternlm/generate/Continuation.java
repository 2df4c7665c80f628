package org.ternlm.generate;

import java.util.Arrays;
import java.util.OptionalInt;
import org.ternlm.tokenizer.Tokenizer;

/// Tokens whose probability is asked for, and those that stand before them.
///
/// @param context what is given, at least one token
/// @param tokens what is scored
public record Continuation(int[] context, int[] tokens) {

    /// A text that follows another one, tokenised as lm-evaluation-harness does, so that results compare: white space at
    /// the end of the context belongs to the continuation, and the continuation's tokens are what the whole has beyond
    /// as many tokens as the context alone has.
    ///
    /// @param beginning the token that stands for an empty context
    /// @throws IllegalArgumentException if the context is empty and there is no such token, or the continuation adds no
    /// token
    public static Continuation of(Tokenizer tokenizer, OptionalInt beginning, String context, String continuation) {
        int end = withoutTrailingSpace(context);
        String head = context.substring(0, end);
        String tail = context.substring(end) + continuation;
        Continuation made = head.isEmpty()
                ? new Continuation(new int[] {beginning.orElseThrow(() -> new IllegalArgumentException(
                        "the context is empty, and this model has no token that starts a text"))},
                        tokenizer.encode(tail, false))
                : after(tokenizer.encode(head, true), tokenizer.encode(head + tail, true));
        if (made.tokens.length == 0) {
            throw new IllegalArgumentException("the continuation adds no token to its context");
        }
        return made;
    }

    private static Continuation after(int[] context, int[] whole) {
        return new Continuation(context, whole.length > context.length
                ? Arrays.copyOfRange(whole, context.length, whole.length)
                : new int[0]);
    }

    /// Context and scored tokens together.
    public int length() {
        return context.length + tokens.length;
    }

    /// The same with as much of the context cut off on the left as makes both together fit.
    ///
    /// @param most tokens of both together
    /// @throws IllegalArgumentException if that leaves no token before those that are scored
    public Continuation fittedInto(int most) {
        if (length() <= most) {
            return this;
        }
        int kept = most - tokens.length;
        if (kept < 1) {
            throw new IllegalArgumentException(
                    "the continuation alone has %d tokens, the context holds %d with one before it".formatted(
                            tokens.length, most));
        }
        return new Continuation(Arrays.copyOfRange(context, context.length - kept, context.length), tokens);
    }

    /// Context and scored tokens in one list.
    int[] joined() {
        int[] joined = Arrays.copyOf(context, length());
        System.arraycopy(tokens, 0, joined, context.length, tokens.length);
        return joined;
    }

    private static int withoutTrailingSpace(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    /// As Python's `str.isspace` has it: unlike Java's, with no-break spaces and next line.
    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
