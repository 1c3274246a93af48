package ai.tatbot.state.server.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tokens of a file at one time. Immutable. */
final class Tokens {
    /** So many at most, for each request is compared with all of them. */
    static final int MOST = 1_000;

    private final List<StoredToken> all;

    /** @throws IllegalArgumentException if there are too many, or two with the same name */
    Tokens(List<StoredToken> all) {
        if (all.size() > MOST) {
            throw new IllegalArgumentException("it holds more than " + MOST + " tokens");
        }
        Set<String> names = new HashSet<>();
        for (StoredToken token : all) {
            if (!names.add(token.name())) {
                throw new IllegalArgumentException("it holds two tokens named " + token.name());
            }
        }
        this.all = List.copyOf(all);
    }

    /**
     * Reads a file's lines.
     *
     * @throws IllegalArgumentException if one is no good; the message has its number, and nothing of what is in it
     */
    static Tokens parse(List<String> lines) {
        List<StoredToken> tokens = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!TokenLine.isComment(lines.get(i))) {
                try {
                    tokens.add(TokenLine.parse(lines.get(i)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
                }
            }
        }
        return new Tokens(tokens);
    }

    List<StoredToken> all() {
        return all;
    }

    /** The one that was shown. Looks at all of them to the end, whichever it is. */
    Optional<StoredToken> find(String shown) {
        TokenHash hash = TokenHash.of(shown);
        StoredToken found = null;
        for (StoredToken token : all) {
            if (token.hash().matches(hash)) {
                found = token;
            }
        }
        return Optional.ofNullable(found);
    }

    Optional<StoredToken> named(String name) {
        return all.stream().filter(token -> token.name().equals(name)).findFirst();
    }
}
