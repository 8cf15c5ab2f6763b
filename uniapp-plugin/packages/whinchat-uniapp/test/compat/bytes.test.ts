import { expect, test } from 'vitest';
import { bytesOf, textOf } from '../../src/compat/bytes.js';

const ascii = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

test('text stays text, other bytes become base64, and both come back', () => {
  expect(textOf(ascii('plain'))).toBe('plain');
  expect(textOf(new TextEncoder().encode('你好 🎈'))).toBe('你好 🎈');
  expect(textOf(Uint8Array.of(0xff))).toBe('base64:/w==');
  expect([...bytesOf('base64:/w==')]).toEqual([0xff]);
  expect(new TextDecoder().decode(bytesOf('你好 🎈'))).toBe('你好 🎈');
  expect([...bytesOf('\ud800')]).toEqual([0xef, 0xbf, 0xbd]);
});

test('what only looks like base64 is text, as to the bridge', () => {
  for (const text of ['base64:aGk=', 'base64:', 'base64:*', 'base64:/w=', 'base64:/w==/w==', 'base64:abc']) {
    expect(new TextDecoder().decode(bytesOf(text)), text).toBe(text);
    expect(textOf(ascii(text))).toBe(text);
  }
});

test('bytes that are nearly UTF-8 are not taken for it', () => {
  const bad = [[0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe4, 0xbd], [0xe4, 0x41, 0x41]];
  for (const bytes of bad) {
    expect(textOf(Uint8Array.from(bytes)), String(bytes)).toMatch(/^base64:/);
    expect([...bytesOf(textOf(Uint8Array.from(bytes)))]).toEqual(bytes);
  }
});

test('whatever bytes go in come out, as the web itself would have them', () => {
  let seed = 7;
  const next = (most: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
  for (let round = 0; round < 2000; round += 1) {
    const bytes = Uint8Array.from({ length: next(12) }, () => (next(3) === 0 ? next(256) : 0x80 + next(128)));
    expect([...bytesOf(textOf(bytes))]).toEqual([...bytes]);
    let isText = true;
    try {
      new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      isText = false;
    }
    expect(textOf(bytes).startsWith('base64:')).toBe(!isText);
  }
});
