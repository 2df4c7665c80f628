/// `tern export`: from master weights to a packed folder.
@NullMarked
package org.ternlm.cli.export;

import org.jspecify.annotations.NullMarked;
