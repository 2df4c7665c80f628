@NullMarked
package org.ternlm.charts;

import org.jspecify.annotations.NullMarked;
