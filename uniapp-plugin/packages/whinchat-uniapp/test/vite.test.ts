import { afterEach, expect, expectTypeOf, test, vi } from 'vitest';
import type { Plugin } from 'vite';
import whinchat, { type WhinchatPlugin } from '../src/vite.js';

afterEach(() => vi.unstubAllEnvs());

const main = '/app/src/main.ts';

test('H5: the shim is imported before everything else in main, and nowhere else', () => {
  vi.stubEnv('UNI_PLATFORM', 'h5');
  const plugin = whinchat({ plus: true, simulator: 'ws://127.0.0.1:1/?key=k' });
  expect(plugin.transform('import x', main)?.code).toMatch(/^import "virtual:whinchat-shim";import x/);
  expect(plugin.transform('import x', 'C:\\app\\src\\main.js?v=1')).toBeDefined();
  expect(plugin.transform('import x', '/app/src/pages/main.ts')).toBeUndefined();
  expect(plugin.transform('import x', '/app/src/other.ts')).toBeUndefined();
  vi.stubEnv('UNI_INPUT_DIR', '/app/source');
  expect(plugin.transform('import x', main)).toBeUndefined();
  expect(plugin.transform('import x', '/app/source/main.ts')).toBeDefined();
  const code = plugin.load(plugin.resolveId('virtual:whinchat-shim')!)!;
  expect(code).toContain('install({"simulator":"ws://127.0.0.1:1/?key=k","plus":true})');
  expect(plugin.config({ root: '/app' })).toMatchObject({ server: { fs: { allow: [expect.stringContaining('app'), expect.any(String)] } } });
});

test('app: nothing changes', () => {
  vi.stubEnv('UNI_PLATFORM', 'app');
  const plugin = whinchat();
  expect(plugin.transform('import x', main)).toBeUndefined();
  expect(plugin.config({})).toBeUndefined();
});

test('it is a Vite plugin', () => expectTypeOf<WhinchatPlugin>().toExtend<Plugin>());
