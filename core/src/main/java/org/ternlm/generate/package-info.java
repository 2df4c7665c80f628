/// What a Java program uses: open a model, generate text, score text.
///
/// ```
/// try (Tern tern = Tern.open(Path.of("models/tern-stories-5M-b158.gguf")); Session session = tern.session()) {
///     session.generate(tern.request("Once upon a time"), event -> System.out.print(event.text()));
/// }
/// ```
///
/// Nothing here knows HTTP or terminals.
@NullMarked
package org.ternlm.generate;

import org.jspecify.annotations.NullMarked;
