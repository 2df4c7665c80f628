@NullMarked
package org.ternlm.cli.doctor;

import org.jspecify.annotations.NullMarked;
