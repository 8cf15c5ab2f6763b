// What a project installs: built files, declarations, every way in.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import vm from 'node:vm';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const FACES = { zim: 'ZIM', mobileimsdk: 'IMSDK', lanying: 'IM' };

test('it holds what it exports, and nothing of its workshop', () => {
  const listed = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' })) as [{ files: { path: string }[] }];
  const files = listed[0].files.map(({ path }) => path);
  const { exports } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { exports: Record<string, unknown> };
  const targets = JSON.stringify(exports).match(/\.\/[\w./-]+\.(?:d\.c?ts|json|c?js)/g)!;
  for (const target of targets) expect(files, target).toContain(target.slice(2));
  for (const face of Object.keys(FACES)) expect(files).toContain(`dist/compat/${face}.global.js`);
  expect(files.filter((path) => /^(src|test|node_modules)\//.test(path))).toEqual([]);
});

test('every face is imported under its name, and its declarations are there', async () => {
  for (const [face, name] of Object.entries(FACES)) {
    const module = (await import(/* @vite-ignore */ resolve(root, `dist/compat/${face}/index.js`))) as Record<string, unknown>;
    expect(typeof module[name], face).toBe('object');
    expect(existsSync(resolve(root, `dist/compat/${face}/index.d.ts`))).toBe(true);
  }
});

test('the plain scripts need nothing but the language, and make their names global', () => {
  const context = vm.createContext({});
  for (const [face, name] of Object.entries(FACES)) {
    const source = readFileSync(resolve(root, `dist/compat/${face}.global.js`), 'utf8');
    vm.runInContext(source, context, { filename: face });
    expect(vm.runInContext(`typeof ${name}`, context), face).toBe('object');
  }
});
