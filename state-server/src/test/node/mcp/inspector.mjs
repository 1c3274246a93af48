// The MCP Inspector, without its page, calls everything that the server has. Arguments: what it is to connect to (a URL, or a
// command with its arguments).
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const NODE = join(import.meta.dirname, "node_modules", "node", "bin", "node");
const INSPECTOR = join(import.meta.dirname, "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js");
const target = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), "mcp-inspector-"));

function inspect(...args) {
  const { status, stdout, stderr } = spawnSync(NODE, [INSPECTOR, "--cli", ...target, "--format", "json", "-q", ...args], {
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, HOME: home },
  });
  return { status, stdout, stderr };
}

function good(...args) {
  const { status, stdout, stderr } = inspect(...args);
  assert.equal(status, 0, `${args.join(" ")}: ${status}\n${stdout}\n${stderr}`);
  const answer = JSON.parse(stdout);
  return answer.result ?? answer;
}

function tool(name, args) {
  return good("--method", "tools/call", "--tool-name", name, "--tool-args-json", JSON.stringify(args)).structuredContent;
}

try {
  const { tools } = good("--method", "tools/list", "--strict");
  const names = tools.map((one) => one.name).sort();
  assert.ok(names.includes("get_state") && names.includes("publish_event"));
  assert.equal(tool("get_state", { key: "robot:state:hog" }).found, true);
  assert.ok(tool("list_state", { limit: 2 }).items.length > 0);
  assert.ok(tool("system_status", { detailed: true }).nodes.length > 0);
  assert.equal(tool("watch_state", { key: "robot:state:nobody", timeout_ms: 1 }).changed, false);
  assert.equal(tool("publish_event", { channel: "system:events", type: "tea", data: {} }).channel, "system:events");
  if (names.includes("set_state")) {
    const value = { timestamp: "2026-11-25T00:00:00Z", node_id: "spare" };
    assert.equal(tool("set_state", { key: "robot:state:spare", value, ttl_s: 30 }).key, "robot:state:spare");
  }
  const wrong = inspect("--method", "tools/call", "--tool-name", "get_state", "--tool-args-json", '{"key":"nonsense"}');
  assert.match(wrong.stdout + wrong.stderr, /INVALID_KEY: /);
  const { resources } = good("--method", "resources/list");
  assert.ok(resources.length > 30);
  for (const uri of ["state://status", "state://stroke/progress", "state://robot/hog", "state://health/hog", resources.at(-1).uri]) {
    assert.ok(JSON.parse(good("--method", "resources/read", "--uri", uri).contents[0].text), uri);
  }
  assert.notEqual(inspect("--method", "resources/read", "--uri", "state://nothing").status, 0);
  assert.equal(good("--method", "resources/templates/list").resourceTemplates.length, 2);
  assert.equal(good("--method", "prompts/list").prompts.length, 1);
  assert.ok(good("--method", "prompts/get", "--prompt-name", "check_robot").messages.length > 0);
  console.log("done");
} finally {
  rmSync(home, { recursive: true, force: true });
}
