/// Known mistakes of this field, made on purpose one at a time: each must be noticed by a named test of `core`.
@NullMarked
package org.ternlm.it.mutant;

import org.jspecify.annotations.NullMarked;
