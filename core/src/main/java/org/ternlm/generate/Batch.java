package org.ternlm.generate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.ternlm.model.Decoder;
import org.ternlm.model.KvPool;

/// The sequences that share passes over the weights, and the prefixes that are kept of earlier ones. Belongs to the
/// thread of a [Scheduler].
///
/// A pass takes one token of each sequence that is past its prompt, and some tokens of prompts. A sequence is taken in
/// only if the blocks that all of them may yet take fit into the budget; kept prefixes make way.
final class Batch {
    /// Tokens of prompts in a pass beside running answers. A token of a prompt takes 3 ms with 700 million weights on
    /// two cores, so answers go on several times a second; fewer would multiply too few at once to be fast.
    private static final int PROMPT_TOKENS = 32;
    /// Tokens of prompts in a pass where no answer waits; what is cancelled is noticed after so many.
    private static final int PROMPT_TOKENS_ALONE = 256;
    /// A prompt begins to wait for another that is passing the same tokens only if that saves so many: all have the first
    /// few in common.
    private static final int WORTH_WAITING = 16;
    /// What a token of the vocabulary costs a sampler, in steps of [org.ternlm.kernel.Workers].
    private static final int STEPS = 4;

    private final Engine engine;
    private final KvPool pool;
    private final long budget;
    private final KeptPrefixes kept = new KeptPrefixes();
    private final List<Sequence> running = new ArrayList<>();
    private final ThreadLocal<SamplerDesk> desks;
    private int turn;
    private long passes;
    private long promptTokens;
    private long reusedTokens;
    private long generatedTokens;

    /// @param budget most blocks of keys and values
    Batch(Engine engine, KvPool pool, long budget) {
        this.engine = engine;
        this.pool = pool;
        this.budget = budget;
        int vocabulary = engine.config().vocabularySize();
        desks = ThreadLocal.withInitial(() -> new SamplerDesk(vocabulary));
    }

    int size() {
        return running.size();
    }

    /// What has been done so far; nobody waits here.
    SchedulerState state() {
        return new SchedulerState(running.size(), 0, pool.heldBlocks() * pool.blockBytes(), passes, promptTokens,
                reusedTokens, generatedTokens);
    }

    /// Takes a sequence in; false if its keys and values may not fit beside the others'.
    boolean admit(Sequence sequence) {
        running.add(sequence);
        tryToBegin(sequence, WORTH_WAITING);
        if (fits()) {
            return true;
        }
        running.removeLast();
        sequence.withdraw();
        return false;
    }

    /// Begins behind the longest start of its prompt that another sequence has passed, unless one is about to pass more
    /// of it.
    ///
    /// @param worthWaiting how many tokens more make it wait
    private void tryToBegin(Sequence sequence, int worthWaiting) {
        int[] prompt = sequence.prompt();
        int limit = sequence.reusable();
        PassedTokens best = kept.longest(prompt, limit);
        int common = best == null ? 0 : best.commonStart(prompt, limit);
        int promised = 0;
        for (Sequence other : running) {
            if (other == sequence) {
                break;
            }
            promised = Math.max(promised, other.promises(prompt, limit));
        }
        for (Sequence other : running) {
            PassedTokens passed = other.passed();
            if (passed != null && passed.commonStart(prompt, limit) > common) {
                best = passed;
                common = passed.commonStart(prompt, limit);
            }
        }
        if (promised < common + worthWaiting) {
            sequence.hold(best == null ? new PassedTokens(pool.cache()) : best.fork(common));
            if (best != null) {
                kept.touch(best);
            }
        }
    }

    /// Makes room for all that the sequences may yet take, if that is possible.
    private boolean fits() {
        int least = pool.growingBlocks();
        for (Sequence sequence : running) {
            least += sequence.mustTake();
        }
        if (least > budget) {
            return false;
        }
        while (pool.heldBlocks() + mayTake() > budget) {
            if (!kept.evictOldest()) {
                return false;
            }
        }
        return true;
    }

    private int mayTake() {
        int blocks = 0;
        for (Sequence sequence : running) {
            blocks += sequence.mayTake();
        }
        return blocks;
    }

    /// Takes out what was cancelled.
    void dropCancelled(List<Sequence> ended) {
        for (Sequence sequence : List.copyOf(running)) {
            if (sequence.ticket().isCancelled()) {
                sequence.finish();
                remove(sequence);
                ended.add(sequence);
            }
        }
    }

    private void remove(Sequence sequence) {
        running.remove(sequence);
        PassedTokens passed = sequence.passed();
        if (passed != null) {
            kept.add(passed);
        }
    }

    /// One pass for all of them; those that end are taken out.
    void pass(List<Sequence> ended) {
        List<Sequence> passing = new ArrayList<>();
        List<Decoder.Step> steps = new ArrayList<>();
        plan(passing, steps);
        engine.forward(steps, (step, token, logits, offset) -> passing.get(step).take(token, logits, offset));
        passes++;
        // One item costs about as much as another, and more than a step a token where there is a mask.
        engine.workers().share(passing.size(), 1, (long) STEPS * engine.config().vocabularySize(), (from, to) -> {
            for (int i = from; i < to; i++) {
                passing.get(i).choose(desks.get());
            }
        });
        for (Sequence sequence : passing) {
            int before = sequence.generated();
            boolean goesOn = sequence.goesOn();
            generatedTokens += sequence.generated() - before;
            if (!goesOn) {
                remove(sequence);
                ended.add(sequence);
            }
        }
    }

    /// Who passes what. Prompts share what there is for them evenly, and take turns at coming first.
    private void plan(List<Sequence> passing, List<Decoder.Step> steps) {
        List<Sequence> prompts = new ArrayList<>();
        for (Sequence sequence : running) {
            if (sequence.passed() == null) {
                // It waits already, so for all of it.
                tryToBegin(sequence, 1);
            }
            if (sequence.passed() != null) {
                (sequence.promptLeft() > 0 ? prompts : passing).add(sequence);
            }
        }
        for (Sequence sequence : passing) {
            steps.add(sequence.step(1));
        }
        int left = passing.isEmpty() ? PROMPT_TOKENS_ALONE : PROMPT_TOKENS;
        Collections.rotate(prompts, turn++);
        for (int i = 0; i < prompts.size() && left > 0; i++) {
            Sequence sequence = prompts.get(i);
            int share = Math.min(Math.ceilDiv(left, prompts.size() - i), sequence.promptLeft());
            int reused = sequence.begin();
            reusedTokens += reused;
            promptTokens += reused;
            passing.add(sequence);
            steps.add(sequence.step(share));
            left -= share;
            promptTokens += share;
        }
    }

    /// Lets go of everything.
    void clear() {
        for (Sequence sequence : running) {
            sequence.withdraw();
        }
        running.clear();
        while (kept.evictOldest()) {
            // One after the other.
        }
    }
}
