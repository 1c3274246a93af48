package ai.tatbot.state.codegen;

import java.util.Set;

/** Names in Python made from names in the schema. */
final class PythonNames {
    /** Words that Python keeps for itself, and what every generated class has anyway; none of them may name a field. */
    private static final Set<String> TAKEN = Set.of(
            "and",
            "as",
            "assert",
            "async",
            "await",
            "break",
            "class",
            "continue",
            "def",
            "del",
            "elif",
            "else",
            "except",
            "finally",
            "for",
            "from",
            "global",
            "if",
            "import",
            "in",
            "is",
            "lambda",
            "nonlocal",
            "not",
            "or",
            "pass",
            "raise",
            "return",
            "try",
            "while",
            "with",
            "yield",
            "document",
            "field",
            "from_dict",
            "from_json",
            "of",
            "replace",
            "to_dict",
            "to_json");

    private PythonNames() {}

    /** Name of an attribute; with an underscore behind it where Python has that name for something else. */
    static String field(String name) {
        return TAKEN.contains(name) ? name + "_" : name;
    }
}
