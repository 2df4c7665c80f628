/// Conversations in a terminal.
@NullMarked
package org.ternlm.terminal;

import org.jspecify.annotations.NullMarked;
