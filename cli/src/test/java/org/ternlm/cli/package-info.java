@NullMarked
package org.ternlm.cli;

import org.jspecify.annotations.NullMarked;
