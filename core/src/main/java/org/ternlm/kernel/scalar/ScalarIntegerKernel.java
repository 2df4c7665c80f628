package org.ternlm.kernel.scalar;

import org.ternlm.kernel.IntegerInput;
import org.ternlm.kernel.IntegerKernel;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;

/// [IntegerKernel] as its equations stand: each word is taken apart and multiplied with every token.
public final class ScalarIntegerKernel implements IntegerKernel {

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void multiply(IntegerMatrix weights, int fromBlock, int toBlock, IntegerInput input, float[] y) {
        int[] sums = new int[input.tokens() * IntegerForm.BLOCK_ROWS];
        byte[] row = new byte[input.stride()];
        for (int block = fromBlock; block < toBlock; block++) {
            for (int i = 0; i < IntegerForm.BLOCK_ROWS; i++) {
                int index = block * IntegerForm.BLOCK_ROWS + i;
                unpack(weights, index, row);
                for (int token = 0; token < input.tokens(); token++) {
                    sums[token * IntegerForm.BLOCK_ROWS + i] = sum(weights, index, row, input.quantized(),
                            token * input.stride());
                }
            }
            for (int token = 0; token < input.tokens(); token++) {
                IntegerKernel.scale(weights, block, sums, token * IntegerForm.BLOCK_ROWS, input, token, y);
            }
        }
    }

    private static void unpack(IntegerMatrix weights, int index, byte[] row) {
        IntegerForm form = weights.form();
        int inWord = form.wordColumns();
        int bits = form.bits();
        int mask = (1 << bits) - 1;
        for (int word = 0; word * inWord < row.length; word++) {
            int codes = weights.word(index, word);
            for (int i = 0; i < inWord; i++) {
                row[word * inWord + i] = (byte) ((codes >>> bits * i & mask) - form.zero());
            }
        }
    }

    private static int sum(IntegerMatrix weights, int index, byte[] row, byte[] quantized, int at) {
        int groups = weights.form().groups(weights.columns());
        int width = row.length / groups;
        int total = 0;
        for (int group = 0; group < groups; group++) {
            int sum = 0;
            for (int c = group * width; c < (group + 1) * width; c++) {
                sum += row[c] * quantized[at + c];
            }
            total += sum * weights.factor(index, group);
        }
        return total;
    }
}
