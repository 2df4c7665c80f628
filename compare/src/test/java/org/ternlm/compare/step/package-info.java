@NullMarked
package org.ternlm.compare.step;

import org.jspecify.annotations.NullMarked;
