@NullMarked
package org.ternlm.cli.bench;

import org.jspecify.annotations.NullMarked;
