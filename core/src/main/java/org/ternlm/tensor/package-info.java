/// Typed, bounds-checked views of memory: [org.ternlm.tensor.DType], [org.ternlm.tensor.Shape],
/// [org.ternlm.tensor.Tensor]. The bottom of Tern: it knows no other package.
@NullMarked
package org.ternlm.tensor;

import org.jspecify.annotations.NullMarked;
