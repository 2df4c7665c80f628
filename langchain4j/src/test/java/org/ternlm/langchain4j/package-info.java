/// Tests of the chat models, LangChain4j's own among them.
@NullMarked
package org.ternlm.langchain4j;

import org.jspecify.annotations.NullMarked;
