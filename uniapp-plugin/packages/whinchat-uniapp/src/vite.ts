import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface WhinchatOptions {
  /** Address that `whinchat sim` printed; the page's own query wins. Also read from WHINCHAT_SIM. */
  simulator?: string;
  /** Give `plus.io.convertLocalFileSystemURL` to pages that ask for it. */
  plus?: boolean;
}

/** The part of Vite's plugin interface that is used; the same since Vite 4. */
export interface WhinchatPlugin {
  name: string;
  enforce: 'pre';
  config(config: { root?: string; server?: { fs?: { allow?: string[] } } }): object | undefined;
  resolveId(id: string): string | undefined;
  load(id: string): string | undefined;
  transform(code: string, id: string): { code: string; map: null } | undefined;
}

const VIRTUAL = 'virtual:whinchat-shim';
const RESOLVED = '\0' + VIRTUAL;
const HERE = dirname(fileURLToPath(import.meta.url));

/** H5 builds get the native plugin from the simulator; every other target is left alone. */
export default function whinchat(options: WhinchatOptions = {}): WhinchatPlugin {
  const isBrowser = () => process.env.UNI_PLATFORM === 'h5' || process.env.UNI_PLATFORM === 'web';
  return {
    name: 'whinchat',
    enforce: 'pre',
    config(config) {
      if (!isBrowser() || config.server?.fs?.allow) return undefined;
      // the development server must read this package where a workspace links to it
      return { server: { fs: { allow: [resolve(config.root ?? process.cwd()), resolve(HERE, '..')] } } };
    },
    resolveId: (id) => (id === VIRTUAL ? RESOLVED : undefined),
    load(id) {
      if (id !== RESOLVED) return undefined;
      const given = JSON.stringify({ simulator: options.simulator ?? process.env.WHINCHAT_SIM, plus: options.plus });
      return `import { install } from ${JSON.stringify(resolve(HERE, 'shim.js').replace(/\\/g, '/'))};\ninstall(${given});\n`;
    },
    transform(code, id) {
      if (!isBrowser() || !isEntry(id)) return undefined;
      return { code: `import ${JSON.stringify(VIRTUAL)};${code}`, map: null };
    },
  };
}

function isEntry(id: string): boolean {
  const file = id.split('?')[0]!.replace(/\\/g, '/');
  const input = process.env.UNI_INPUT_DIR?.replace(/\\/g, '/');
  const match = /^(.*)\/main\.(js|ts|mjs|mts)$/.exec(file);
  return match !== null && (input ? match[1] === input : /\/src$/.test(match[1]!));
}
