/** Where the simulator is and which device this page plays. */
export interface Address {
  /** `ws://127.0.0.1:PORT/sim/socket?key=…`, as `whinchat sim` prints it. */
  url: string;
  device: string;
  platform: string;
}

export interface AddressSource {
  location?: { search: string; hash: string; host?: string };
  given?: { url?: string; device?: string; platform?: string } | undefined;
  /** From the Vite plugin. */
  built?: string | undefined;
  storage?: Pick<Storage, 'getItem' | 'setItem'> | undefined;
}

/** The page's own address wins, then what a host page set, then what the build was told, then who served the page. */
export function findAddress(source: AddressSource): Address | undefined {
  const query = queryOf(source.location);
  const url = query.get('whinchat') || source.given?.url || source.built || servedBy(source.location);
  if (!url) return undefined;
  let parsed: URL;
  try {
    parsed = new URL(url.replace(/^http/, 'ws'));
  } catch {
    return undefined;
  }
  if (parsed.pathname === '/' || parsed.pathname === '') parsed.pathname = '/sim/socket';
  const own = (name: string) => parsed.searchParams.get(name) ?? '';
  const device = query.get('device') || source.given?.device || own('device') || ownDevice(source.storage);
  const platform = query.get('platform') || source.given?.platform || own('platform') || 'android';
  parsed.searchParams.delete('device');
  parsed.searchParams.delete('platform');
  return { url: parsed.href, device, platform };
}

export function socketUrl(address: Address): string {
  const url = new URL(address.url);
  url.searchParams.set('device', address.device);
  url.searchParams.set('platform', address.platform);
  return url.href;
}

export function fileUrl(address: Address, name: string): string {
  const url = new URL('/sim/file', address.url.replace(/^ws/, 'http'));
  url.searchParams.set('key', new URL(address.url).searchParams.get('key') ?? '');
  url.searchParams.set('device', address.device);
  url.searchParams.set('name', name);
  return url.href;
}

/** A uni-app page in hash mode may carry its query before or behind the `#`. */
export function queryOf(location: { search: string; hash: string } | undefined): URLSearchParams {
  const all = new URLSearchParams(location?.search ?? '');
  const behind = location?.hash.split('?')[1];
  for (const [name, value] of new URLSearchParams(behind ?? '')) if (!all.has(name)) all.set(name, value);
  return all;
}

/** A page that the simulator itself serves (`--pages`), opened at the address it printed. */
function servedBy(location: AddressSource['location']): string | undefined {
  const key = new URLSearchParams(location?.search ?? '').get('key');
  return key && location?.host ? `ws://${location.host}/sim/socket?key=${key}` : undefined;
}

/** One device a browser tab: a reload is the same phone, a second tab another one. */
function ownDevice(storage: AddressSource['storage']): string {
  const fresh = () => 'h5-' + Array.from(crypto.getRandomValues(new Uint8Array(6)), (byte) => (byte % 36).toString(36)).join('');
  try {
    const kept = storage?.getItem('whinchat.device');
    if (kept) return kept;
    const device = fresh();
    storage?.setItem('whinchat.device', device);
    return device;
  } catch {
    return fresh(); // a browser that forbids storage
  }
}
