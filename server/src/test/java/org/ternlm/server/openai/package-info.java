@NullMarked
package org.ternlm.server.openai;

import org.jspecify.annotations.NullMarked;
