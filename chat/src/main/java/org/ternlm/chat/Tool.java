package org.ternlm.chat;

import com.fasterxml.jackson.databind.JsonNode;

/// A function that a model may ask for.
///
/// @param name by which it is called
/// @param description what it does, in words for the model; may be empty
/// @param parameters a JSON schema of its arguments, an object
public record Tool(String name, String description, JsonNode parameters) {}
