package ai.tatbot.state.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is generated does not depend on the language of whoever builds it. */
class OtherLanguageTest {
    @TempDir
    Path folder;

    @Test
    void inTurkishACapitalIHasNoDotEither() throws Exception {
        Locale before = Locale.getDefault();
        Locale turkish = Locale.forLanguageTag("tr-TR");
        Locale.setDefault(turkish);
        try {
            SchemaCopy schemas = new SchemaCopy(folder);
            schemas.generate();
            assertThat(schemas.source("SessionEndReason")).contains("INTERRUPTED(\"interrupted\")");
            assertThat(Locale.getDefault()).isEqualTo(turkish);
        } finally {
            Locale.setDefault(before);
        }
    }
}
