/// `tern pull`: models from a hub into the local cache.
@NullMarked
package org.ternlm.cli.pull;

import org.jspecify.annotations.NullMarked;
