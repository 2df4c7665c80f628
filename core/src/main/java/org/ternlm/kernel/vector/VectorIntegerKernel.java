package org.ternlm.kernel.vector;

import org.ternlm.kernel.IntegerInput;
import org.ternlm.kernel.IntegerKernel;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;

/// [IntegerKernel] with vectors ([Int4Product], [Int8Product]): one token in four blocks at once, four tokens in one, and
/// what is left over one by one. All tokens pass four blocks before the next four are read.
final class VectorIntegerKernel implements IntegerKernel {
    private static final int ROWS = IntegerForm.BLOCK_ROWS;
    private static final int AT_ONCE = 4;

    @Override
    public String name() {
        return "vector-" + Species.SHAPE.vectorBitSize();
    }

    @Override
    public void multiply(IntegerMatrix weights, int fromBlock, int toBlock, IntegerInput input, float[] y) {
        int[] sums = new int[AT_ONCE * ROWS];
        for (int block = fromBlock; block < toBlock; block += AT_ONCE) {
            int end = Math.min(toBlock, block + AT_ONCE);
            int token = 0;
            for (; token + AT_ONCE <= input.tokens(); token += AT_ONCE) {
                fourTokens(weights, block, end, input, token, sums, y);
            }
            for (; token < input.tokens(); token++) {
                oneToken(weights, block, end, input, token, sums, y);
            }
        }
    }

    private static void fourTokens(IntegerMatrix weights, int fromBlock, int toBlock, IntegerInput input, int token,
            int[] sums, float[] y) {
        for (int block = fromBlock; block < toBlock; block++) {
            fourTokens(weights, block, input, token, sums);
            for (int i = 0; i < AT_ONCE; i++) {
                IntegerKernel.scale(weights, block, sums, i * ROWS, input, token + i, y);
            }
        }
    }

    private static void oneToken(IntegerMatrix weights, int fromBlock, int toBlock, IntegerInput input, int token,
            int[] sums, float[] y) {
        if (toBlock - fromBlock == AT_ONCE) {
            fourBlocks(weights, fromBlock, input, token, sums);
            for (int i = 0; i < AT_ONCE; i++) {
                IntegerKernel.scale(weights, fromBlock + i, sums, i * ROWS, input, token, y);
            }
            return;
        }
        for (int block = fromBlock; block < toBlock; block++) {
            one(weights, block, input, token, sums);
            IntegerKernel.scale(weights, block, sums, 0, input, token, y);
        }
    }

    private static void fourTokens(IntegerMatrix weights, int block, IntegerInput input, int token, int[] sums) {
        IntegerForm form = weights.form();
        long at = block * form.blockBytes(weights.columns());
        switch (form) {
            case INT4 -> Int4Product.fourTokens(weights.data(), at, at + form.factorBytes(weights.columns()),
                    form.groups(weights.columns()), input.factors(), input.starts(), token, sums);
            case INT8 ->
                Int8Product.fourTokens(weights.data(), at, lines(input), input.factors(), input.starts(), token,
                        sums);
        }
    }

    private static void fourBlocks(IntegerMatrix weights, int block, IntegerInput input, int token, int[] sums) {
        IntegerForm form = weights.form();
        int columns = weights.columns();
        long blockBytes = form.blockBytes(columns);
        long at = block * blockBytes;
        switch (form) {
            case INT4 -> Int4Product.fourBlocks(weights.data(), at, blockBytes, form.factorBytes(columns),
                    form.groups(columns), input.factors(), input.starts(), token, sums);
            case INT8 -> Int8Product.fourBlocks(weights.data(), at, blockBytes, lines(input), input.factors(),
                    token * input.factorsOfToken(), input.starts()[token], sums);
        }
    }

    private static void one(IntegerMatrix weights, int block, IntegerInput input, int token, int[] sums) {
        IntegerForm form = weights.form();
        int columns = weights.columns();
        long at = block * form.blockBytes(columns);
        int factor = token * input.factorsOfToken();
        switch (form) {
            case INT4 -> Int4Product.one(weights.data(), at, at + form.factorBytes(columns), form.groups(columns),
                    input.factors(), factor, input.starts(), token * form.groups(columns), sums, 0);
            case INT8 -> Int8Product.one(weights.data(), at, lines(input), input.factors(), factor,
                    input.starts()[token], sums, 0);
        }
    }

    private static int lines(IntegerInput input) {
        return input.factorsOfToken() / IntegerForm.INT8.wordColumns();
    }
}
