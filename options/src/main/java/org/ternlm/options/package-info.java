/// What several commands take: the model, the threads, a text, lines.
@NullMarked
package org.ternlm.cli.input;

import org.jspecify.annotations.NullMarked;
