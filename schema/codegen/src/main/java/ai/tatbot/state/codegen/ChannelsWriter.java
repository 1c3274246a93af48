package ai.tatbot.state.codegen;

import static ai.tatbot.state.codegen.KeysWriter.inPackage;

import com.fasterxml.jackson.databind.JsonNode;
import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.CodeBlock;
import com.palantir.javapoet.FieldSpec;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.MethodSpec;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import com.palantir.javapoet.TypeSpec;
import com.palantir.javapoet.WildcardTypeName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.lang.model.element.Modifier;

/**
 * Writes {@code Channels}: a constant for each channel file, a factory for each with parameters, the way back from a name;
 * and an interface for each channel that carries more than one kind of event.
 */
final class ChannelsWriter {
    private static final ClassName KIND = inPackage("ChannelKind");
    private static final ClassName CHANNEL = inPackage("Channel");

    private final SchemaFolder schemas;

    ChannelsWriter(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    /** Name of the interface that all events of a channel implement, where it carries more than one kind. */
    static String commonInterface(JsonNode channel) {
        String name = Names.pascal(channel.required("name").asText());
        return name.endsWith("Events") ? name.substring(0, name.length() - 1) : name + "Event";
    }

    void write(Path target) throws IOException {
        TypeSpec.Builder channels = TypeSpec.classBuilder("Channels")
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addJavadoc(
                        "Every channel of the schema: its kind, a factory for it, and the way back from its name.\n")
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build());
        CodeBlock.Builder all = CodeBlock.builder();
        for (JsonNode channel : schemas.channels()) {
            boolean one = channel.required("parameters").isEmpty();
            String constant = Names.constant(name(channel));
            FieldSpec kind = kind(channel, one ? constant + "_KIND" : constant, one);
            channels.addField(kind);
            all.add(all.isEmpty() ? "$N" : ", $N", kind);
            if (one) {
                channels.addField(FieldSpec.builder(
                                ParameterizedTypeName.get(CHANNEL, eventType(channel)),
                                constant,
                                Modifier.PUBLIC,
                                Modifier.STATIC,
                                Modifier.FINAL)
                        .addJavadoc(
                                "$L\n\n<p>{@code $L}\n",
                                description(channel),
                                channel.required("template").asText())
                        .initializer("$N.of()", kind)
                        .build());
            } else {
                channels.addMethod(factory(channel, constant));
            }
            if (channel.required("messages").size() > 1) {
                writeInterface(channel, target);
            }
        }
        channels.addField(FieldSpec.builder(
                                ParameterizedTypeName.get(ClassName.get(List.class), kindOfAny()),
                                "ALL",
                                Modifier.PRIVATE,
                                Modifier.STATIC,
                                Modifier.FINAL)
                        .initializer("$T.of($L)", List.class, all.build())
                        .build())
                .addMethod(MethodSpec.methodBuilder("all")
                        .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                        .addJavadoc("Every kind of channel, in no particular order.\n")
                        .returns(ParameterizedTypeName.get(ClassName.get(List.class), kindOfAny()))
                        .addStatement("return ALL")
                        .build())
                .addMethod(parseMethod());
        JavaFile.builder(GenerateModel.PACKAGE, channels.build())
                .indent("    ")
                .skipJavaLangImports(true)
                .build()
                .writeTo(target);
    }

    private void writeInterface(JsonNode channel, Path target) throws IOException {
        TypeSpec type = TypeSpec.interfaceBuilder(commonInterface(channel))
                .addModifiers(Modifier.PUBLIC)
                .addSuperinterface(inPackage("Event"))
                .addJavadoc(
                        "Event of {@code $L}. $L\n",
                        channel.required("template").asText(),
                        description(channel))
                .build();
        JavaFile.builder(GenerateModel.PACKAGE, type).indent("    ").build().writeTo(target);
    }

    private FieldSpec kind(JsonNode channel, String constant, boolean hidden) throws IOException {
        CodeBlock.Builder types = CodeBlock.builder();
        for (JsonNode message : channel.required("messages")) {
            FlatSchema payload = schemas.referenced(message.required("payload"));
            types.add(types.isEmpty() ? "\n" : ",\n")
                    .add(
                            "new $T<>($S, $T.$L, $T.JSON)",
                            inPackage("EventType"),
                            payload.constantType(),
                            inPackage("EventClass"),
                            message.required("class").asText().toUpperCase(Locale.ROOT),
                            inPackage(payload.className()));
        }
        FieldSpec.Builder field = FieldSpec.builder(ParameterizedTypeName.get(KIND, eventType(channel)), constant)
                .addModifiers(hidden ? Modifier.PRIVATE : Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .initializer(
                        "new $T<>(\n$>$>$S, $L, $T.class, $T.of($>$>$L))$<$<$<$<",
                        KIND,
                        name(channel),
                        KeysWriter.template(channel, schemas),
                        eventType(channel),
                        List.class,
                        types.build());
        if (!hidden) {
            field.addJavadoc(
                    "$L\n\n<p>{@code $L}\n",
                    description(channel),
                    channel.required("template").asText());
        }
        return field.build();
    }

    private MethodSpec factory(JsonNode channel, String constant) {
        MethodSpec.Builder factory = MethodSpec.methodBuilder(Names.camel(name(channel)))
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(ParameterizedTypeName.get(CHANNEL, eventType(channel)))
                .addJavadoc(
                        "The channel {@code $L}.\n\n@throws InvalidValueException if an id has a character that ids may not have\n",
                        channel.required("template").asText());
        CodeBlock.Builder arguments = CodeBlock.builder();
        for (Map.Entry<String, JsonNode> parameter :
                channel.required("parameters").properties()) {
            factory.addParameter(String.class, Names.camel(parameter.getKey()));
            arguments.add(arguments.isEmpty() ? "$L" : ", $L", Names.camel(parameter.getKey()));
        }
        return factory.addStatement("return $L.of($L)", constant, arguments.build())
                .build();
    }

    private static MethodSpec parseMethod() {
        TypeName anyChannel = ParameterizedTypeName.get(CHANNEL, WildcardTypeName.subtypeOf(inPackage("Event")));
        return MethodSpec.methodBuilder("parse")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("The channel of this name, or empty if the schema has no such channel.\n")
                .addParameter(String.class, "name")
                .returns(ParameterizedTypeName.get(ClassName.get(Optional.class), anyChannel))
                .beginControlFlow("for ($T kind : ALL)", kindOfAny())
                .addStatement("$T<? extends $T> channel = kind.parse(name)", Optional.class, anyChannel)
                .beginControlFlow("if (channel.isPresent())")
                .addStatement("return $T.of(channel.get())", Optional.class)
                .endControlFlow()
                .endControlFlow()
                .addStatement("return $T.empty()", Optional.class)
                .build();
    }

    private ClassName eventType(JsonNode channel) {
        JsonNode messages = channel.required("messages");
        return messages.size() > 1
                ? inPackage(commonInterface(channel))
                : inPackage(
                        schemas.referenced(messages.get(0).required("payload")).className());
    }

    private static TypeName kindOfAny() {
        return ParameterizedTypeName.get(KIND, WildcardTypeName.subtypeOf(inPackage("Event")));
    }

    private static String name(JsonNode channel) {
        return channel.required("name").asText();
    }

    private static String description(JsonNode channel) {
        return Javadoc.text(channel.required("description").asText());
    }
}
