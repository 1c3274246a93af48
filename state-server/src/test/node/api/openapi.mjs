// Says whether a file is a valid OpenAPI 3.1 document, in which every reference points to something.
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';

const document = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const validator = new Validator();
const { valid, errors } = await validator.validate(document);
if (!valid) {
    console.error(JSON.stringify(errors, null, 2));
    process.exit(1);
}
if (validator.version !== '3.1') {
    console.error(`valid, but of version ${validator.version}`);
    process.exit(1);
}
validator.resolveRefs();
console.log('valid');
