@NullMarked
package org.ternlm.compare.shipped;

import org.jspecify.annotations.NullMarked;
