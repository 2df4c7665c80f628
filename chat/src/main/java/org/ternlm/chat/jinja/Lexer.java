package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into tokens. White space as Hugging Face sets it: the line break behind a block goes (`trim_blocks`),
/// and so does what stands before a block on its line (`lstrip_blocks`); `-` takes all white space, `+` leaves it.
final class Lexer {
    private static final Pattern RAW = Pattern.compile("\\{%([-+]?)\\s*raw\\s*([-+]?)%}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%}");
    private static final Pattern NUMBER = Pattern.compile("\\d[\\d_]*(\\.\\d[\\d_]*)?([eE][+-]?\\d+)?");
    private static final List<String> OPERATORS = List.of("//", "**", "==", "!=", "<=", ">=", "~", "+", "-", "*", "/",
            "%", "(", ")", "[", "]", "{", "}", ",", ":", ".", "|", "=", "<", ">");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    /// Whether what was read last ended a line.
    private boolean atLineStart = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokens(String template) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(source.endsWith("\n") ? source.substring(0, source.length() - 1) : source);
        while (lexer.at < lexer.source.length()) {
            lexer.next();
        }
        lexer.tokens.add(new Token(Token.Kind.END, "", lexer.line));
        return lexer.tokens;
    }

    private void next() {
        int start = tag(at);
        if (start < 0) {
            data(source.substring(at));
            move(source.length());
            return;
        }
        char kind = source.charAt(start + 1);
        char sign = sign(start + 2);
        data(before(source.substring(at, start), kind, sign));
        Matcher raw = RAW.matcher(source).region(start, source.length());
        if (raw.lookingAt()) {
            move(start);
            raw(raw);
            return;
        }
        move(start + (sign == ' ' ? 2 : 3));
        if (kind == '#') {
            comment();
        } else {
            String end = kind == '{' ? "}}" : "%}";
            add(kind == '{' ? Token.Kind.OUTPUT_START : Token.Kind.BLOCK_START, "{" + kind);
            inside(end);
            add(kind == '{' ? Token.Kind.OUTPUT_END : Token.Kind.BLOCK_END, end);
            leave(end, kind != '{');
        }
    }

    private int tag(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            if ("{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private char sign(int index) {
        char c = index < source.length() ? source.charAt(index) : ' ';
        return c == '-' || c == '+' ? c : ' ';
    }

    private String before(String text, char kind, char sign) {
        if (sign == '-') {
            return text.stripTrailing();
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        if (sign == ' ' && kind != '{' && (lineStart > 0 || atLineStart) && text.substring(lineStart).isBlank()) {
            return text.substring(0, lineStart);
        }
        return text;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Token.Kind.DATA, text);
        }
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    /// Goes to `to` and counts the lines on the way.
    private void move(int to) {
        for (int i = at; i < to; i++) {
            if (source.charAt(i) == '\n') {
                line++;
            }
        }
        atLineStart = to > at ? source.charAt(to - 1) == '\n' : atLineStart;
        at = to;
    }

    private void raw(Matcher start) {
        move(start.end());
        after(start.group(2).isEmpty() ? ' ' : start.group(2).charAt(0), true);
        Matcher end = END_RAW.matcher(source);
        if (!end.find(at)) {
            throw new JinjaException("expected endraw, found the end of the template").at(line);
        }
        data(before(source.substring(at, end.start()), '%', end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0)));
        move(end.end());
        after(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), true);
    }

    private void comment() {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw new JinjaException("expected #}, found the end of the template").at(line);
        }
        char sign = end > at ? sign(end - 1) : ' ';
        move(end + 2);
        after(sign, true);
    }

    /// Leaves a tag that stands at its end.
    private void leave(String end, boolean isBlock) {
        char sign = sign(at);
        move(at + (sign == ' ' ? 0 : 1) + end.length());
        after(sign, isBlock);
    }

    private void after(char sign, boolean isBlock) {
        int to = at;
        if (sign == '-') {
            while (to < source.length() && Character.isWhitespace(source.charAt(to))) {
                to++;
            }
        } else if (sign == ' ' && isBlock && to < source.length() && source.charAt(to) == '\n') {
            to++;
        }
        move(to);
    }

    /// Reads the tokens up to the end of a tag.
    private void inside(String end) {
        int depth = 0;
        while (true) {
            while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
                move(at + 1);
            }
            if (at == source.length()) {
                throw new JinjaException("expected " + end + ", found the end of the template").at(line);
            }
            if (depth == 0 && isEnd(end)) {
                return;
            }
            Token token = token();
            tokens.add(token);
            if (token.kind() == Token.Kind.OPERATOR) {
                depth += "([{".contains(token.text()) ? 1 : ")]}".contains(token.text()) ? -1 : 0;
            }
        }
    }

    private boolean isEnd(String end) {
        return source.startsWith(end, at) || source.startsWith("-" + end, at)
                || end.equals("%}") && source.startsWith("+" + end, at);
    }

    private Token token() {
        int from = line;
        char c = source.charAt(at);
        if (c == '\'' || c == '"') {
            return new Token(Token.Kind.STRING, string(c), from);
        }
        if (Character.isDigit(c)) {
            return number();
        }
        if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            int end = at + 1;
            while (end < source.length() && Character.isUnicodeIdentifierPart(source.charAt(end))) {
                end++;
            }
            String name = source.substring(at, end);
            move(end);
            return new Token(Token.Kind.NAME, name, from);
        }
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                move(at + operator.length());
                return new Token(Token.Kind.OPERATOR, operator, from);
            }
        }
        throw new JinjaException("unexpected character '" + c + "'").at(line);
    }

    private Token number() {
        Matcher number = NUMBER.matcher(source).region(at, source.length());
        number.lookingAt();
        // The member of a member: list.0.1 is no fraction.
        boolean isMember = !tokens.isEmpty() && tokens.getLast().is(Token.Kind.OPERATOR, ".");
        boolean isReal = !isMember && (number.group(1) != null || number.group(2) != null);
        int end = isReal ? number.end() : number.group(1) != null ? number.start(1) : number.end();
        String digits = source.substring(at, end).replace("_", "");
        move(end);
        return new Token(isReal ? Token.Kind.REAL : Token.Kind.WHOLE, digits, line);
    }

    private String string(char quote) {
        StringBuilder content = new StringBuilder();
        int i = at + 1;
        while (i < source.length() && source.charAt(i) != quote) {
            if (source.charAt(i) == '\\' && i + 1 < source.length()) {
                i = escape(i + 1, content);
            } else {
                content.append(source.charAt(i++));
            }
        }
        if (i >= source.length()) {
            throw new JinjaException("a string without its end").at(line);
        }
        move(i + 1);
        return content.toString();
    }

    /// Reads what follows a backslash, and says where it ends.
    private int escape(int index, StringBuilder content) {
        char c = source.charAt(index);
        int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
        if (digits > 0) {
            try {
                content.appendCodePoint(Integer.parseInt(source, index + 1, index + 1 + digits, 16));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new JinjaException("expected " + digits + " hexadecimal digits behind \\" + c).at(line);
            }
            return index + 1 + digits;
        }
        int known = "ntrbfav0\\'\"\n".indexOf(c);
        if (known < 0) {
            content.append('\\').append(c);
        } else if (c != '\n') {
            content.append("\n\t\r\b\f\u0007\u000b\0\\'\"".charAt(known));
        }
        return index + 1;
    }
}
