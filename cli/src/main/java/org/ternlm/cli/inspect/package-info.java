/// `tern inspect`: what is inside a model.
@NullMarked
package org.ternlm.cli.inspect;

import org.jspecify.annotations.NullMarked;
