package org.ternlm.eval.task;

/// A text, and another one whose probability after it is asked for.
///
/// @param context what is given; empty for the beginning of a text
/// @param continuation what is scored
public record Prompt(String context, String continuation) {}
