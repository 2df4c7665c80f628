/// GGUF files: metadata and tensors as they lie there, memory-mapped and checked.
@NullMarked
package org.ternlm.format.gguf;

import org.jspecify.annotations.NullMarked;
