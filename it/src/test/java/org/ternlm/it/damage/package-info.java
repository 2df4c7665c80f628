/// Damaged model folders, and what Tern says about them.
@NullMarked
package org.ternlm.it.damage;

import org.jspecify.annotations.NullMarked;
