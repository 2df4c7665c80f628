/// What to train: records read from a YAML file, each value checked, unknown keys refused.
@NullMarked
package org.ternlm.train.config;

import org.jspecify.annotations.NullMarked;
