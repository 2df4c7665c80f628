package org.ternlm.chat.jinja;

import java.time.Duration;

/// What a template may spend.
///
/// @param steps statements, loop rounds and calls; a long conversation takes some thousands
/// @param characters of the result, and of each text on the way
/// @param time looked at every some hundred steps
public record RenderLimits(long steps, long characters, Duration time) {
    /// Enough for a context of a million tokens.
    public static final RenderLimits USUAL = new RenderLimits(2_000_000, 16_000_000, Duration.ofSeconds(10));
}
