/// Text becomes batches of tokens: once tokenised, then read where it lies, in an order that only the seed decides.
///
/// ```
/// text, JSON lines, folders; .gz, .zst          TextSource ─ SourceReader (UTF-8, separator, hash)
///   │ documents                                 Documents: also for training a tokenizer
///   ▼
/// Tokenizer, in several threads                 TokenizingPool: order of output = order of input
///   │ BOS tokens EOS
///   ▼
/// training-….tokens  validation-….tokens        ShardWriter · Shard: see below
/// corpus.json, written last                     CorpusManifest: hashes of sources and tokenizer
///   │ mapped into memory
///   ▼
/// Corpus ─ TokenSplit ─ TokenBatches.batch(step) → TokenBatch
/// ```
///
/// A shard, little-endian:
///
/// ```
/// byte 0        8         12        16             24           32
///      │TERNTOKS│ version │ width w │ documents D  │ tokens N   │ …
///      │ 8 bytes│ 4, is 1 │ 4       │ 8            │ 8          │
///
/// byte 32                      32 + N·w          P = the next multiple of 8
///      │ token 0 … token N - 1 │ 0 to 7 zeros    │ start of document 0 … D - 1, then N │
///      │ w bytes each          │                 │ 8 bytes each                        │
/// ```
///
/// w is 2 (unsigned) if the vocabulary has at most 65,536 ids, else 4. A corpus may have several shards a split;
/// documents do not cross from one to the next.
///
/// Whatever happens during a preparation, `corpus.json` names whole shards only: they are written aside, synced and
/// renamed before it, and carry the corpus's fingerprint in their names, so that a new corpus does not touch the old one
/// before it is complete.
///
/// Batches are a function of the corpus, the [org.ternlm.train.data.BatchPlan] and the number of the step: a run that
/// goes on after a crash asks for the next step, and has it.
///
/// Nothing here knows the engine that trains. Threads start in `TokenizingPool` only.
@NullMarked
package org.ternlm.train.data;

import org.jspecify.annotations.NullMarked;
