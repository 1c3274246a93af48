package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;

/** Writes catalogue.d.ts: the types of catalogue.js, in which the name of a key says what is stored there. */
final class CatalogueTypes {
    private final SchemaFolder schemas;

    CatalogueTypes(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    String text() {
        List<ObjectNode> documents =
                schemas.keys().stream().filter(key -> key.has("document")).toList();
        return GenerateTypeScript.HEAD
                + "import type { ChannelInfo, KeyInfo, ModelInfo, Parsed } from './kinds.js';\n"
                + "import type { ChannelEvents, ChannelKind, DocumentKind, Documents, StateEvent } from './model.js';\n\n"
                + TsDoc.comment("", "Version of the project that this was made of.")
                + "export const version: string;\n\n"
                + TsDoc.comment("", "What kinds of keys there are.")
                + "export const keyKinds: {\n" + each(schemas.keys(), key -> name(key) + ": KeyInfo;") + "};\n\n"
                + TsDoc.comment("", "Name of a key in the schema.")
                + "export type KeyKind = keyof typeof keyKinds;\n\n"
                + TsDoc.comment("", "What kinds of channels there are.")
                + "export const channelKinds: Record<ChannelKind, ChannelInfo>;\n\n"
                + TsDoc.comment("", "What the fields of each document mean, for people: titles, units, bounds.")
                + "export const models: Record<DocumentKind, ModelInfo>;\n\n"
                + TsDoc.comment("", "Names of keys. Throws a RangeError at an id that may not be one.")
                + "export const keys: {\n" + each(schemas.keys(), CatalogueTypes::maker) + "};\n\n"
                + TsDoc.comment("", "Names of channels. Throws a RangeError at an id that may not be one.")
                + "export const channels: {\n" + each(schemas.channels(), CatalogueTypes::maker) + "};\n\n"
                + TsDoc.comment("", "Which key this is; null if the schema has no such key.")
                + "export function parseKey(name: string): Parsed<KeyKind> | null;\n\n"
                + TsDoc.comment("", "Which channel this is; null if the schema has no such channel.")
                + "export function parseChannel(name: string): Parsed<ChannelKind> | null;\n\n"
                + TsDoc.comment("", "A key that holds a document.")
                + "export type DocumentKey = "
                + String.join(
                        " | ", documents.stream().map(CatalogueTypes::pattern).toList())
                + ";\n\n"
                + TsDoc.comment("", "The document that is stored under a key.")
                + "export type DocumentAt<K extends string> = string extends K\n    ? Documents[DocumentKind]\n"
                + cases("K", "Documents", documents)
                + "    : unknown;\n\n"
                + TsDoc.comment("", "The events of a channel.")
                + "export type EventOn<C extends string> = string extends C\n    ? StateEvent\n"
                + cases("C", "ChannelEvents", schemas.channels())
                + "    : never;\n";
    }

    private static String each(List<ObjectNode> files, Function<ObjectNode, String> line) {
        StringBuilder out = new StringBuilder();
        for (ObjectNode file : files) {
            out.append(TsDoc.comment("    ", file.required("description").asText()))
                    .append("    ")
                    .append(line.apply(file))
                    .append('\n');
        }
        return out.toString();
    }

    private static String maker(ObjectNode file) {
        String name = Names.camel(name(file));
        JsonNode parameters = file.required("parameters");
        if (parameters.isEmpty()) {
            return "readonly " + name + ": " + pattern(file) + ";";
        }
        String arguments = String.join(
                ", ",
                parameters
                        .propertyStream()
                        .map(parameter -> Names.camel(parameter.getKey()) + ": string")
                        .toList());
        return name + "(" + arguments + "): " + pattern(file) + ";";
    }

    /** The type of a name: a literal, or a template with a text for each parameter. */
    private static String pattern(JsonNode file) {
        String template = file.required("template").asText();
        return template.contains("{")
                ? "`" + template.replaceAll("[{][a-z_]+[}]", "\\${string}") + "`"
                : ModelTypes.literal(template);
    }

    private static String cases(String parameter, String table, List<ObjectNode> files) {
        StringBuilder out = new StringBuilder();
        for (ObjectNode file : files) {
            out.append("    : %s extends %s\n    ? %s['%s']\n".formatted(parameter, pattern(file), table, name(file)));
        }
        return out.toString();
    }

    private static String name(JsonNode file) {
        return file.required("name").asText();
    }
}
