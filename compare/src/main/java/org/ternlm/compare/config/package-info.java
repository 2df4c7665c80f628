/// What is compared: records read from a YAML file, each value checked, unknown keys refused.
@NullMarked
package org.ternlm.compare.config;

import org.jspecify.annotations.NullMarked;
