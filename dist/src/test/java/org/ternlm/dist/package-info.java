@NullMarked
package org.ternlm.dist;

import org.jspecify.annotations.NullMarked;
