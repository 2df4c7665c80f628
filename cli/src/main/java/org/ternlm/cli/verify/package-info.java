/// `tern verify`: known models against what others measured of them.
@NullMarked
package org.ternlm.cli.verify;

import org.jspecify.annotations.NullMarked;
