import { expect, test } from 'vitest';
import { fileUrl, findAddress, socketUrl } from '../src/sim/address.js';

const url = 'ws://127.0.0.1:7300/sim/socket?key=k';
const at = (search: string, hash = '') => ({ location: { search, hash } });

test('the page wins over the host page, and both over the build', () => {
  const page = at(`?whinchat=${encodeURIComponent(url)}&device=phone-1&platform=ios`);
  expect(findAddress({ ...page, given: { url: 'ws://other/' }, built: 'ws://third/' })).toEqual({ url, device: 'phone-1', platform: 'ios' });
  expect(findAddress({ given: { url: 'ws://other/sim/socket?key=o', device: 'd' }, built: url })?.url).toBe('ws://other/sim/socket?key=o');
  expect(findAddress({ built: url })?.url).toBe(url);
  expect(findAddress({})).toBeUndefined();
});

test('a query behind the hash is read too', () => {
  expect(findAddress(at('', `#/pages/login/index?whinchat=${encodeURIComponent(url)}&device=x`))).toMatchObject({ device: 'x', platform: 'android' });
});

test('the address as printed may be http, and may carry the device', () => {
  expect(findAddress({ built: 'http://127.0.0.1:7300/?key=k&device=d&platform=web' })).toEqual({ url, device: 'd', platform: 'web' });
});

test('one device a tab', () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  const first = findAddress({ built: url, storage })!;
  expect(first.device).toMatch(/^h5-\w+$/);
  expect(findAddress({ built: url, storage })!.device).toBe(first.device);
  expect(socketUrl(first)).toBe(`${url}&device=${first.device}&platform=android`);
  expect(fileUrl(first, 'a b')).toBe(`http://127.0.0.1:7300/sim/file?key=k&device=${first.device}&name=a+b`);
});

test('a page at the address that the simulator printed', () => {
  expect(findAddress({ location: { search: '?key=k', hash: '', host: '127.0.0.1:7300' } })?.url).toBe(url);
  expect(findAddress({ location: { search: '', hash: '', host: '127.0.0.1:7300' } })).toBeUndefined();
});
