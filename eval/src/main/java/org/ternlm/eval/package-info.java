/// Measures models: perplexity, divergence, and tasks with several choices.
@NullMarked
package org.ternlm.eval;

import org.jspecify.annotations.NullMarked;
