// Runs server scenarios of the official suite on the Node that it needs. Prints what failed; exits with 1 on a failure or a warning.
// Arguments: URL, then names of scenarios; without names all of them.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

const NODE = join(import.meta.dirname, "node_modules", "node", "bin", "node");
const SUITE = join(import.meta.dirname, "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js");

function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(NODE, [SUITE, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** What the suite found: scenario by scenario, from the files that it leaves. */
function judge(folder, given) {
  const passed = [];
  const failed = [];
  for (const path of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith("checks.json"))) {
    const name = basename(dirname(path)).replace(/^server-/, "").replace(/-\d{4}-\d\d-\d\dT.*$/, "");
    if (given.length > 0 && !given.includes(name)) {
      continue;
    }
    const checks = JSON.parse(readFileSync(join(folder, path), "utf8"));
    const bad = checks.filter((check) => check.status === "FAILURE" || check.status === "WARNING");
    const good = bad.length === 0 && checks.some((check) => check.status === "SUCCESS");
    (good ? passed : failed).push(name);
    bad.forEach((check) => console.log(`${name}: ${check.status} ${check.id}: ${check.errorMessage}`));
  }
  return { passed, failed };
}

const [url, ...given] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "mcp-conformance-"));
// One process for all of them: each start of the suite takes longer than its scenarios.
const { output } = await run("server", "--url", url, "--suite", "all", "-o", folder);
if (given.length === 0 && /Failed to run scenario/.test(output)) {
  console.log(output);
  process.exit(1);
}
const { passed, failed } = judge(folder, given);
rmSync(folder, { recursive: true, force: true });
console.log(`${passed.length} scenarios passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 && passed.length > 0 ? 0 : 1;
