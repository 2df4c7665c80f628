/// `tern tokenize`: a text's tokens, and back. Needs the tokenizer's files only, no weights.
@NullMarked
package org.ternlm.cli.tokenize;

import org.jspecify.annotations.NullMarked;
