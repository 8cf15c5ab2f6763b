// For projects without "type": "module", whose vite.config is loaded by require. Vite takes a promise of a plugin.
module.exports = (options) => import('./dist/vite.js').then(({ default: whinchat }) => whinchat(options));
