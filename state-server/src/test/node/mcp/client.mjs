// The official TypeScript client uses everything that the server has, and Ajv checks every schema and every result.
// Arguments: "http" URL, or "stdio" COMMAND ARGUMENT...; a robot hog and a session of its own are there, and change all the time.
import assert from "node:assert/strict";
import Ajv2020 from "ajv/dist/2020.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";

const [kind, ...target] = process.argv.slice(2);
const transport =
  kind === "http"
    ? new StreamableHTTPClientTransport(new URL(target[0]))
    : new StdioClientTransport({ command: target[0], args: target.slice(1), env: process.env, stderr: "inherit" });
const settable = target.includes("--allow-set-state");
const client = new Client({ name: "tatbot-test", version: "1" });
await client.connect(transport);

const info = client.getServerVersion();
assert.equal(info.name, "tatbot-state");
assert.match(client.getInstructions(), /system_status/);
await client.ping();

const ajv = new Ajv2020({ strict: true, allErrors: true });
const { tools } = await client.listTools();
const expected = ["get_state", "list_state", "publish_event", ...(settable ? ["set_state"] : []), "system_status", "watch_state"];
assert.deepEqual(tools.map((tool) => tool.name).sort(), expected);
const inputs = new Map(tools.map((tool) => [tool.name, ajv.compile(tool.inputSchema)]));
const outputs = new Map(tools.map((tool) => [tool.name, ajv.compile(tool.outputSchema)]));
for (const tool of tools) {
  assert.ok(tool.title && tool.description && tool.annotations, tool.name);
  assert.equal(inputs.get(tool.name)({ no_such_argument: 1 }), false);
}

async function call(name, args, options) {
  const fits = inputs.get(name);
  assert.ok(fits(args), `${name}: ${ajv.errorsText(fits.errors)}`);
  const result = await client.callTool({ name, arguments: args }, undefined, options);
  assert.ok(!result.isError, JSON.stringify(result));
  assert.deepEqual(JSON.parse(result.content[0].text), result.structuredContent);
  const validate = outputs.get(name);
  assert.ok(validate(result.structuredContent), `${name}: ${ajv.errorsText(validate.errors)}`);
  return result.structuredContent;
}

async function refused(name, args, code) {
  const result = await client.callTool({ name, arguments: args });
  assert.ok(result.isError);
  assert.match(result.content[0].text, new RegExp(`^${code}: `));
}

async function fails(code, promise) {
  await assert.rejects(promise, (error) => error.code === code, String(code));
}

// The server may just have started.
for (let i = 0; i < 100 && (await call("system_status", {})).status === "down"; i++) {
  await new Promise((resolve) => setTimeout(resolve, 100));
}

// Tools
const hog = await call("get_state", { key: "robot:state:hog" });
assert.equal(hog.value.node_id, "hog");
assert.equal((await call("get_state", { key: "robot:state" })).key, "robot:state:hog");
const progress = await call("get_state", { key: "stroke:progress" });
assert.equal(progress.value.scene_name, "<img src=x onerror=alert(1)>");
for (const key of ["events:log", "index:nodes", "index:sessions", "liveness:hog", "stream:stroke_history", "node:health:hog"]) {
  assert.ok((await call("get_state", { key })).found, key);
}
assert.equal((await call("get_state", { key: "robot:state:nobody" })).found, false);
await refused("get_state", { key: "anything:else" }, "INVALID_KEY");
await refused("get_state", {}, "INVALID_ARGUMENT");
const pages = [];
for (let cursor; ; ) {
  const page = await call("list_state", { limit: 1, ...(cursor && { cursor }) });
  pages.push(...page.items);
  if (!page.next_cursor) break;
  cursor = page.next_cursor;
}
assert.ok(pages.length >= 3);
assert.ok((await call("list_state", { kind: "robot_state", limit: 10 })).items.every((item) => item.type === "robot_state"));
const status = await call("system_status", { detailed: true });
assert.ok(status.nodes.some((node) => node.id === "hog" && node.robot));
assert.ok(status.current_session);
const published = await call("publish_event", { channel: "system:events", type: "tea", data: { sugar: 2 } });
assert.match(published.event_id, /^\d+-\d+$/);
await refused("publish_event", { channel: "nowhere", type: "x", data: {} }, "UNKNOWN_CHANNEL");
const seen = await call("watch_state", { key: "stroke:progress", since_revision: progress.revision, timeout_ms: 20_000 });
assert.ok(seen.changed && seen.revision > progress.revision);
if (settable) {
  const value = { timestamp: "2026-11-25T00:00:00Z", node_id: "spare", current_pose: "sleep" };
  const written = await call("set_state", { key: "robot:state:spare", value, ttl_s: 30 });
  await call("set_state", { key: "robot:state:spare", value, expected_revision: written.revision, ttl_s: 30 });
  await refused("set_state", { key: "robot:state:spare", value, expected_revision: 1 }, "CONFLICT");
} else {
  await fails(-32602, client.callTool({ name: "set_state", arguments: {} }));
}

// Progress and cancellation
const told = [];
await call("watch_state", { key: "robot:state:nobody", timeout_ms: 1_300 }, { onprogress: (step) => told.push(step.progress) });
assert.ok(told.length >= 1);
const enough = new AbortController();
const endless = client.callTool({ name: "watch_state", arguments: { key: "robot:state:nobody", timeout_ms: 30_000 } }, undefined, {
  signal: enough.signal,
});
setTimeout(() => enough.abort("enough"), 200);
await assert.rejects(endless);
await client.ping();

// Resources
const { resources } = await client.listResources();
for (const { uri, mimeType } of resources) {
  const { contents } = await client.readResource({ uri });
  assert.equal(contents[0].mimeType, mimeType);
  JSON.parse(contents[0].text);
}
const { resourceTemplates } = await client.listResourceTemplates();
assert.deepEqual(
  resourceTemplates.map((template) => template.uriTemplate),
  ["state://health/{node_id}", "state://robot/{node_id}"],
);
for (const { uriTemplate } of resourceTemplates) {
  const { completion } = await client.complete({
    ref: { type: "ref/resource", uri: uriTemplate },
    argument: { name: "node_id", value: "ho" },
  });
  assert.deepEqual(completion.values, ["hog"]);
  const { contents } = await client.readResource({ uri: uriTemplate.replace("{node_id}", "hog") });
  assert.equal(JSON.parse(contents[0].text).found, true);
}
await fails(-32002, client.readResource({ uri: "state://robot/nobody" }));
await fails(-32002, client.subscribeResource({ uri: "state://nothing" }));

// Subscriptions
for (const uri of ["state://status", "state://stroke/progress", "state://robot/hog", "state://health/hog"]) {
  const updated = new Promise((resolve) =>
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => params.uri === uri && resolve()),
  );
  await client.subscribeResource({ uri });
  await updated;
  await client.unsubscribeResource({ uri });
}

// The rest
const { prompts } = await client.listPrompts();
await client.getPrompt({ name: prompts[0].name });
await client.setLoggingLevel("info");
if (kind === "http") {
  await transport.terminateSession();
}
await client.close();
console.log("done");
