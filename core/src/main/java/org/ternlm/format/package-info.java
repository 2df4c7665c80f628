/// Files as they are: memory-mapped, bounds-checked, without a model's meaning. A file is untrusted: every offset,
/// length, count and shape is checked before use, and a violation is a [org.ternlm.format.ModelFormatException].
@NullMarked
package org.ternlm.format;

import org.jspecify.annotations.NullMarked;
