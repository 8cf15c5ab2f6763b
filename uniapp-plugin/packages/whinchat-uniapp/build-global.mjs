// Builds each face as one plain script for engines without modules: its exports become globals.
//   node build-global.mjs            dist/compat/NAME.global.js, and their sizes
import { readdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const faces = (await readdir('src/compat', { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
for (const face of faces) {
  const name = `whinchat_${face}`;
  const [plain, small] = await Promise.all([false, 'esbuild'].map((minify) => bundle(face, name, minify)));
  const file = `dist/compat/${face}.global.js`;
  await writeFile(file, plain);
  const kb = (text) => (Buffer.byteLength(text) / 1024).toFixed(1);
  console.log(`${face}: ${kb(plain)} KB, minified ${kb(small)} KB, gzipped ${kb(gzipSync(small))} KB`);
}

async function bundle(face, name, minify) {
  const lib = { entry: `src/compat/${face}/index.ts`, formats: ['iife'], name };
  const rollupOptions = { output: { footer: `Object.assign(globalThis, ${name});` } };
  const [{ output }] = await build({ configFile: false, logLevel: 'warn', build: { write: false, minify, target: 'es2017', lib, rollupOptions } });
  return output[0].code;
}
