package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.codemodel.JBlock;
import com.sun.codemodel.JClass;
import com.sun.codemodel.JCodeModel;
import com.sun.codemodel.JDefinedClass;
import com.sun.codemodel.JExpr;
import com.sun.codemodel.JExpression;
import com.sun.codemodel.JMod;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Code that holds a property to its schema, and copies what the caller could still change. */
final class Checks {
    private final JCodeModel code;
    private final JDefinedClass type;
    private final JClass fieldChecks;

    Checks(JCodeModel code, JDefinedClass type, JClass fieldChecks) {
        this.code = code;
        this.type = type;
        this.fieldChecks = fieldChecks;
    }

    /** The value as it is kept: lists and maps copied, times cut; or the same expression where there is nothing to do. */
    JExpression copy(Property property, JExpression value) {
        JsonNode schema = property.schema();
        return switch (property.shape()) {
            case TIME -> fieldChecks.staticInvoke("micros").arg(property.json()).arg(value);
            case DOUBLES, STRINGS ->
                fieldChecks
                        .staticInvoke(property.shape() == Property.Shape.DOUBLES ? "doubles" : "strings")
                        .arg(property.json())
                        .arg(value)
                        .arg(JExpr.lit(schema.path("minItems").asInt(0)))
                        .arg(JExpr.lit(schema.path("maxItems").asInt(Integer.MAX_VALUE)));
            case OPEN_OBJECT ->
                fieldChecks.staticInvoke("frozen").arg(property.json()).arg(value);
            default -> value;
        };
    }

    void add(Property property, JBlock constructor) {
        switch (property.shape()) {
            case INT, LONG, DOUBLE -> number(property, constructor);
            case STRING -> text(property, constructor);
            default -> {}
        }
    }

    private void number(Property property, JBlock constructor) {
        JsonNode minimum = property.schema().get("minimum");
        JsonNode maximum = property.schema().get("maximum");
        JExpression value = JExpr._this().ref(property.java());
        if (minimum != null || maximum != null) {
            guarded(property, constructor)
                    .add(fieldChecks
                            .staticInvoke("range")
                            .arg(property.json())
                            .arg(value)
                            .arg(bound(property, minimum, "MIN_VALUE", "NEGATIVE_INFINITY"))
                            .arg(bound(property, maximum, "MAX_VALUE", "POSITIVE_INFINITY")));
        } else if (property.shape() == Property.Shape.DOUBLE) {
            guarded(property, constructor)
                    .add(fieldChecks.staticInvoke("finite").arg(property.json()).arg(value));
        }
    }

    private JExpression bound(Property property, @Nullable JsonNode bound, String ofLong, String ofDouble) {
        if (property.shape() == Property.Shape.DOUBLE) {
            return bound == null ? code.ref(Double.class).staticRef(ofDouble) : JExpr.lit(bound.asDouble());
        }
        return bound == null ? code.ref(Long.class).staticRef(ofLong) : JExpr.lit(bound.asLong());
    }

    private void text(Property property, JBlock constructor) {
        JsonNode schema = property.schema();
        JExpression value = JExpr._this().ref(property.java());
        if (schema.has("minLength") || schema.has("maxLength")) {
            guarded(property, constructor)
                    .add(fieldChecks
                            .staticInvoke("text")
                            .arg(property.json())
                            .arg(value)
                            .arg(JExpr.lit(schema.path("minLength").asInt(0)))
                            .arg(JExpr.lit(schema.path("maxLength").asInt(Integer.MAX_VALUE))));
        }
        if (schema.has("pattern")) {
            String constant = property.json().toUpperCase(Locale.ROOT) + "_PATTERN";
            // Matched as a whole, so the anchors go: in Java "$" would let a final line break pass.
            String pattern = SchemaFolder.withoutAnchors(schema.get("pattern").asText());
            JClass checkedPattern = code.directClass(GenerateModel.PACKAGE + ".CheckedPattern");
            type.field(
                    JMod.PRIVATE | JMod.STATIC | JMod.FINAL,
                    checkedPattern,
                    constant,
                    JExpr._new(checkedPattern).arg(pattern));
            guarded(property, constructor)
                    .add(fieldChecks
                            .staticInvoke("matches")
                            .arg(property.json())
                            .arg(value)
                            .arg(JExpr.ref(constant)));
        }
    }

    private JBlock guarded(Property property, JBlock constructor) {
        return property.nullable()
                ? constructor
                        ._if(JExpr._this().ref(property.java()).ne(JExpr._null()))
                        ._then()
                : constructor;
    }
}
