package ai.tatbot.state.server.doctor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The answer to {@code INFO}. Immutable. */
final class InfoText {
    private final Map<String, String> values = new HashMap<>();

    InfoText(String text) {
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                values.put(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
    }

    /** A value; empty if this Redis does not give it. */
    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A whole number; empty if this Redis does not give it. */
    OptionalLong number(String name) {
        try {
            String text = values.get(name);
            return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** A whole number; 0 if this Redis does not give it. */
    long numberOrZero(String name) {
        return number(name).orElse(0);
    }

    /** @throws NotCheckedException if this Redis does not give it */
    String required(String name) {
        return text(name).orElseThrow(() -> new NotCheckedException("INFO does not give " + name));
    }

    /** @throws NotCheckedException if this Redis does not give it */
    long requiredNumber(String name) {
        return number(name).orElseThrow(() -> new NotCheckedException("INFO does not give " + name));
    }
}
