import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));

/** Packs the npm package; its path. */
export function pack() {
    execFileSync(process.execPath, ['pack.mjs'], { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
    const [file, ...more] = readdirSync(join(here, 'target')).filter((name) => name.endsWith('.tgz'));
    if (file === undefined || more.length > 0) {
        throw new Error(`one package was expected in target/, not ${[file, ...more]}`);
    }
    return join(here, 'target', file);
}

/** A folder in which the package is installed; whoever asks for it removes it. */
export function install(file) {
    const folder = mkdtempSync(join(tmpdir(), 'tatbot-package-'));
    const target = join(folder, 'node_modules', 'tatbot-state');
    mkdirSync(target, { recursive: true });
    execFileSync('tar', ['-xzf', file, '-C', target, '--strip-components=1']);
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    return folder;
}

let packed;

/**
 * What the compiler, as strict as it can be, has to say of a program that uses the package; nothing: it compiles.
 *
 * @param {Record<string, string>} files by name
 */
export function compile(files) {
    packed ??= pack();
    const folder = install(packed);
    try {
        for (const [name, text] of Object.entries(files)) {
            writeFileSync(join(folder, name), text);
        }
        const options = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--noEmit', '--pretty', 'false',
            '--skipLibCheck', 'false', '--target', 'es2023', '--module', 'nodenext', '--lib', 'es2023,dom,dom.asynciterable', '--types', ''];
        const compiler = join(here, 'node_modules', 'typescript', 'bin', 'tsc');
        const { stdout, stderr } = spawnSync(process.execPath, [compiler, ...options, ...Object.keys(files)], { cwd: folder, encoding: 'utf8' });
        return stdout + stderr;
    } finally {
        rmSync(folder, { recursive: true, force: true });
    }
}

