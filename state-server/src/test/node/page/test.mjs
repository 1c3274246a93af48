/** Runs the tests of a folder, one file after the other, and says what failed: `node test.mjs unit`. */
import { readdirSync } from 'node:fs';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const folder = process.argv[2] ?? 'unit';
const files = readdirSync(folder)
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => `${import.meta.dirname}/${folder}/${name}`);
run({ files, concurrency: 1 })
    .on('test:fail', () => {
        process.exitCode = 1;
    })
    .compose(new spec())
    .pipe(process.stdout);
