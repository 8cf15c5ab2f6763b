// Holds contract/other-systems.txt, the scripts beside it and the faces together, in both directions.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { imsdkOver } from '../src/compat/mobileimsdk/index.js';
import { lanyingOver } from '../src/compat/lanying/index.js';
import { EVENTS as LANYING_EVENTS } from '../src/compat/lanying/events.js';
import { zimOver } from '../src/compat/zim/index.js';
import { EVENTS as ZIM_EVENTS, ZIMInstance } from '../src/compat/zim/zim.js';

const root = resolve(import.meta.dirname, '../../../..');
const scripts = resolve(root, 'uniapp-plugin/tests');
const text = readFileSync(resolve(root, 'uniapp-plugin/contract/other-systems.txt'), 'utf8');
const rows = text
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [face, names, what, by] = line.split('|').map((part) => part.trim()) as [string, string, string, string];
    return { line, face, names: names.split(' ').filter(Boolean), what, by, isLater: by.startsWith('later'), shows: by.split(',').map((name) => name.trim()) };
  });

const functions = (object: object) => Object.keys(object).filter((name) => typeof (object as Record<string, unknown>)[name] === 'function');
const methods = (type: { prototype: object }) => {
  const own = Object.getOwnPropertyDescriptors(type.prototype);
  const hidden = ['constructor', 'hear', 'received', 'broken', 'over', 'change', 'emit', 'report', 'guarded'];
  return Object.keys(own).filter((name) => typeof own[name]!.value === 'function' && !hidden.includes(name));
};
const im = lanyingOver();
/** Everything that an app can call or hear. */
const served: Record<string, string[]> = {
  zim: [...functions(zimOver()), ...methods(ZIMInstance), ...ZIM_EVENTS],
  mobileimsdk: Object.keys(imsdkOver()),
  lanying: [...functions(im), ...[im.sysManage, im.rosterManage, im.groupManage, im.userManage].flatMap(functions), ...LANYING_EVENTS],
};

test('every row says what it is about, and what shows it or brings it', () => {
  for (const { line, face, what, by, isLater } of rows) {
    expect(face === 'overview' || face in served, line).toBe(true);
    expect(what.length > 0 && by.length > 0, line).toBe(true);
    if (isLater) expect(by, line).toMatch(/^later, with .+/);
  }
});

test('every script of a row is there, asks for the face, and makes its calls', () => {
  for (const { line, face, names, shows, isLater } of rows) {
    if (isLater) continue;
    const sources = shows.map((name) => {
      const file = name.includes('/') ? resolve(root, name) : resolve(scripts, `${name}.js`);
      expect(existsSync(file), `${name} of: ${line}`).toBe(true);
      const source = readFileSync(file, 'utf8');
      if (face !== 'overview' && !name.includes('/')) expect(source.includes(`// needs compat/${face}\n`), `${name} does not ask for compat/${face}`).toBe(true);
      return source;
    });
    const helpers = readFileSync(resolve(scripts, 'lib/compat.js'), 'utf8');
    for (const name of names) {
      // Callbacks of IMSDK reach a script under the names of its helper.
      const spelled = name.replace('callback_on', '');
      expect(sources.some((source) => source.includes(spelled)) || helpers.includes(`'${name}'`), `${name} of: ${line}`).toBe(true);
    }
  }
});

test('every script of another face is named by a row', () => {
  const named = new Set(rows.flatMap(({ shows }) => shows));
  const there = readdirSync(scripts).filter((name) => name.startsWith('compat-')).map((name) => name.replace('.js', ''));
  expect(there.filter((name) => !named.has(name))).toEqual([]);
  expect(there.length).toBeGreaterThan(0);
});

test('every call of a face is named by a row that is shown, and no row that comes later is served', () => {
  for (const [face, calls] of Object.entries(served)) {
    const of = (isLater: boolean) => new Set(rows.filter((row) => row.face === face && row.isLater === isLater).flatMap(({ names }) => names));
    const [shown, later] = [of(false), of(true)];
    expect(calls.filter((name) => !shown.has(name)), `${face}: not named by a row`).toEqual([]);
    expect([...shown].filter((name) => !calls.includes(name)), `${face}: named, but not there`).toEqual([]);
    expect([...later].filter((name) => calls.includes(name)), `${face}: said to come later, but there`).toEqual([]);
  }
});
