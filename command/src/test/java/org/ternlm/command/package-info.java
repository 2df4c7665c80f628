@NullMarked
package org.ternlm.command;

import org.jspecify.annotations.NullMarked;
