/// The steps of a comparison: each starts tern once or a few times and leaves one small file of results, so that what is
/// done stays done.
@NullMarked
package org.ternlm.compare.step;

import org.jspecify.annotations.NullMarked;
