package org.ternlm.spark;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.ternlm.generate.Generation;
import org.ternlm.generate.GenerationRequest;

/// How the model continues a prompt.
///
/// @param prompt the place of its column
/// @param key the place of the column that tells rows apart, or the prompt's
record GenerateTask(int prompt, int key, GenerateOptions options) implements RowTask {
    @Override
    public StructField[] columns() {
        return new StructField[] {Cells.added("generated", DataTypes.StringType), Cells.added("finish_reason",
                DataTypes.StringType), Cells.added("prompt_tokens", DataTypes.IntegerType),
                Cells.added("generated_tokens", DataTypes.IntegerType)};
    }

    @Override
    public Pending ask(ExecutorModel model, Row row) {
        String asked = Cells.text(row, prompt, "the prompt");
        if (row.isNullAt(key)) {
            throw new RowException("the key is null");
        }
        int[] tokens = model.tern().tokenizer().encode(asked, true);
        if (tokens.length == 0) {
            throw new RowException("the prompt has no token");
        }
        int context = model.scheduler().options().contextLength();
        if (tokens.length > context) {
            throw new RowException("the prompt has %d tokens, the context holds %d".formatted(tokens.length, context));
        }
        GenerationRequest request = GenerationRequest.of(tokens).withMaxTokens(options.maxTokens()).withStopStrings(
                options.stopStrings()).withSampling(options.sampling(String.valueOf(row.get(key))));
        return new Pending.Submitted(model.scheduler().submit(request, event -> {}), GenerateTask::answer);
    }

    private static Pending.Answer answer(Generation made) {
        int given = made.promptTokens().length;
        int generated = made.tokens().length;
        return new Pending.Answer(new Object[] {made.text(), made.reason().jsonName(), given, generated}, given,
                generated);
    }
}
