@NullMarked
package org.ternlm.it;

import org.jspecify.annotations.NullMarked;
