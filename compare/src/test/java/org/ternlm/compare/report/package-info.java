@NullMarked
package org.ternlm.compare.report;

import org.jspecify.annotations.NullMarked;
