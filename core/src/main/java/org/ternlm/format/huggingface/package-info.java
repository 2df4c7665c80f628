/// Folders as Hugging Face lays them out: configuration, tokenizer and tensors, in one file or sharded.
@NullMarked
package org.ternlm.format.huggingface;

import org.jspecify.annotations.NullMarked;
