@NullMarked
package org.ternlm.compare.config;

import org.jspecify.annotations.NullMarked;
