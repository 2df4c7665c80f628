package org.ternlm.chat.jinja;

/// What a template may spend.
///
/// @param steps statements, loop rounds and calls; a long conversation takes some thousands
/// @param characters of the result, and of each text on the way
public record RenderLimits(long steps, long characters) {
    /// Enough for a context of a million tokens.
    public static final RenderLimits USUAL = new RenderLimits(2_000_000, 16_000_000);
}
