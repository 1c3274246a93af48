package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.codemodel.JBlock;
import com.sun.codemodel.JClass;
import com.sun.codemodel.JClassAlreadyExistsException;
import com.sun.codemodel.JCodeModel;
import com.sun.codemodel.JDefinedClass;
import com.sun.codemodel.JExpr;
import com.sun.codemodel.JExpression;
import com.sun.codemodel.JFieldVar;
import com.sun.codemodel.JForLoop;
import com.sun.codemodel.JInvocation;
import com.sun.codemodel.JMethod;
import com.sun.codemodel.JMod;
import com.sun.codemodel.JOp;
import com.sun.codemodel.JSwitch;
import com.sun.codemodel.JVar;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes one immutable class with its builder. */
final class BeanWriter {
    private final JCodeModel code;
    private final JDefinedClass type;
    private final FlatSchema schema;
    private final List<Property> properties;
    private final SchemaFolder schemas;
    private final JClass jsonFields;
    private final JClass fieldChecks;
    private final JsonCode json;

    BeanWriter(
            JCodeModel code, JDefinedClass type, FlatSchema schema, List<Property> properties, SchemaFolder schemas) {
        this.code = code;
        this.type = type;
        this.schema = schema;
        this.properties = properties;
        this.schemas = schemas;
        this.jsonFields = inPackage("JsonFields");
        this.fieldChecks = inPackage("FieldChecks");
        this.json = new JsonCode(jsonFields);
    }

    void write() throws JClassAlreadyExistsException {
        type.javadoc()
                .add(Javadoc.text(schema.node().get("title").asText()) + ": "
                        + Javadoc.text(schema.node().get("description").asText()) + "\n\n<p>Immutable.");
        interfaces();
        if (schema.constantType() != null) {
            type.field(JMod.PUBLIC | JMod.STATIC | JMod.FINAL, String.class, "TYPE", JExpr.lit(schema.constantType()))
                    .javadoc()
                    .add("Value of the field {@code type}.");
        }
        JClass jsonType = inPackage("JsonType").narrow(type);
        type.field(
                        JMod.PUBLIC | JMod.STATIC | JMod.FINAL,
                        jsonType,
                        "JSON",
                        JExpr._new(inPackage("JsonType").narrow(type))
                                .arg(type.dotclass())
                                .arg(JExpr.direct(type.name() + "::readFrom"))
                                .arg(JExpr.direct(type.name() + "::scan")))
                .javadoc()
                .add("How this class is read from JSON.");
        Checks checks = new Checks(code, type, fieldChecks);
        for (Property property : properties) {
            JFieldVar field = type.field(JMod.PRIVATE | JMod.FINAL, property.type(), property.java());
            if (property.nullable()) {
                field.annotate(Nullable.class);
            }
        }
        JDefinedClass builder = type._class(JMod.PUBLIC | JMod.STATIC | JMod.FINAL, "Builder");
        constructor(builder, checks);
        factories(builder);
        accessors();
        reader(builder);
        writer();
        names();
        scanner(builder);
        encoder();
        identity();
        carriedDocument();
        new BuilderWriter(code, type, builder, schema, properties).write(carriedClass());
    }

    private void interfaces() {
        type._implements(inPackage("Encodable"));
        if (!schema.event()) {
            type._implements(inPackage("Document"));
            return;
        }
        type._implements(inPackage("Event"));
        for (JsonNode channel : schemas.channels()) {
            for (JsonNode message : channel.get("messages")) {
                if (channel.get("messages").size() > 1
                        && schemas.referenced(message.get("payload")).name().equals(schema.name())) {
                    type._implements(inPackage(ChannelsWriter.commonInterface(channel)));
                }
            }
        }
    }

    private @Nullable JClass carriedClass() {
        return schema.carriedModelClass().map(this::inPackage).orElse(null);
    }

    /** The way back from an event to the model that it carries. */
    private void carriedDocument() {
        JClass model = carriedClass();
        if (model == null) {
            return;
        }
        type._implements(inPackage("DocumentEvent").narrow(model));
        JClass optional = code.ref(Optional.class);
        JMethod document = type.method(JMod.PUBLIC, optional.narrow(model), "document");
        document.annotate(Override.class);
        FlatSchema carried = schemas.byClassName(model.name());
        JExpression incomplete = null;
        JInvocation builder = model.staticInvoke("builder");
        for (Property property : properties) {
            String field = schema.carried().get(property.json());
            if (field == null) {
                continue;
            }
            builder = builder.invoke(Names.property(field)).arg(JExpr._this().ref(property.java()));
            if (property.nullable() && !carried.isNullable(field)) {
                JExpression missing = JExpr._this().ref(property.java()).eq(JExpr._null());
                incomplete = incomplete == null ? missing : incomplete.cor(missing);
            }
        }
        if (incomplete != null) {
            document.body()._if(incomplete)._then()._return(optional.staticInvoke("empty"));
        }
        document.body()._return(optional.staticInvoke("of").arg(builder.invoke("build")));
    }

