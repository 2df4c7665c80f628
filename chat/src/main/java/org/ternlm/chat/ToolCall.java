package org.ternlm.chat;

/// A model's wish to have a tool called.
///
/// @param id by which the tool's answer refers to it
/// @param name of the tool
/// @param arguments a JSON object, as text
public record ToolCall(String id, String name, String arguments) {}
