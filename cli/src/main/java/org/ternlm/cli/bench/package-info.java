/// `tern bench`: how fast models run, and how near that is to what the machine could do.
@NullMarked
package org.ternlm.cli.bench;

import org.jspecify.annotations.NullMarked;
