/// The statistics of a comparison: losses over documents, their intervals and differences, lines through sizes, frontiers.
@NullMarked
package org.ternlm.compare.figure;

import org.jspecify.annotations.NullMarked;
