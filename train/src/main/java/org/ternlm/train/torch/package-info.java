/// The network in libtorch, with exactly the arithmetic of [org.ternlm.quant] and the architectures of
/// [org.ternlm.model]. Native tensors are freed by scopes: whoever opens a `PointerScope` frees what was made in it.
@NullMarked
package org.ternlm.train.torch;

import org.jspecify.annotations.NullMarked;
