// The vendor's service framework and its Vue, as its base carries them, from the packages that the app was built with.
import { createRequire } from 'node:module'
import { join } from 'node:path'

/**
 * What the base adds to them is not published: an app that is mounted registers itself. `uni.vue.js` prepares its Vue app.
 */
const ENTRY = `
import * as vue from 'vue'
import framework from '@dcloudio/uni-app-plus/dist/uni.runtime.esm.js'
import { initApp } from '@dcloudio/uni-app-plus/dist/uni.vue.js'

function createVueApp(...args) {
  const app = vue.createVueApp(...args)
  const mount = app.mount
  app.mount = (place) => {
    const instance = mount(place)
    if (place === '#app') framework.__registerApp(instance)
    return instance
  }
  initApp(app)
  return app
}
service.register('uni-app', { create: () => ({ instance: { ...framework, Vue: { ...vue, createVueApp, createApp: createVueApp, createSSRApp: createVueApp } } }) })
`

/** One text for the JavaScript instance of the app in `project`. */
export async function framework(project) {
  const require = createRequire(join(project, 'package.json'))
  const { build } = createRequire(require.resolve('vite'))('esbuild')
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: project },
    alias: { vue: '@dcloudio/uni-app-vue/dist/vue.runtime.esm.prod.js' },
    // The base's own code sees the global object, which an app's does not, and is told where it runs.
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis', 'exports.platform': 'plus.os.name' },
    absWorkingDir: project,
    bundle: true,
    format: 'iife',
    target: 'es2020',
    write: false,
    logLevel: 'error',
  })
  return { name: 'framework.js', source: outputFiles[0].text }
}
