/// What is asked: tasks, their items, and the prompts that a style makes of an item.
@NullMarked
package org.ternlm.eval.task;

import org.jspecify.annotations.NullMarked;
