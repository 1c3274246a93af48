package ai.tatbot.state.codegen;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Compares two versions of the schema. */
final class Evolution {
    private Evolution() {}

    static Changes compare(SchemaFolder before, SchemaFolder now) throws IOException {
        Changes changes = new Changes();
        Map<String, FlatSchema> schemas = new LinkedHashMap<>();
        now.documentsAndEvents().forEach(schema -> schemas.put(where(schema), schema));
        for (FlatSchema schema : before.documentsAndEvents()) {
            String where = where(schema);
            FlatSchema same = schemas.remove(where);
            if (same != null) {
                new FieldChanges(where, changes).compare(schema, same);
            } else {
                changes.breaks(where, "was removed", "nobody writes it any more", "nobody understands them");
            }
        }
        schemas.keySet().forEach(where -> changes.adds(where, "is new"));
        new NameChanges(before, now, changes).compare();
        new RoleChanges(before, now, changes).compare();
        return changes;
    }

    private static String where(FlatSchema schema) {
        return (schema.event() ? "events/" : "models/") + schema.name() + ".json";
    }
}
