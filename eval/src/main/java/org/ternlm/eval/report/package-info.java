/// What was measured, as tables for people and JSON for programs.
@NullMarked
package org.ternlm.eval.report;

import org.jspecify.annotations.NullMarked;
