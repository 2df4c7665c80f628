package org.ternlm.spark;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import scala.Function1;
import scala.runtime.BoxedUnit;

/// The functions of [TernFunctions] for every session of an application, be it of Java, Python or the shell of SQL:
/// `--conf spark.sql.extensions=org.ternlm.spark.TernExtensions --conf spark.tern.model=PATH`. The settings are read when a
/// query is made, so a session can change them by `SET`:
///
/// | setting | what |
/// |---|---|
/// | `spark.tern.model` | path of a folder or GGUF file, the same on all machines |
/// | `spark.tern.model.shipped` | or its name among the files that Spark ships |
/// | `spark.tern.onError` | `fail` (the default) or `row`, see [OnError] |
/// | `spark.tern.seed` | of random numbers, 0 by default |
/// | `spark.tern.threads`, `spark.tern.sequences` | see [SparkModel] |
public final class TernExtensions implements Function1<SparkSessionExtensions, BoxedUnit> {
    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        for (SqlFunction function : SqlFunction.values()) {
            Catalyst.inject(extensions, function, () -> SqlSettings.of(SparkSession.active()));
        }
        return BoxedUnit.UNIT;
    }
}
