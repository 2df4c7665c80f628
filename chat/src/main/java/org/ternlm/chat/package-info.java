/// Conversations: messages and tools become a prompt by the model's own template, and answers become messages again.
///
/// Nothing here knows HTTP or terminals.
@NullMarked
package org.ternlm.chat;

import org.jspecify.annotations.NullMarked;
