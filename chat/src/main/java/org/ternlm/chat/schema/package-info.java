/// Answers that follow a JSON schema: which tokens may come next, byte by byte.
@NullMarked
package org.ternlm.chat.schema;

import org.jspecify.annotations.NullMarked;
