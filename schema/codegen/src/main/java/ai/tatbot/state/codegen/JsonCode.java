package ai.tatbot.state.codegen;

import com.sun.codemodel.JBlock;
import com.sun.codemodel.JClass;
import com.sun.codemodel.JExpr;
import com.sun.codemodel.JExpression;
import com.sun.codemodel.JInvocation;
import com.sun.codemodel.JVar;

/** Code that reads and writes the value of one property. */
final class JsonCode {
    private final JClass jsonFields;

    JsonCode(JClass jsonFields) {
        this.jsonFields = jsonFields;
    }

    JExpression read(Property property, JVar in) {
        String method = switch (property.shape()) {
            case BOOLEAN -> "readBoolean";
            case INT -> "readInt";
            case LONG -> "readLong";
            case DOUBLE -> "readDouble";
            case STRING -> "readString";
            case TIME -> "readTime";
            case DOUBLES -> "readDoubles";
            case STRINGS -> "readStrings";
            case ENUM -> "readEnum";
            case OPEN_OBJECT -> "readMap";
        };
        JInvocation call = jsonFields.staticInvoke(method).arg(in).arg(property.json());
        if (property.shape() == Property.Shape.ENUM) {
            String type = property.type().name();
            call.arg(JExpr.direct(type + "::fromValue")).arg(JExpr.direct("java.util.List.of(" + type + ".values())"));
        }
        return call;
    }

    /** The same for the fast reader. */
    JExpression scan(Property property, JVar in) {
        JInvocation call = in.invoke(
                switch (property.shape()) {
                    case BOOLEAN -> "readBoolean";
                    case INT -> "readInt";
                    case LONG -> "readLong";
                    case DOUBLE -> "readDouble";
                    case STRING -> "readString";
                    case TIME -> "readTime";
                    case DOUBLES -> "readDoubles";
                    case STRINGS -> "readStrings";
                    case ENUM -> "readEnum";
                    case OPEN_OBJECT -> "readMap";
                });
        return property.shape() == Property.Shape.ENUM
                ? call.arg(JExpr.direct(property.type().name() + "::fromValue"))
                : call;
    }

    /** Writes a value with its name, by the encoder. */
    static void encode(Property property, JBlock body, JVar out, JExpression name) {
        JExpression value = JExpr._this().ref(property.java());
        body.invoke(out, "value")
                .arg(name)
                .arg(property.shape() == Property.Shape.ENUM ? value.invoke("value") : value);
    }

    void write(Property property, JBlock body, JVar out, JClass wireTime) {
        JExpression value = JExpr._this().ref(property.java());
        switch (property.shape()) {
            case BOOLEAN ->
                body.invoke(out, "writeBooleanProperty").arg(property.json()).arg(value);
            case INT, LONG, DOUBLE ->
                body.invoke(out, "writeNumberProperty").arg(property.json()).arg(value);
            case STRING ->
                body.invoke(out, "writeStringProperty").arg(property.json()).arg(value);
            case ENUM ->
                body.invoke(out, "writeStringProperty").arg(property.json()).arg(value.invoke("value"));
            case TIME ->
                body.invoke(out, "writeStringProperty")
                        .arg(property.json())
                        .arg(wireTime.staticInvoke("format").arg(value));
            case DOUBLES, STRINGS, OPEN_OBJECT ->
                body.add(jsonFields
                        .staticInvoke("write")
                        .arg(out)
                        .arg(property.json())
                        .arg(value));
        }
    }
}
