@NullMarked
package org.ternlm.onednn;

import org.jspecify.annotations.NullMarked;
