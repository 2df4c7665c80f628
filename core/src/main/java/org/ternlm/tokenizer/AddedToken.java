package org.ternlm.tokenizer;

/// A token that is looked for in the text before byte pair encoding, and never merged with what stands beside it.
///
/// @param singleWord it counts only where no word character touches it
/// @param takesLeft it takes the white space before it along (`lstrip`)
/// @param takesRight it takes the white space behind it along (`rstrip`)
/// @param normalized it is looked for, itself normalized, in the normalized text
/// @param special it is part of a protocol, not of a text: decoding may skip it
record AddedToken(int id, String content, boolean singleWord, boolean takesLeft, boolean takesRight, boolean normalized,
        boolean special) {

    /// The same token, looked for in the text as it is.
    AddedToken withoutNormalization() {
        return new AddedToken(id, content, singleWord, takesLeft, takesRight, false, special);
    }
}
