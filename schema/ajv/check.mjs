// Checks every schema, key file, channel file and example with Ajv. Prints "N passed, N failed"; exits with 1 on failure.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import Ajv2020 from "ajv/dist/2020.js";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const BASE = "https://tatbot.ai/schema/state/v1/";
const SCHEMAS = ["types", "models", "events"];
const FILES = ["keys", "channels"];
const WITHOUT_EXAMPLES = ["roles"];

let passed = 0;
const failures = [];

/** Counts a check; `problem` is a sentence, or nothing where the check passed. */
function check(what, problem) {
  if (problem) {
    failures.push(`${what}: ${problem}`);
  } else {
    passed++;
  }
}

/** Names of the files of a folder without .json. An empty folder is a failure, so that nothing passes by being away. */
function list(folder) {
  const names = readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith(".json"))
    .map((name) => basename(name, ".json"))
    .sort();
  check(folder, names.length === 0 && "no files");
  return names;
}

function read(path) {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}

/** An instant in ISO-8601 that exists in the calendar, with or without an offset of at most 18 hours. */
function isUtcTime(text) {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))?$/.exec(text);
  if (!match) {
    return false;
  }
  const [year, month, day, hour, minute, second, offsetHours = 0, offsetMinutes = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return (
    day >= 1 &&
    day <= (days ?? 0) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59 &&
    offsetMinutes <= 59 &&
    offsetHours * 60 + offsetMinutes <= 18 * 60
  );
}

const ajv = new Ajv2020({ strict: true, allErrors: true });
ajv.addFormat("utc-time", { type: "string", validate: isUtcTime });
ajv.addVocabulary(["x-unit", "x-rename"]);

const documents = new Map(); // path such as models/robot-state -> content
for (const folder of ["meta", ...SCHEMAS]) {
  for (const name of list(folder)) {
    const schema = read(`${folder}/${name}.json`);
    documents.set(`${folder}/${name}`, schema);
    check(`${folder}/${name}.json`, schema.$id !== `${BASE}${folder}/${name}.json` && "its $id is not its path");
    ajv.addSchema(schema);
  }
}
for (const folder of [...FILES, ...WITHOUT_EXAMPLES]) {
  for (const name of list(folder)) {
    documents.set(`${folder}/${name}`, read(`${folder}/${name}.json`));
  }
}

function schema(path) {
  const validate = ajv.getSchema(BASE + path);
  if (!validate) {
    throw new Error(`no schema ${path}`);
  }
  return validate;
}

/** Where a value fails, each place once: the path of the value, or of the property that is missing. */
function places(validate, value) {
  if (validate(value)) {
    return [];
  }
  const found = validate.errors
    .filter((error) => error.keyword !== "if")
    .map((error) =>
      error.keyword === "required"
        ? `${error.instancePath}/${error.params.missingProperty}`
        : error.instancePath || "/",
    );
  return [...new Set(found)];
}

