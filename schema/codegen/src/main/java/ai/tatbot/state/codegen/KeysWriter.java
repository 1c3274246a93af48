package ai.tatbot.state.codegen;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/** Writes {@code Keys}: a constant and a factory for each key file, and the way back from a name. */
final class KeysWriter {
    private static final ClassName KIND = inPackage("KeyKind");
    private static final ClassName KEY = inPackage("Key");
    private static final TypeName ANY_KIND = ParameterizedTypeName.get(KIND, WildcardTypeName.subtypeOf(Object.class));

    private final SchemaFolder schemas;

    KeysWriter(SchemaFolder schemas) {
        this.schemas = schemas;
    }

    void write(Path target) throws IOException {
        TypeSpec.Builder keys = TypeSpec.classBuilder("Keys")
                .addModifiers(Modifier.PUBLIC, Modifier.FINAL)
                .addJavadoc("Every key of the schema: its kind, a factory for it, and the way back from its name.\n")
                .addMethod(MethodSpec.constructorBuilder()
                        .addModifiers(Modifier.PRIVATE)
                        .build());
        CodeBlock.Builder all = CodeBlock.builder();
        for (JsonNode key : schemas.keys()) {
            keys.addField(constant(key)).addMethod(factory(key));
            all.add(all.isEmpty() ? "$L" : ", $L", Names.constant(name(key)));
        }
        keys.addField(FieldSpec.builder(
                                ParameterizedTypeName.get(ClassName.get(List.class), ANY_KIND),
                                "ALL",
                                Modifier.PRIVATE,
                                Modifier.STATIC,
                                Modifier.FINAL)
                        .initializer("$T.of($L)", List.class, all.build())
                        .build())
                .addMethod(allMethod())
                .addMethod(parseMethod())
                .addMethod(indexMethod());
        JavaFile.builder(GenerateModel.PACKAGE, keys.build())
                .indent("    ")
                .skipJavaLangImports(true)
                .build()
                .writeTo(target);
    }

    private FieldSpec constant(JsonNode key) throws IOException {
        CodeBlock.Builder value = CodeBlock.builder()
                .add(
                        "new $T<>(\n$>$>$S, $L, $T.$L",
                        KIND,
                        name(key),
                        template(key, schemas),
                        inPackage("RedisType"),
                        Names.constant(key.required("redis_type").asText()));
        JsonNode document = key.get("document");
        if (document == null) {
            value.add(", null, null");
        } else {
            value.add(", $S, $T.JSON", document.required("field").asText(), documentClass(key));
        }
        JsonNode ttl = key.get("ttl_seconds");
        if (ttl == null) {
            value.add(", null");
        } else {
            value.add(", $T.ofSeconds($L)", Duration.class, ttl.asLong());
        }
        value.add(", $L, ", key.path("max_length").asLong(0));
        if (key.has("index")) {
            value.add("$S", key.get("index").asText());
        } else {
            value.add("null");
        }
        value.add(")$<$<");
        return FieldSpec.builder(
                        kindType(key), Names.constant(name(key)), Modifier.PUBLIC, Modifier.STATIC, Modifier.FINAL)
                .addJavadoc("$L\n", Javadoc.text(key.required("description").asText()))
                .initializer(value.build())
                .build();
    }

    private MethodSpec factory(JsonNode key) {
        MethodSpec.Builder factory = MethodSpec.methodBuilder(Names.camel(name(key)))
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .returns(ParameterizedTypeName.get(KEY, valueType(key)))
                .addJavadoc("The key {@code $L}.\n", key.required("template").asText());
        CodeBlock.Builder arguments = CodeBlock.builder();
        for (Map.Entry<String, JsonNode> parameter : key.required("parameters").properties()) {
            String name = Names.camel(parameter.getKey());
            factory.addParameter(String.class, name);
            arguments.add(arguments.isEmpty() ? "$L" : ", $L", name);
        }
        if (!arguments.isEmpty()) {
            factory.addJavadoc("\n@throws InvalidValueException if an id has a character that ids may not have\n");
        }
        return factory.addStatement("return $L.of($L)", Names.constant(name(key)), arguments.build())
                .build();
    }

    private static MethodSpec allMethod() {
        return MethodSpec.methodBuilder("all")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("Every kind of key, in no particular order.\n")
                .returns(ParameterizedTypeName.get(ClassName.get(List.class), ANY_KIND))
                .addStatement("return ALL")
                .build();
    }

    private static MethodSpec parseMethod() {
        TypeName anyKey = ParameterizedTypeName.get(KEY, WildcardTypeName.subtypeOf(Object.class));
        return MethodSpec.methodBuilder("parse")
                .addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                .addJavadoc("The key of this name, or empty if the schema has no such key.\n")
                .addParameter(String.class, "name")
                .returns(ParameterizedTypeName.get(ClassName.get(Optional.class), anyKey))
                .beginControlFlow("for ($T kind : ALL)", ANY_KIND)
                .addStatement("$T<? extends $T> key = kind.parse(name)", Optional.class, anyKey)
                .beginControlFlow("if (key.isPresent())")
                .addStatement("return $T.of(key.get())", Optional.class)
                .endControlFlow()
                .endControlFlow()
                .addStatement("return $T.empty()", Optional.class)
                .build();
    }

    private MethodSpec indexMethod() {
        MethodSpec.Builder method = MethodSpec.methodBuilder("indexNamed")
                .addModifiers(Modifier.STATIC)
                .addParameter(String.class, "name")
                .returns(ParameterizedTypeName.get(KIND, ClassName.get(Void.class)))
                .beginControlFlow("switch (name)");
        for (JsonNode key : schemas.keys()) {
            if (key.required("redis_type").asText().equals("set")) {
                method.addStatement("case $S: return $L", name(key), Names.constant(name(key)));
            }
        }
        return method.addStatement("default: throw new $T(name)", IllegalArgumentException.class)
                .endControlFlow()
                .build();
    }

    private TypeName kindType(JsonNode key) {
        return ParameterizedTypeName.get(KIND, valueType(key));
    }

    private TypeName valueType(JsonNode key) {
        return key.has("document") ? documentClass(key) : ClassName.get(Void.class);
    }

    private ClassName documentClass(JsonNode key) {
        return inPackage(
                schemas.referenced(key.required("document").required("schema")).className());
    }

    private static String name(JsonNode key) {
        return key.required("name").asText();
    }

    static CodeBlock template(JsonNode file, SchemaFolder schemas) throws IOException {
        ClassName template = inPackage("Template");
        CodeBlock.Builder value = CodeBlock.builder()
                .add("new $T($S", template, file.required("template").asText());
        for (Map.Entry<String, JsonNode> parameter : file.required("parameters").properties()) {
            value.add(
                    ", new $T.Parameter($S, $T.compile($S))",
                    template,
                    parameter.getKey(),
                    Pattern.class,
                    schemas.parameterPattern(parameter.getValue()));
        }
        return value.add(")").build();
    }

    static ClassName inPackage(String name) {
        return ClassName.get(GenerateModel.PACKAGE, name);
    }
}