    private void constructor(JDefinedClass builder, Checks checks) {
        JMethod constructor = type.constructor(JMod.PRIVATE);
        JVar from = constructor.param(builder, "from");
        JVar timestamp = constructor.param(code.ref(Instant.class), "timestamp");
        timestamp.annotate(Nullable.class);
        JBlock body = constructor.body();
        for (Property property : properties) {
            JExpression given = property.json().equals("timestamp") ? timestamp : from.ref(property.java());
            boolean mayBeMissing = !property.nullable()
                    && (property.required() || property.type().isReference());
            JExpression value = mayBeMissing
                    ? fieldChecks.staticInvoke("required").arg(property.json()).arg(given)
                    : given;
            JExpression copied = checks.copy(property, value);
            if (property.nullable() && copied != value) {
                copied = JOp.cond(given.eq(JExpr._null()), JExpr._null(), copied);
            }
            body.assign(JExpr._this().ref(property.java()), copied);
        }
        for (Property property : properties) {
            checks.add(property, body);
        }
    }

    private void factories(JDefinedClass builder) {
        JMethod create = type.method(JMod.PUBLIC | JMod.STATIC, builder, "builder");
        create.javadoc().add("A builder with every default set.");
        create.body()._return(JExpr._new(builder));
        JMethod copy = type.method(JMod.PUBLIC, builder, "toBuilder");
        copy.javadoc().add("A builder that begins with the values of this.");
        JVar result = copy.body().decl(builder, "copy", JExpr._new(builder));
        for (Property property : properties) {
            copy.body().assign(result.ref(property.java()), JExpr._this().ref(property.java()));
        }
        copy.body()._return(result);
    }

    private void accessors() {
        if (schema.constantType() != null) {
            JMethod constant = type.method(JMod.PUBLIC, String.class, "type");
            constant.annotate(Override.class);
            constant.body()._return(JExpr.ref("TYPE"));
        }
        for (Property property : properties) {
            JMethod getter = type.method(JMod.PUBLIC, property.type(), property.java());
            if (overrides(property)) {
                getter.annotate(Override.class);
            }
            if (property.nullable()) {
                getter.annotate(Nullable.class);
            }
            getter.javadoc().add(Javadoc.of(property));
            getter.body()._return(JExpr._this().ref(property.java()));
        }
    }

    private boolean overrides(Property property) {
        return switch (property.json()) {
            case "timestamp", "node_id" -> true;
            case "type", "rev", "event_id", "seq", "seq_lost" -> schema.event();
            default -> false;
        };
    }

    private void reader(JDefinedClass builder) {
        JMethod read = type.method(JMod.STATIC, type, "readFrom");
        JVar in = read.param(code.ref("tools.jackson.core.JsonParser"), "in");
        read.javadoc()
                .add("Reads one object; unknown fields are passed over, null counts as absent where it is allowed.");
        JBlock body = read.body();
        body.add(jsonFields.staticInvoke("startObject").arg(in));
        JVar from = body.decl(builder, "from", JExpr._new(builder));
        JVar constant = schema.constantType() == null ? null : body.decl(code.ref(String.class), "type", JExpr._null());
        JInvocation next = jsonFields.staticInvoke("nextField").arg(in);
        JForLoop loop = body._for();
        JVar name = loop.init(code.ref(String.class), "name", next);
        loop.test(name.ne(JExpr._null()));
        loop.update(JExpr.assign(name, jsonFields.staticInvoke("nextField").arg(in)));
        JSwitch choice = loop.body()._switch(name);
        if (constant != null) {
            JBlock branch = choice._case(JExpr.lit("type")).body();
            branch.assign(
                    constant,
                    jsonFields.staticInvoke("readConstant").arg(in).arg("type").arg(JExpr.ref("TYPE")));
            branch._break();
        }
        for (Property property : properties) {
            JBlock branch = choice._case(JExpr.lit(property.json())).body();
            JExpression value = json.read(property, in);
            branch.assign(
                    from.ref(property.java()),
                    property.takesNull()
                            ? JOp.cond(jsonFields.staticInvoke("isNull").arg(in), JExpr._null(), value)
                            : value);
            branch._break();
        }
        choice._default().body().invoke(in, "skipChildren");
        if (constant != null) {
            body.add(fieldChecks.staticInvoke("required").arg("type").arg(constant));
        }
        body._return(JExpr._new(type).arg(from).arg(from.ref("timestamp")));
    }

    private void writer() {
        JMethod write = type.method(JMod.PUBLIC, code.VOID, "writeTo");
        write.annotate(Override.class);
        JVar out = write.param(code.ref("tools.jackson.core.JsonGenerator"), "out");
        JBlock body = write.body();
        body.invoke(out, "writeStartObject");
        if (schema.constantType() != null) {
            body.invoke(out, "writeStringProperty").arg("type").arg(JExpr.ref("TYPE"));
        }
        for (Property property : properties) {
            JBlock block = property.nullable()
                    ? body._if(JExpr._this().ref(property.java()).ne(JExpr._null()))
                            ._then()
                    : body;
            json.write(property, block, out, inPackage("WireTime"));
        }
        body.invoke(out, "writeEndObject");
    }

