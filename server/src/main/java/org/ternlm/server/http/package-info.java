/// HTTP on Helidon: connections with time limits, who may ask, errors in OpenAI's shape. Knows nothing of models.
@NullMarked
package org.ternlm.server.http;

import org.jspecify.annotations.NullMarked;
