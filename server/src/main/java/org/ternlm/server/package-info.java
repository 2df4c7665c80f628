/// An OpenAI-style HTTP server and a chat page over one open model.
@NullMarked
package org.ternlm.server;

import org.jspecify.annotations.NullMarked;
