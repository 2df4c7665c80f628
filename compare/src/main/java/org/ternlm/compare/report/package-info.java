/// Makes pages of results: what is said is computed from the files, and what was not run is said to be not measured.
@NullMarked
package org.ternlm.compare.report;

import org.jspecify.annotations.NullMarked;
