package org.ternlm.chat.jinja;

import java.util.List;

/// A place among tokens. Not thread-safe.
final class Cursor {
    private final List<Token> tokens;
    private int at;

    Cursor(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (at < tokens.size() - 1) {
            at++;
        }
        return token;
    }

    boolean isOperator(String spelling) {
        return peek().is(Token.Kind.OPERATOR, spelling);
    }

    boolean isName(String name) {
        return peek().is(Token.Kind.NAME, name);
    }

    boolean skipOperator(String spelling) {
        return isOperator(spelling) && next() != null;
    }

    boolean skipName(String name) {
        return isName(name) && next() != null;
    }

    Token expect(Token.Kind kind, String what) {
        if (peek().kind() != kind) {
            throw wrong(what);
        }
        return next();
    }

    void expectOperator(String spelling) {
        if (!skipOperator(spelling)) {
            throw wrong(spelling);
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw wrong(name);
        }
    }

    JinjaException wrong(String expected) {
        return new JinjaException("expected " + expected + ", found " + peek().described()).at(peek().line());
    }
}
