/// Benchmarks of every operator, for JMH: `docs/benchmarks.md` says how to run them. Never published.
@NullMarked
package org.ternlm.jmh;

import org.jspecify.annotations.NullMarked;
