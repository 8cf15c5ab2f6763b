// Holds contract/examples.txt and the scripts of the examples together, in both directions.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const plugin = resolve(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(resolve(plugin, file), 'utf8');
const rows = read('contract/examples.txt')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name, what, by] = line.split('|').map((part) => part.trim()) as [string, string, string];
    const [shown, but] = by.split(', but ') as [string, string?];
    return { line, name, what, shown, but };
  });
/** What brings the methods that are not served yet. */
const steps = new Set([...read('contract/not-yet.txt').matchAll(/later, with (.+)$/gm)].map(([, step]) => step!));

test('every example stands once, in order, with a script of its name or with what brings it', () => {
  const chapters = { E: 23, F: 11, G: 3, H: 14, S: 6, U: 7 };
  const names = Object.entries(chapters).flatMap(([chapter, count]) => Array.from({ length: count }, (_, at) => `${chapter}${at + 1}`));
  expect(rows.map(({ name }) => name)).toEqual(names);
  for (const { line, name, what, shown } of rows) {
    expect(what.length, line).toBeGreaterThan(0);
    if (!shown.startsWith('later, with ')) {
      expect(shown, line).toBe(name);
      expect(existsSync(resolve(plugin, `tests/${name}.js`)), line).toBe(true);
    }
  }
});

test('what comes later names the steps that bring it', () => {
  for (const { line, shown, but } of rows) {
    const parts = [shown.startsWith('later, ') ? shown : undefined, ...(but?.split(/; (?=[^;]*: later, )/) ?? [])].filter((part) => part !== undefined);
    for (const part of parts) {
      const [, named] = /later, with (.+)$/.exec(part) ?? [];
      expect(named, line).toBeDefined();
      for (const step of named!.split('; ').flatMap((name) => (steps.has(name) ? [name] : name.split(' and ')))) expect(steps, line).toContain(step);
    }
  }
});

test('every script of an example is in the list', () => {
  const shown = new Set(rows.map(({ shown }) => shown));
  const there = readdirSync(resolve(plugin, 'tests')).filter((name) => /^[A-Z]\d+\.js$/.test(name)).map((name) => name.replace('.js', ''));
  expect(there.filter((name) => !shown.has(name))).toEqual([]);
  expect(there.length).toBe([...shown].filter((by) => !by.startsWith('later')).length);
});
