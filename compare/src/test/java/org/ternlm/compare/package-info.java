@NullMarked
package org.ternlm.compare;

import org.jspecify.annotations.NullMarked;
