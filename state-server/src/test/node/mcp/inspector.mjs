// The MCP Inspector, without its page, calls everything that the server has. Arguments: what it is to connect to (a URL, or a
// command with its arguments).
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NODE = join(import.meta.dirname, "node_modules", "node", "bin", "node");
const INSPECTOR = join(import.meta.dirname, "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js");
const target = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), "mcp-inspector-"));

function inspect(...args) {
  return new Promise((resolve) => {
    const options = { encoding: "utf8", timeout: 60_000, env: { ...process.env, HOME: home } };
    execFile(NODE, [INSPECTOR, "--cli", ...target, "--format", "json", "-q", ...args], options, (error, stdout, stderr) =>
      resolve({ status: error ? (error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

async function good(...args) {
  const { status, stdout, stderr } = await inspect(...args);
  assert.equal(status, 0, `${args.join(" ")}: ${status}\n${stdout}\n${stderr}`);
  const answer = JSON.parse(stdout);
  return answer.result ?? answer;
}

async function tool(name, args) {
  const result = await good("--method", "tools/call", "--tool-name", name, "--tool-args-json", JSON.stringify(args));
  return result.structuredContent;
}

async function read(uri) {
  assert.ok(JSON.parse((await good("--method", "resources/read", "--uri", uri)).contents[0].text), uri);
}

async function refusals() {
  const wrong = await inspect("--method", "tools/call", "--tool-name", "get_state", "--tool-args-json", '{"key":"nonsense"}');
  assert.match(wrong.stdout + wrong.stderr, /INVALID_KEY: /);
  assert.notEqual((await inspect("--method", "resources/read", "--uri", "state://nothing")).status, 0);
}

/** Runs these one after another. */
async function inTurn(...steps) {
  for (const step of steps) {
    await step();
  }
}

try {
  const { tools } = await good("--method", "tools/list", "--strict");
  assert.ok(tools.some((one) => one.name === "publish_event"));
  // Two at a time: a process each takes its time to start.
  await Promise.all([
    inTurn(
      async () => assert.equal((await tool("get_state", { key: "robot:state:hog" })).found, true),
      async () => assert.ok((await tool("list_state", { limit: 2 })).items.length > 0),
      async () => assert.ok((await tool("system_status", { detailed: true })).nodes.length > 0),
      async () => assert.equal((await tool("watch_state", { key: "robot:state:nobody", timeout_ms: 1 })).changed, false),
      async () => {
        const published = await tool("publish_event", { channel: "system:events", type: "tea", data: {} });
        assert.equal(published.channel, "system:events");
      },
      refusals,
    ),
    inTurn(
      async () => assert.ok((await good("--method", "resources/list")).resources.length > 30),
      ...["state://status", "state://stroke/progress", "state://robot/hog", "schema://models/robot-state.json"].map(
        (uri) => () => read(uri),
      ),
      async () => assert.equal((await good("--method", "resources/templates/list")).resourceTemplates.length, 2),
      async () => assert.equal((await good("--method", "prompts/list")).prompts.length, 1),
      async () => assert.ok((await good("--method", "prompts/get", "--prompt-name", "check_robot")).messages.length > 0),
    ),
  ]);
  console.log("done");
} finally {
  rmSync(home, { recursive: true, force: true });
}
