/// The safetensors container: a JSON header and raw tensors behind it.
@NullMarked
package org.ternlm.format.safetensors;

import org.jspecify.annotations.NullMarked;
