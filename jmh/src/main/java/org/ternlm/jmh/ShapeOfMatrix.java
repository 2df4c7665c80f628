package org.ternlm.jmh;

/// Rows and columns, as a parameter `2560x6912` names them.
///
/// @param rows output features
/// @param columns input features
record ShapeOfMatrix(int rows, int columns) {

    static ShapeOfMatrix named(String name) {
        String[] numbers = name.split("x", -1);
        if (numbers.length != 2) {
            throw new IllegalArgumentException("expected ROWSxCOLUMNS, found " + name);
        }
        return new ShapeOfMatrix(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
    }

    long weights() {
        return (long) rows * columns;
    }
}
