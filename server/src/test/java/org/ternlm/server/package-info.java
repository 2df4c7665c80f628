@NullMarked
package org.ternlm.server;

import org.jspecify.annotations.NullMarked;
