/// Plain Java: the oracle that every faster kernel is tested against, and what runs where nothing else can.
@NullMarked
package org.ternlm.kernel.scalar;

import org.jspecify.annotations.NullMarked;
