/// Models of a Hugging Face-style hub: what it holds, how it comes here, and where it lies then.
///
/// ```
/// Pull ── HubApi ── Transport              which commit, which files; HTTP with redirects, token and timeouts
///   │  ── FileSelection                    which of the files
///   │  ── BlobDownload ── PartialFile      one file: resumed, retried, checked
///   └──── RepositoryCache                  the folders that huggingface_hub uses too
/// ModelCache                               what is there, without a network
/// ```
///
/// Knows nothing of the rest of Tern. What a hub says is untrusted: names, sizes and redirects are checked before use.
@NullMarked
package org.ternlm.hub;

import org.jspecify.annotations.NullMarked;
