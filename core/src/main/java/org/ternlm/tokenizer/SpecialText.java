package org.ternlm.tokenizer;

/// What becomes of the spelling of a special token, such as `<|eot_id|>`, inside a text.
public enum SpecialText {
    /// It becomes the special token: for prompts and chat templates that the program itself wrote.
    AS_TOKENS,
    /// It is text like any other and never becomes the special token: for text that users or documents supply.
    AS_TEXT
}