/** Resolves a $ref of a key or channel file, as ../types/node-id.json, to types/node-id.json. */
function target(reference) {
  return reference.$ref.replace(/^\.\.\//, "");
}

/** Splits a key or channel by its template; null where it does not fit. */
function split(template, text) {
  const names = [];
  const expression = template
    .split(/(\{[a-z_]+\})/)
    .map((part) => {
      if (part.startsWith("{")) {
        names.push(part.slice(1, -1));
        return "([^]*)";
      }
      return part.replace(/[^a-z_:]/g, "\\$&");
    })
    .join("");
  const match = new RegExp(`^${expression}$`).exec(text);
  return match && Object.fromEntries(names.map((name, i) => [name, match[i + 1]]));
}

function placesInName(file, text) {
  if (typeof text !== "string") {
    return { found: ["/"], values: null };
  }
  const values = split(file.template, text);
  if (!values) {
    return { found: ["/"], values };
  }
  const found = Object.entries(values)
    .filter(([name, value]) => places(schema(target(file.parameters[name])), value).length > 0)
    .map(([name]) => `/${name}`);
  return { found, values };
}

function placesInKey(file, example) {
  const { found, values } = placesInName(file, example.key);
  if (found.length === 0 && !isDeepStrictEqual(values, example.parameters)) {
    found.push("/parameters");
  }
  return found;
}

function placesInMessage(file, example) {
  const { found, values } = placesInName(file, example.channel);
  const payloads = file.messages.map((message) => target(message.payload));
  const type = (path) => documents.get(path.replace(/\.json$/, "")).properties.type?.const;
  const payload =
    payloads.find((path) => type(path) !== undefined && type(path) === example.event?.type) ??
    payloads.find((path) => type(path) === undefined) ??
    (payloads.length === 1 ? payloads[0] : undefined);
  if (payload === undefined) {
    return [...found, "/event/type"];
  }
  found.push(...places(schema(payload), example.event).map((place) => `/event${place}`));
  if (found.length === 0) {
    const differing = Object.entries(values).filter(
      ([name, value]) => name in example.event && example.event[name] !== value,
    );
    found.push(...differing.map(([name]) => `/event/${name}`));
  }
  return found;
}

function placesInExample(folder, name, example) {
  const file = documents.get(`${folder}/${name}`);
  switch (folder) {
    case "keys":
      return placesInKey(file, example);
    case "channels":
      return placesInMessage(file, example);
    default:
      return places(schema(`${folder}/${name}.json`), example);
  }
}

for (const [path, content] of documents) {
  const folder = dirname(path);
  if (folder === "meta" || SCHEMAS.includes(folder)) {
    check(`${path}.json as JSON Schema`, !ajv.validateSchema(content) && ajv.errorsText(ajv.errors));
  }
  if (folder !== "meta") {
    const meta = { keys: "meta/key.json", channels: "meta/channel.json", roles: "meta/role.json" }[folder] ?? "meta/dialect.json";
    const validate = schema(meta);
    check(`${path}.json as ${meta}`, !validate(content) && ajv.errorsText(validate.errors));
  }
  if (SCHEMAS.includes(folder)) {
    try {
      schema(`${path}.json`);
      check(`${path}.json compiles`);
    } catch (e) {
      check(`${path}.json compiles`, e.message);
    }
  }
}

for (const [path, content] of documents) {
  const named = ["writers", "readers", "publishers", "listeners"].flatMap((list) =>
    (content[list] ?? []).map((grant) => grant.role),
  );
  const unknown = [...named, ...(dirname(path) === "roles" ? content.includes : [])].filter(
    (role) => !documents.has(`roles/${role.replaceAll("_", "-")}`),
  );
  check(`roles in ${path}.json`, unknown.length > 0 && `there is no role ${unknown.join(", ")}`);
}

for (const folder of [...SCHEMAS, ...FILES]) {
  for (const name of readdirSync(join(ROOT, "examples", folder)).sort()) {
    const of = `examples/${folder}/${name}`;
    check(of, !documents.has(`${folder}/${name}`) && `there is no ${folder}/${name}.json`);
  }
  for (const name of list(folder)) {
    for (const verdict of ["valid", "invalid"]) {
      const of = `examples/${folder}/${name}/${verdict}`;
      if (!statSync(join(ROOT, of), { throwIfNoEntry: false })) {
        check(of, "missing");
        continue;
      }
      for (const example of list(of)) {
        const found = placesInExample(folder, name, read(`${of}/${example}.json`));
        const right = verdict === "valid" ? found.length === 0 : found.length === 1;
        const expected = verdict === "valid" ? "no place" : "one place";
        check(
          `${of}/${example}.json`,
          !right && `expected to fail in ${expected}, but it fails in [${found.join(", ")}]`,
        );
      }
    }
  }
}

for (const failure of failures) {
  console.error(failure);
}
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
