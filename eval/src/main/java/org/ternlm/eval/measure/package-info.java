/// What a model is measured by: answers to items, losses of texts, divergence from another model; with their errors.
@NullMarked
package org.ternlm.eval.measure;

import org.jspecify.annotations.NullMarked;
