/// Text to token ids and back, exactly as the `tokenizer.json` or `tokenizer.model` of a Hugging Face folder or the
/// metadata of a GGUF file say.
///
/// ```
/// text ─ added tokens ─ Normalizer ─ PreTokenizer ─ BytePairModel ─ Template ─ ids
/// ids  ─ DecodeStep … DecodeStep ─ text                       (StreamDecoder, one id at a time)
/// ```
///
/// [org.ternlm.tokenizer.Tokenizer] is all that other packages need. Both families of byte pair encoding are read:
/// byte-level (GPT-2, Llama 3) and SentencePiece-style (Llama 2) with byte fallback. What a file asks for and this
/// package does not do is refused by name when it is loaded, never guessed: a tokenizer that is almost right makes a
/// model quietly worse. The reference for behaviour is the `tokenizers` library of Hugging Face, 0.21,
/// SentencePiece for its own models, and for GGUF, whose vocabularies leave much unsaid, llama.cpp.
///
/// Nothing here knows models, tensors or chats. Everything but a [org.ternlm.tokenizer.StreamDecoder] is immutable.
@NullMarked
package org.ternlm.tokenizer;

import org.jspecify.annotations.NullMarked;
