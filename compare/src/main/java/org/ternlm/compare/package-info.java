/// The experiment of the BitNet b1.58 paper on one's own machine: arms of equal shape trained on the same tokens, measured,
/// and reported.
///
/// `config` says what is compared, `step` does it by starting tern itself again and again, `figure` has the statistics, and
/// `report` makes pages of what the steps left.
@NullMarked
package org.ternlm.compare;

import org.jspecify.annotations.NullMarked;
