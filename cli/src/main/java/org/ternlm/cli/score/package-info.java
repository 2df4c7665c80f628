/// `tern score`: log-probabilities of given texts. A line of JSON becomes a [org.ternlm.cli.score.ScoreRequest], that
/// becomes [org.ternlm.cli.score.ScoredTokens], and a line of JSON again.
@NullMarked
package org.ternlm.cli.score;

import org.jspecify.annotations.NullMarked;
