// Packs the npm package of what the build has made: into target/tatbot-state-VERSION.tgz, the same bytes each time.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const client = `${here}target/classes/ai/tatbot/state/typescript/client`;
const schemas = `${here}../target/classes/ai/tatbot/state/schema`;
const out = `${here}target/npm`;

const { version } = await import(`${client}/catalogue.js`);
const { name, description, license, type, engines } = JSON.parse(readFileSync(`${here}package.json`, 'utf8'));

if (!existsSync(`${here}node_modules/typescript`)) {
    console.error('pack.mjs: the TypeScript compiler is missing. Run npm ci in schema/typescript first.');
    process.exit(1);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(`${out}/client`, { recursive: true });
// Types of the modules, from their comments; those that have types beside them are laid over these.
execFileSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', '.', '--noEmit', 'false', '--declaration', '--emitDeclarationOnly',
        '--rootDir', client, '--outDir', `${out}/client`],
    { cwd: here, stdio: 'inherit' },
);
for (const file of readdirSync(client)) {
    cpSync(`${client}/${file}`, `${out}/client/${file}`);
}
cpSync(schemas, `${out}/schema`, { recursive: true });
for (const file of ['README.md', '../../LICENSE']) {
    cpSync(here + file, `${out}/${file.replaceAll('../', '')}`);
}
const manifest = {
    name,
    description,
    version,
    license,
    type,
    engines,
    exports: {
        '.': { types: './client/index.d.ts', default: './client/index.js' },
        './schema/*': './schema/*',
    },
    files: ['client', 'schema'],
    sideEffects: false,
};
writeFileSync(`${out}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);
const packed = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', `${here}target`], { cwd: out, encoding: 'utf8' }),
);
console.log(`target/${packed[0].filename}  ${packed[0].entryCount} files, ${packed[0].size} bytes`);
