package ai.tatbot.state.client.health;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Which version of this client is running: by the jar's manifest or, where that has become another's, by what Maven left in it. */
final class SoftwareVersion {
    private static final String POM = "/META-INF/maven/ai.tatbot/state-client/pom.properties";

    private SoftwareVersion() {}

    /** Null if it cannot be known, as in classes that are in no jar. */
    static @Nullable String ofThis() {
        String version = SoftwareVersion.class.getPackage().getImplementationVersion();
        return version != null ? version : ofPom();
    }

    private static @Nullable String ofPom() {
        try (InputStream in = SoftwareVersion.class.getResourceAsStream(POM)) {
            if (in == null) {
                return null;
            }
            Properties pom = new Properties();
            pom.load(in);
            return pom.getProperty("version");
        } catch (IOException | IllegalArgumentException e) {
            // A heartbeat without it is a heartbeat all the same.
            return null;
        }
    }
}
