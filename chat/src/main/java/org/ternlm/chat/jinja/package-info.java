/// Templates in Jinja's language, as chat templates use it: parsed once, rendered within limits, and with a record of
/// which characters of the result came from outside.
///
/// A template comes out of a model file and is untrusted: it reaches nothing but the values that it is given.
@NullMarked
package org.ternlm.chat.jinja;

import org.jspecify.annotations.NullMarked;
