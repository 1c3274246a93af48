// Every piece of TypeScript in the documentation compiles against the package, and runs against a real server.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fleet } from './fleet.mjs';
import { compile, install, pack } from './package.mjs';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const PAGES = ['README.md', 'schema/README.md', 'schema/typescript/README.md', 'schema/python/README.md', ...markdown('docs')];
/** What Node has, as far as a page needs it. */
const NODE = 'declare const process: { env: Record<string, string | undefined> };\n';
const ENOUGH_MS = 3_000;

const snippets = PAGES.flatMap((page) => {
    const text = readFileSync(join(ROOT, page), 'utf8');
    return [...text.matchAll(/^```(?:ts|js)\n(.*?)^```$/gms)].map((block) => ({
        name: `${page}:${text.slice(0, block.index).split('\n').length + 1}`,
        text: block[1],
    }));
});

function markdown(folder) {
    return readdirSync(join(ROOT, folder), { recursive: true })
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name));
}

const fleet = await Fleet.start();
let server;
let folder;
before(async () => {
    server = await fleet.startOpenServer();
    // Something to be seen: a robot, a session, and what tells of them.
    const admin = await fleet.startServer(undefined, '--allow-set-state');
    const put = async (key, value) => {
        const answer = await fetch(`${admin.url}/api/v1/state/${key}`, {
            method: 'PUT',
            headers: { authorization: `Bearer ${fleet.admin}`, 'content-type': 'application/json' },
            body: JSON.stringify({ value: { timestamp: new Date().toISOString(), node_id: 'hog', ...value } }),
        });
        assert.ok(answer.ok, await answer.text());
    };
    await put('robot:state:hog', { current_pose: 'executing', is_connected_l: true, is_connected_r: true });
    await put('stroke:progress:stroke_hog_1', { stroke_idx: 77, total_strokes: 100, is_executing: true });
    folder = install(pack());
});
after(async () => {
    await fleet.close();
    rmSync(folder, { recursive: true, force: true });
});

test('there are some', () => {
    assert.ok(snippets.length >= 3, String(snippets.length));
});

test('all compile', () => {
    // Each is a module of its own.
    const files = snippets.map(({ text }, i) => [`snippet${i}.ts`, `${text}\nexport {};\n`]);
    const said = compile({ ...Object.fromEntries(files), 'node.d.ts': NODE });
    assert.equal(said.replaceAll(/^snippet(\d+)/gm, (_, i) => snippets[i].name), '');
});

test('one that is wrong does not', () => {
    assert.match(compile({ 'wrong.ts': "import { StateClient } from 'tatbot-state';\nnew StateClient().nothing();\n" }), /TS2339/);
});

/** Runs it until it ends, or for some seconds; what it wrote. */
async function run(file) {
    const child = spawn(process.execPath, ['--no-warnings', file], { cwd: folder, env: { ...process.env, TATBOT_TOKEN: '' } });
    const said = { out: '', err: '' };
    child.stdout.on('data', (piece) => (said.out += piece));
    child.stderr.on('data', (piece) => (said.err += piece));
    const over = once(child, 'exit');
    await Promise.race([over, sleep(ENOUGH_MS)]);
    const code = child.exitCode;
    child.kill('SIGKILL');
    await over;
    return { ...said, code };
}

for (const [i, { name, text }] of snippets.entries()) {
    test(`${name} runs`, async () => {
        const file = `run${i}.ts`;
        writeFileSync(join(folder, file), text.replaceAll(/http:\/\/(127[.]0[.]0[.]1|localhost|eek):8765/g, server.url));
        const { out, err, code } = await run(file);
        assert.equal(err, '');
        assert.ok(code === null || code === 0, `it ended with ${code}`);
        // What a page prints of the fleet is what there is.
        if (/console[.]log\(live/.test(text)) {
            assert.match(out, /live (executing|77)/);
        }
    });
}

test('one that fails is told', async () => {
    writeFileSync(join(folder, 'wrong.ts'), "import { StateClient } from 'tatbot-state';\nawait new StateClient({ url: 'http://127.0.0.1:1' }).status();\n");
    assert.equal((await run('wrong.ts')).code, 1);
});
