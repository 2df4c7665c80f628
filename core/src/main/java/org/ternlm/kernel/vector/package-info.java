/// The Vector API (incubating, hence the flag `--add-modules jdk.incubator.vector`). The only package that may use it. The
/// width of the vectors is fixed when [org.ternlm.kernel.vector.Species] loads.
@NullMarked
package org.ternlm.kernel.vector;

import org.jspecify.annotations.NullMarked;
