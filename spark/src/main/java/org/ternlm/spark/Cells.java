package org.ternlm.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/// Reads what rows hold, and writes what they get.
final class Cells {
    /// What may be a key: its text does not depend on a time zone or on the machine.
    private static final List<DataType> KEYS = List.of(DataTypes.StringType, DataTypes.ByteType, DataTypes.ShortType,
            DataTypes.IntegerType, DataTypes.LongType);

    private Cells() {}

    /// The place of a column of texts.
    ///
    /// @throws IllegalArgumentException if there is none, or it holds something else
    static int textColumn(StructType schema, String name) {
        return column(schema, name, "strings", List.of(DataTypes.StringType));
    }

    /// The place of a column of lists of texts.
    ///
    /// @throws IllegalArgumentException if there is none, or it holds something else
    static int textsColumn(StructType schema, String name) {
        return column(schema, name, "arrays of strings", List.of(new ArrayType(DataTypes.StringType, true),
                new ArrayType(DataTypes.StringType, false)));
    }

    /// The place of a column of keys.
    ///
    /// @throws IllegalArgumentException if there is none, or it holds something else
    static int keyColumn(StructType schema, String name) {
        return column(schema, name, "strings or whole numbers", KEYS);
    }

    private static int column(StructType schema, String name, String expected, List<DataType> types) {
        if (!Arrays.asList(schema.fieldNames()).contains(name)) {
            throw new IllegalArgumentException("column %s: there is none; there are %s".formatted(name, String.join(
                    ", ", schema.fieldNames())));
        }
        int index = schema.fieldIndex(name);
        DataType found = schema.fields()[index].dataType();
        if (!types.contains(found)) {
            throw new IllegalArgumentException("column %s: expected %s, found %s".formatted(name, expected, found
                    .simpleString()));
        }
        return index;
    }

    /// @throws RowException if it is null
    static String text(Row row, int column, String what) {
        if (row.isNullAt(column)) {
            throw new RowException(what + " is null");
        }
        return row.getString(column);
    }

    /// @throws RowException if it, or one of them, is null, or there is none
    static List<String> texts(Row row, int column, String what) {
        if (row.isNullAt(column)) {
            throw new RowException(what + ": the list is null");
        }
        List<String> texts = row.getList(column);
        if (texts.isEmpty() || texts.contains(null)) {
            throw new RowException(what + (texts.isEmpty() ? ": the list is empty" : ": one of them is null"));
        }
        return List.copyOf(texts);
    }

    /// A list as a row holds it.
    static Object list(List<?> values) {
        return CollectionConverters.asScala(values).toList();
    }

    /// An added column.
    static StructField added(String name, DataType type) {
        return DataTypes.createStructField(name, type, true);
    }
}
