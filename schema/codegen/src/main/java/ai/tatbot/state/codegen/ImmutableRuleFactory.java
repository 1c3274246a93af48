package ai.tatbot.state.codegen;

import com.sun.codemodel.JPackage;
import com.sun.codemodel.JType;
import org.jsonschema2pojo.Annotator;
import org.jsonschema2pojo.GenerationConfig;
import org.jsonschema2pojo.SchemaStore;
import org.jsonschema2pojo.rules.Rule;
import org.jsonschema2pojo.rules.RuleFactory;

/** The rules of jsonschema2pojo, but for objects, which become immutable. */
final class ImmutableRuleFactory extends RuleFactory {
    private final SchemaFolder schemas;

    ImmutableRuleFactory(GenerationConfig config, Annotator annotator, SchemaStore store, SchemaFolder schemas) {
        super(config, annotator, store);
        this.schemas = schemas;
    }

    @Override
    public Rule<JPackage, JType> getObjectRule() {
        return new ImmutableObjectRule(this, schemas);
    }
}
