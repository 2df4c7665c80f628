/// From one format of models to another: weights and tokenizer read, written, read again and compared.
/// [org.ternlm.convert.Conversion] is all that others need.
@NullMarked
package org.ternlm.convert;

import org.jspecify.annotations.NullMarked;
