package org.ternlm.spark;

import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.classic.ColumnNodeToExpressionConverter$;
import org.apache.spark.sql.classic.ExpressionUtils;
import scala.Function1;
import scala.Option;
import scala.Tuple3;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/// The only class that knows how Spark SQL works inside: functions of several numbers of arguments, known without code by
/// every session, cannot be made otherwise.
final class Catalyst {
    private Catalyst() {}

    /// Adds a function to what all sessions of an application will have.
    static void inject(SparkSessionExtensions extensions, SqlFunction function, Settings settings) {
        extensions.injectFunction(new Tuple3<>(new FunctionIdentifier(function.sqlName()), info(function), builder(
                function, settings)));
    }

    /// Adds a function to what one session has, under the name that an extension gives it too.
    static void register(SparkSession session, SqlFunction function, Settings settings) {
        ((org.apache.spark.sql.classic.SparkSession) session).sessionState().functionRegistry().registerFunction(
                new FunctionIdentifier(function.sqlName(), Option.apply("builtin"), Option.apply("system")), info(
                        function),
                builder(function, settings));
    }

    private static ExpressionInfo info(SqlFunction function) {
        return new ExpressionInfo(SqlFunction.class.getName(), null, function.sqlName(), function.usage(), "");
    }

    /// Where a session's settings come from.
    @FunctionalInterface
    interface Settings {
        SqlSettings current();
    }

    private static Function1<Seq<Expression>, Expression> builder(SqlFunction function, Settings settings) {
        return arguments -> expression(function.checked(settings.current(), columns(arguments)));
    }

    private static Expression expression(Column column) {
        return ColumnNodeToExpressionConverter$.MODULE$.apply(column.node());
    }

    private static List<Column> columns(Seq<Expression> arguments) {
        return CollectionConverters.asJava(arguments).stream().map(argument -> ExpressionUtils.column(argument))
                .toList();
    }

    /// The value of a number that does not depend on rows.
    ///
    /// @throws IllegalArgumentException if it is none
    static BigDecimal constant(Column column, String name) {
        Expression expression = expression(column);
        String found = expression.foldable() ? String.valueOf(expression.eval(InternalRow.empty())) : "a column";
        try {
            return new BigDecimal(found);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("%s: expected a number that is constant, found %s".formatted(name,
                    found), wrong);
        }
    }
}
