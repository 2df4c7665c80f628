/// `tern compare --shipped`: the three models that Tern trained itself, side by side within a minute.
@NullMarked
package org.ternlm.compare.shipped;

import org.jspecify.annotations.NullMarked;
