/// Small programs that use Tern, each complete. `ExamplesTest` runs them.
@NullMarked
package org.ternlm.examples;

import org.jspecify.annotations.NullMarked;
