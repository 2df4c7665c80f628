package org.ternlm.chat.jinja;

import java.time.LocalDateTime;
import java.util.function.Supplier;

/// One rendering: its names, its output, and what it may still spend. Not thread-safe.
final class Run {
    private static final int DEEPEST = 100;
    private static final int STEPS_BETWEEN_LOOKS = 256;
    private static final int LONG_TEXT = 1 << 16;

    private final long start = System.nanoTime();
    private final RenderLimits limits;
    private final LocalDateTime now;
    private Scope scope;
    private MarkedText.Builder output = new MarkedText.Builder();
    private long steps;
    private long characters;
    private int depth;

    Run(Scope scope, RenderLimits limits, LocalDateTime now) {
        this.scope = scope;
        this.limits = limits;
        this.now = now;
    }

    LocalDateTime now() {
        return now;
    }

    Scope scope() {
        return scope;
    }

    void step() {
        steps(1);
    }

    void steps(long count) {
        steps += count;
        if (steps > limits.steps()) {
            throw new JinjaException("the template goes on for more than %,d steps".formatted(limits.steps()));
        }
        if (steps % STEPS_BETWEEN_LOOKS < count) {
            lookAtTime();
        }
    }

    private void lookAtTime() {
        if (System.nanoTime() - start > limits.time().toNanos()) {
            throw new JinjaException("the template takes longer than " + limits.time().toSeconds() + " seconds");
        }
    }

    /// Says that a text of so many characters was made.
    void characters(long count) {
        characters += count;
        if (count > LONG_TEXT) {
            lookAtTime();
        }
        if (count > limits.characters() || characters > 16 * limits.characters()) {
            throw new JinjaException("the template makes more than %,d characters".formatted(limits.characters()));
        }
    }

    MarkedText made(MarkedText text) {
        characters(text.length());
        return text;
    }

    void write(MarkedText text) {
        characters(text.length());
        output.append(text);
        if (output.length() > limits.characters()) {
            throw new JinjaException("the template makes more than %,d characters".formatted(limits.characters()));
        }
    }

    /// What `body` writes, instead of writing it.
    MarkedText captured(Runnable body) {
        MarkedText.Builder before = output;
        output = new MarkedText.Builder();
        try {
            body.run();
            return output.build();
        } finally {
            output = before;
        }
    }

    MarkedText result() {
        return output.build();
    }

    /// Does something with the names of `inner`.
    <T> T within(Scope inner, Supplier<T> body) {
        Scope before = scope;
        scope = inner;
        if (++depth > DEEPEST) {
            throw new JinjaException("the template is nested deeper than " + DEEPEST);
        }
        try {
            return body.get();
        } finally {
            depth--;
            scope = before;
        }
    }
}
