/// `tern convert`: from one format of models to another.
@NullMarked
package org.ternlm.cli.convert;

import org.jspecify.annotations.NullMarked;
