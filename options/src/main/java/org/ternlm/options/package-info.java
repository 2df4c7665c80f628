/// What several commands take: the model, the threads, a text, lines.
@NullMarked
package org.ternlm.options;

import org.jspecify.annotations.NullMarked;
