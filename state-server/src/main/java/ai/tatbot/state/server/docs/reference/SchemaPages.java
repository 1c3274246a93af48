package ai.tatbot.state.server.docs.reference;

import ai.tatbot.state.server.docs.ReferencePage;
import ai.tatbot.state.server.operation.OperationException;
import java.util.List;
import java.util.function.ToIntFunction;

/** The pages of the reference that need no other part of the program. */
public final class SchemaPages {
    private SchemaPages() {}

    /** @param status HTTP status of a failure */
    public static List<ReferencePage> all(ToIntFunction<OperationException.Code> status) {
        return List.of(
                ModelsPage.page(),
                EventsPage.page(),
                KeysPage.page(),
                ChannelsPage.page(),
                new ReferencePage("protocol", ProtocolPage.markdown()),
                ErrorsPage.page(status),
                ConfigurationPage.page());
    }
}
