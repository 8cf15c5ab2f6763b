import { type Address, fileUrl } from './address.js';

const FILE_PARAM = /(^|[a-z])path$|^(img|image|sound|video|file|snapshot)$/i;

/** Names of parameters whose value only the browser can read. */
export function pickedFiles(params: unknown): string[] {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return [];
  return Object.entries(params).filter(([name, value]) => FILE_PARAM.test(name) && typeof value === 'string' && /^(blob:|https?:)/.test(value)).map(([name]) => name);
}

export class UploadError extends Error {
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

let count = 0;

/** Hands the picked files to the simulator; gives the parameters with the paths that the core can open. */
export async function uploadPicked(address: Address, params: Record<string, unknown>, names: string[], fetch: typeof globalThis.fetch): Promise<Record<string, unknown>> {
  const replaced = { ...params };
  for (const name of names) {
    const body = await read(params[name] as string, fetch);
    const response = await fetch(fileUrl(address, nameFor(params, body.type)), { method: 'POST', body }).catch((error) => {
      throw new UploadError(6008, `the simulator did not take the file of ${name}: ${error}`);
    });
    if (!response.ok) throw new UploadError(response.status === 413 ? 7005 : 6008, `the simulator did not take the file of ${name}: HTTP ${response.status}`);
    replaced[name] = ((await response.json()) as { path: string }).path;
  }
  return replaced;
}

async function read(url: string, fetch: typeof globalThis.fetch): Promise<Blob> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.blob();
    throw new Error(`HTTP ${response.status}`);
  } catch (error) {
    throw new UploadError(7007, `the picked file cannot be read: ${error}`);
  }
}

function nameFor(params: Record<string, unknown>, type: string): string {
  const unique = `${Date.now().toString(36)}${(count++).toString(36)}`;
  const wanted = typeof params.fileName === 'string' ? params.fileName.replace(/[^\p{L}\p{N}._-]+/gu, '_').replace(/^\.+/, '').slice(-80) : '';
  return wanted ? `${unique}-${wanted}` : `picked-${unique}.${(/^\w+\/([\w-]+)/.exec(type)?.[1] ?? 'bin').replace('jpeg', 'jpg').replace('quicktime', 'mov')}`;
}
