@NullMarked
package org.ternlm.compare.figure;

import org.jspecify.annotations.NullMarked;
