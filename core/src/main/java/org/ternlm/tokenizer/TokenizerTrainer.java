package org.ternlm.tokenizer;

import java.util.Iterator;

/// Trains a byte-level BPE tokenizer on texts.
///
/// ```
/// TokenizerTrainer trainer = new TokenizerTrainer(TokenizerPlan.ofSize(4_096));
/// documents.forEachRemaining(trainer::add);
/// trainer.train().write(folder);
/// ```
///
/// Texts are only counted, word by word, and not kept: memory grows with the number of different words, up to a bound.
/// The same documents in the same order give the same tokenizer; as long as there are no more than two million
/// different words, their order does not matter either. Not thread-safe.
public final class TokenizerTrainer {
    private final TokenizerPlan plan;
    private final WordCounts words;

    public TokenizerTrainer(TokenizerPlan plan) {
        this.plan = plan;
        this.words = new WordCounts(OnigurumaPattern.compile(plan.pattern()));
    }

    /// Counts the words of a document. Special tokens that it happens to spell are ordinary text here.
    public void add(String document) {
        words.add(Tokenizer.wellFormed(document));
    }

    /// Learns the merges from all documents so far.
    ///
    /// @throws VocabularySizeException if they do not hold enough pairs for the vocabulary that the plan asks for
    public TrainedTokenizer train() {
        int special = plan.specialTokens().size();
        int target = plan.vocabularySize() - special;
        MergeLearner learner = new MergeLearner(words.sorted());
        learner.learn(target, plan.leastCount());
        int learnt = learner.pieces().size();
        if (learnt < target) {
            int possible = learnt + special;
            throw new VocabularySizeException(
                    "the vocabulary is larger than the texts allow (%,d different words): expected at most %,d, found %,d"
                            .formatted(words.size(), possible, plan.vocabularySize()),
                    plan.vocabularySize(), possible);
        }
        return new TrainedTokenizer(plan, learner.pieces(), learner.merges());
    }

    /// Trains on all that `documents` gives.
    ///
    /// @throws VocabularySizeException if it is not enough for the vocabulary that the plan asks for
    public static TrainedTokenizer train(TokenizerPlan plan, Iterator<String> documents) {
        TokenizerTrainer trainer = new TokenizerTrainer(plan);
        documents.forEachRemaining(trainer::add);
        return trainer.train();
    }
}
