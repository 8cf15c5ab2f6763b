type Vite = typeof import('./dist/vite.js', { with: { 'resolution-mode': 'import' } });
declare function whinchat(options?: Parameters<Vite['default']>[0]): Promise<ReturnType<Vite['default']>>;
export = whinchat;