    /** Names of the fields, those of the properties first, in their order. */
    private void names() {
        JInvocation names = JExpr._new(inPackage("FieldNames")).arg(JExpr.lit(nullable()));
        properties.forEach(property -> names.arg(property.json()));
        if (schema.constantType() != null) {
            names.arg("type");
            type.field(
                    JMod.PRIVATE | JMod.STATIC | JMod.FINAL,
                    byte[].class,
                    "QUOTED_TYPE",
                    inPackage("FieldNames").staticInvoke("quoted").arg(schema.constantType()));
        }
        type.field(JMod.PRIVATE | JMod.STATIC | JMod.FINAL, inPackage("FieldNames"), "FIELD_NAMES", names);
    }

    /** A bit for each field in which JSON may have null. */
    private long nullable() {
        long bits = 0;
        for (int i = 0; i < properties.size(); i++) {
            if (properties.get(i).takesNull()) {
                bits |= 1L << i;
            }
        }
        return bits;
    }

    private void scanner(JDefinedClass builder) {
        JMethod scan = type.method(JMod.STATIC, type, "scan");
        JVar in = scan.param(inPackage("JsonScanner"), "in");
        scan.javadoc().add("Reads one object fast, or declines.");
        JBlock body = scan.body();
        body.invoke(in, "startObject");
        JVar from = body.decl(builder, "from", JExpr._new(builder));
        JForLoop loop = body._for();
        JVar field = loop.init(
                code.INT,
                "field",
                in.invoke("next").arg(JExpr.ref("FIELD_NAMES")).arg(JExpr.lit(-1)));
        loop.test(field.gte(JExpr.lit(0)));
        loop.update(JExpr.assign(
                field, in.invoke("next").arg(JExpr.ref("FIELD_NAMES")).arg(field)));
        JSwitch choice = loop.body()._switch(field);
        for (int i = 0; i < properties.size(); i++) {
            JBlock branch = choice._case(JExpr.lit(i)).body();
            branch.assign(from.ref(properties.get(i).java()), json.scan(properties.get(i), in));
            branch._break();
        }
        JBlock rest = choice._default().body();
        if (schema.constantType() != null) {
            rest.invoke(in, "readConstant").arg(JExpr.ref("QUOTED_TYPE"));
            body.invoke(in, "requireValue").arg(JExpr.lit(properties.size()));
        }
        body._return(JExpr._new(type).arg(from).arg(from.ref("timestamp")));
    }

    private void encoder() {
        JMethod encode = type.method(JMod.PUBLIC, code.VOID, "encode");
        encode.annotate(Override.class);
        JVar out = encode.param(inPackage("JsonEncoder"), "out");
        JBlock body = encode.body();
        if (schema.constantType() != null) {
            body.invoke(out, "raw").arg(name(properties.size()));
            body.invoke(out, "raw").arg(JExpr.ref("QUOTED_TYPE"));
        }
        for (int i = 0; i < properties.size(); i++) {
            Property property = properties.get(i);
            JBlock block = property.nullable()
                    ? body._if(JExpr._this().ref(property.java()).ne(JExpr._null()))
                            ._then()
                    : body;
            JsonCode.encode(property, block, out, name(i));
        }
        body.invoke(out, "end");
    }

    private static JExpression name(int field) {
        return JExpr.ref("FIELD_NAMES").invoke("at").arg(JExpr.lit(field));
    }

    private void identity() {
        JMethod equals = type.method(JMod.PUBLIC, boolean.class, "equals");
        equals.annotate(Override.class);
        JVar other = equals.param(code.ref(Object.class), "other");
        other.annotate(Nullable.class);
        JBlock different = equals.body()._if(other._instanceof(type).not())._then();
        different._return(JExpr.FALSE);
        JVar that = equals.body().decl(type, "that", JExpr.cast(type, other));
        JExpression same = JExpr.TRUE;
        JInvocation hash = code.ref(Objects.class).staticInvoke("hash");
        for (Property property : properties) {
            JExpression mine = JExpr._this().ref(property.java());
            JExpression theirs = that.ref(property.java());
            same = same.cand(
                    code.ref(Objects.class).staticInvoke("equals").arg(mine).arg(theirs));
            hash.arg(mine);
        }
        equals.body()._return(same);
        JMethod hashCode = type.method(JMod.PUBLIC, int.class, "hashCode");
        hashCode.annotate(Override.class);
        hashCode.body()._return(hash);
        JMethod toString = type.method(JMod.PUBLIC, String.class, "toString");
        toString.annotate(Override.class);
        toString.body()
                ._return(JExpr.lit(type.name())
                        .plus(inPackage("StateJson").staticInvoke("text").arg(JExpr._this())));
    }

    private JClass inPackage(String name) {
        return code.directClass(GenerateModel.PACKAGE + "." + name);
    }
}
