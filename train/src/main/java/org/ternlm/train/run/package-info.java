/// The training loop: steps, validation, checkpoints, the log, and what is left at the end.
@NullMarked
package org.ternlm.train.run;

import org.jspecify.annotations.NullMarked;
