/// Makes what people download: archives of the program, with or without a Java run time of its own, and a container image.
/// The same sources, JDK and system libraries give the same bytes.
@NullMarked
package org.ternlm.dist;

import org.jspecify.annotations.NullMarked;
