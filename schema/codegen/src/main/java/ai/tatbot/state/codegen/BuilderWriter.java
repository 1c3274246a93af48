package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.codemodel.JClass;
import com.sun.codemodel.JCodeModel;
import com.sun.codemodel.JDefinedClass;
import com.sun.codemodel.JExpr;
import com.sun.codemodel.JExpression;
import com.sun.codemodel.JFieldVar;
import com.sun.codemodel.JMethod;
import com.sun.codemodel.JMod;
import com.sun.codemodel.JOp;
import com.sun.codemodel.JType;
import com.sun.codemodel.JVar;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the builder of one class. */
final class BuilderWriter {
    private final JCodeModel code;
    private final JDefinedClass type;
    private final JDefinedClass builder;
    private final FlatSchema schema;
    private final List<Property> properties;

    BuilderWriter(
            JCodeModel code, JDefinedClass type, JDefinedClass builder, FlatSchema schema, List<Property> properties) {
        this.code = code;
        this.type = type;
        this.builder = builder;
        this.schema = schema;
        this.properties = properties;
    }

    void write(@Nullable JClass carriedModel) {
        builder.javadoc()
                .add("Builds a {@link " + type.name()
                        + "}. May be used again after {@link #build()}. Not thread-safe.");
        builder.constructor(JMod.PRIVATE);
        for (Property property : properties) {
            field(property);
        }
        for (Property property : properties) {
            setter(property);
        }
        if (carriedModel != null) {
            carry(carriedModel);
        }
        build();
    }

    private void field(Property property) {
        boolean hasDefault = !property.nullable() && !property.required();
        JType fieldType = hasDefault ? property.type() : property.type().boxify();
        JFieldVar field = builder.field(JMod.PRIVATE, fieldType, property.java());
        if (hasDefault) {
            field.init(literal(property));
        } else {
            field.annotate(Nullable.class);
        }
    }

    private static JExpression literal(Property property) {
        JsonNode value = property.schema().get("default");
        return switch (property.shape()) {
            case BOOLEAN -> JExpr.lit(value.asBoolean());
            case INT -> JExpr.lit(value.asInt());
            case LONG -> JExpr.lit(value.asLong());
            case DOUBLE -> JExpr.lit(value.asDouble());
            case STRING -> JExpr.lit(value.asText());
            case ENUM -> ((JClass) property.type()).staticInvoke("fromValue").arg(value.asText());
            // The schema folder has refused these.
            default -> throw new IllegalStateException(property.json() + " may not have a default");
        };
    }

    private void setter(Property property) {
        JMethod set = builder.method(JMod.PUBLIC, builder, property.java());
        JVar value = set.param(property.type(), property.java());
        if (property.nullable()) {
            value.annotate(Nullable.class);
        }
        set.javadoc().add(Javadoc.of(property));
        set.body().assign(JExpr._this().ref(property.java()), value);
        set.body()._return(JExpr._this());
    }

    private void carry(JClass model) {
        JMethod from = builder.method(JMod.PUBLIC, builder, "from");
        JVar source = from.param(model, "model");
        from.javadoc().add("Takes over every field of the model that this event carries.");
        for (Property property : properties) {
            String field = schema.carried().get(property.json());
            if (field != null) {
                from.body().assign(JExpr._this().ref(property.java()), source.invoke(Names.property(field)));
            }
        }
        from.body()._return(JExpr._this());
    }

    private void build() {
        JMethod build = builder.method(JMod.PUBLIC, type, "build");
        build.javadoc()
                .add(
                        "Checks every field against the schema. A missing {@code timestamp} becomes the current time.\n\n"
                                + "@throws InvalidValueException if a field is missing or out of its range; the message names it");
        JExpression given = JExpr._this().ref("timestamp");
        JExpression now = code.directClass(GenerateModel.PACKAGE + ".WireTime").staticInvoke("now");
        // The time is not kept in the builder, so that building twice gives two times.
        build.body()._return(JExpr._new(type).arg(JExpr._this()).arg(JOp.cond(given.eq(JExpr._null()), now, given)));
    }
}
