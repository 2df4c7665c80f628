package org.ternlm.train.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.ternlm.train.distributed.WorkerGroup;

/// What a run remembers beside weights and moments.
///
/// @param bestValidation lowest validation loss, infinite before the first
/// @param bestStep where that was, -1 before the first
/// @param lowestLoss of a batch
record RunState(double bestValidation, long bestStep, double lowestLoss) {
    /// A loss this far above the lowest is no fluctuation any more.
    private static final double DIVERGED = 3;

    static RunState fresh() {
        return new RunState(Double.POSITIVE_INFINITY, -1, Double.POSITIVE_INFINITY);
    }

    static RunState read(ObjectNode node) {
        return new RunState(node.path("best_validation").asDouble(Double.POSITIVE_INFINITY),
                node.path("best_step").asLong(-1), node.path("lowest_loss").asDouble(Double.POSITIVE_INFINITY));
    }

    ObjectNode toJson() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        putFinite(node, "best_validation", bestValidation);
        node.put("best_step", bestStep);
        putFinite(node, "lowest_loss", lowestLoss);
        return node;
    }

    private static void putFinite(ObjectNode node, String key, double value) {
        if (Double.isFinite(value)) {
            node.put(key, value);
        }
    }

    /// What the first worker of a group remembers.
    RunState shared(WorkerGroup group) {
        boolean first = group.isFirst();
        return new RunState(group.sum(first ? bestValidation : 0), group.sum(first ? bestStep : 0),
                group.sum(first ? lowestLoss : 0));
    }

    /// @throws DivergedException if the loss of a batch, or its gradient, leaves all bounds
    RunState afterBatch(long step, double loss, double gradientNorm) {
        if (!Double.isFinite(loss) || !Double.isFinite(gradientNorm) || loss > lowestLoss + DIVERGED) {
            throw new DivergedException(step, loss, lowestLoss);
        }
        return new RunState(bestValidation, bestStep, Math.min(lowestLoss, loss));
    }

    RunState afterValidation(long step, double loss) {
        return isBest(loss) ? new RunState(loss, step, lowestLoss) : this;
    }

    boolean isBest(double validationLoss) {
        return validationLoss < bestValidation;
    }
}
