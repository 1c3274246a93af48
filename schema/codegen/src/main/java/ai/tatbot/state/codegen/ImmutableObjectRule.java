package ai.tatbot.state.codegen;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.codemodel.JClassAlreadyExistsException;
import com.sun.codemodel.JCodeModel;
import com.sun.codemodel.JDefinedClass;
import com.sun.codemodel.JMod;
import com.sun.codemodel.JPackage;
import com.sun.codemodel.JType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jsonschema2pojo.Schema;
import org.jsonschema2pojo.rules.Rule;

/**
 * Turns a flattened object schema into a final class with final fields, a checking constructor, a builder, and its own
 * streaming reader and writer; an open object into a map.
 */
final class ImmutableObjectRule implements Rule<JPackage, JType> {
    private final ImmutableRuleFactory rules;
    private final SchemaFolder schemas;

    ImmutableObjectRule(ImmutableRuleFactory rules, SchemaFolder schemas) {
        this.rules = rules;
        this.schemas = schemas;
    }

    @Override
    public JType apply(String nodeName, JsonNode node, JsonNode parent, JPackage target, Schema schema) {
        JCodeModel code = target.owner();
        if (!node.has("properties")) {
            return code.ref(Map.class).narrow(String.class, Object.class);
        }
        // The mapper hands over the file's name; the class's is the pascal case of it.
        FlatSchema flat = schemas.byClassName(Names.pascal(nodeName));
        try {
            JDefinedClass type = target._class(JMod.PUBLIC | JMod.FINAL, flat.className());
            schema.setJavaTypeIfEmpty(type);
            new BeanWriter(code, type, flat, properties(flat, type, schema), schemas).write();
            return type;
        } catch (JClassAlreadyExistsException e) {
            return e.getExistingClass();
        }
    }

    private List<Property> properties(FlatSchema flat, JDefinedClass type, Schema schema) {
        List<Property> properties = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : flat.properties()) {
            String name = entry.getKey();
            if (name.equals("type") && flat.constantType() != null) {
                continue;
            }
            JsonNode node = entry.getValue();
            boolean required = flat.required().contains(name);
            boolean nullable = flat.isNullable(name);
            JType declared = javaType(flat, name, node, type, schema);
            properties.add(new Property(
                    name, Names.property(name), nullable ? declared : declared.unboxify(), nullable, required, node));
        }
        return properties;
    }

    private JType javaType(FlatSchema flat, String name, JsonNode node, JDefinedClass type, Schema schema) {
        Schema property = rules.getSchemaStore()
                .create(
                        schema,
                        "#/properties/" + name,
                        rules.getGenerationConfig().getRefFragmentPathDelimiters());
        if (!node.has("enum")) {
            return rules.getSchemaRule().apply(name, node, flat.node(), type.getPackage(), property);
        }
        String model = flat.carried().get(name);
        if (model != null) {
            // Models come first, and an event has the enumeration of the model that it carries.
            return type.owner()
                    ._getClass(type.getPackage().name() + "."
                            + flat.carriedModelClass().orElseThrow() + Names.pascal(model));
        }
        // Named after its owner, since two events may have a reason each; and its Javadoc is not escaped elsewhere.
        ObjectNode escaped = node.deepCopy();
        escaped.put("title", Javadoc.text(node.path("title").asText()));
        escaped.put("description", Javadoc.text(node.path("description").asText()));
        return rules.getSchemaRule()
                .apply(flat.name().replace('-', '_') + "_" + name, escaped, flat.node(), type.getPackage(), property);
    }
}
