/// How several commands write: JSON on one line, text that cannot harm a terminal, a little colour.
@NullMarked
package org.ternlm.cli.output;

import org.jspecify.annotations.NullMarked;
