import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

const JAR = fileURLToPath(new URL('../../../state-server/target/state-server-app.jar', import.meta.url));
const JAVA = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
const QUICK = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-jar', JAR];
const PASSWORD = 'only-on-loopback-and-for-a-test';

/** A port that is free now. */
async function freePort() {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address();
    server.close();
    return port;
}

/** Waits until it holds; fails with what it was that did not. */
export async function until(what, condition, ms = 20_000) {
    const end = performance.now() + ms;
    for (;;) {
        const held = await condition();
        if (held) {
            return held;
        }
        if (performance.now() > end) {
            throw new Error(`within ${ms} ms not: ${what}`);
        }
        await sleep(20);
    }
}

/** A program that ends with the test. */
class Program {
    constructor(command, args, { input, env = {} } = {}) {
        this.output = '';
        this.child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
        for (const stream of [this.child.stdout, this.child.stderr]) {
            stream.on('data', (piece) => (this.output = (this.output + piece).slice(-20_000)));
        }
        this.child.stdin.on('error', () => {});
        if (input !== undefined) {
            this.child.stdin.end(input);
        }
    }

    signal(name) {
        this.child.kill(name);
    }

    async kill() {
        if (this.child.exitCode === null && this.child.signalCode === null) {
            this.child.kill('SIGKILL');
            await once(this.child, 'exit');
        }
    }
}

/** A real Redis and a real server of the state, on loopback, with tokens. */
export class Fleet {
    static async start() {
        const fleet = new Fleet();
        fleet.folder = mkdtempSync(join(tmpdir(), 'tatbot-typescript-'));
        fleet.redisPort = await freePort();
        fleet.tokens = join(fleet.folder, 'tokens');
        fleet.admin = fleet.token('admin', 'admin');
        fleet.viewer = fleet.token('viewer', 'read');
        await fleet.startRedis();
        fleet.servers = [];
        return fleet;
    }

    token(name, scope) {
        const args = [...QUICK, 'token', 'new', name, '--scope', scope, '--file', this.tokens];
        return execFileSync(JAVA, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    }

    async startRedis() {
        const input = `port ${this.redisPort}\nbind 127.0.0.1\nrequirepass ${PASSWORD}\nsave ""\ndir ${this.folder}\n`;
        this.redis = new Program('redis-server', ['-'], { input });
        await until('Redis listens', () => /Ready to accept/.test(this.redis.output));
    }

    /** @param {number} [port] */
    async startServer(port, ...options) {
        return this.serve(port, ['--tokens', this.tokens, ...options]);
    }

    /** One that asks for no token. */
    async startOpenServer() {
        return this.serve(undefined, []);
    }

    async serve(port, options) {
        const at = port ?? (await freePort());
        const redis = `redis://127.0.0.1:${this.redisPort}`;
        const args = [...QUICK, 'serve', '--port', String(at), '--redis', redis, ...options];
        const env = { REDIS_PASSWORD: PASSWORD, REDIS_URL: '', STATE_NAMESPACE: '' };
        const server = Object.assign(new Program(JAVA, args, { env }), { port: at, url: `http://127.0.0.1:${at}` });
        this.servers.push(server);
        try {
            await until('the server is ready', () => fetch(`${server.url}/readyz`).then(({ ok }) => ok, () => false));
        } catch (e) {
            throw new Error(`${e.message}; it wrote:\n${server.output}`);
        }
        return server;
    }

    async close() {
        for (const program of [...(this.servers ?? []), this.redis]) {
            program?.signal('SIGCONT');
            await program?.kill();
        }
        rmSync(this.folder, { recursive: true, force: true });
    }
}
