/// Language models: what a configuration says, the weights, and the decoder that turns tokens into logits.
///
/// ```
/// ModelReader: folder → ModelConfig + Weights          (names, types and shapes checked; ternary weights repacked)
/// Decoder:     tokens → logits, one batch of sequences at a time, keys and values kept in a KvCache each
///
///   x = embedding[token]
///   for each layer:  x += o( subNorm?( attention( norm(x) ) ) )
///                    x += down( subNorm?( activation(gate(norm(x))) · up(norm(x)) ) )
///   logits = head( norm(x) )
/// ```
///
/// Variations between architectures (activation, sub-norms, tying, rope scaling, biases) are data in
/// [org.ternlm.model.ModelConfig]; what is not known is refused. Nothing here knows sampling or text.
@NullMarked
package org.ternlm.model;

import org.jspecify.annotations.NullMarked;
