package ai.tatbot.state.server.http.guard;

/** How deep a JSON text is nested, without parsing it: parsers behind the guard have limits of their own, and other ones. */
final class JsonDepth {
    private JsonDepth() {}

    /** Whether more objects and arrays are open at any place than allowed. What is no JSON is left to the parser. */
    static boolean exceeds(byte[] utf8, int most) {
        int depth = 0;
        boolean inString = false;
        for (int i = 0; i < utf8.length; i++) {
            byte c = utf8[i];
            if (inString) {
                if (c == '\\') {
                    i++;
                } else if (c == '"') {
                    inString = false;
                }
            } else if (c == '"') {
                inString = true;
            } else if (c == '{' || c == '[') {
                if (++depth > most) {
                    return true;
                }
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        return false;
    }
}
