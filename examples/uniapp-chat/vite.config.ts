import uniPlugin from '@dcloudio/vite-plugin-uni'
import whinchat from '@whinchat/uniapp/vite'
import { defineConfig, type PluginOption } from 'vite'

// the plugin is a CommonJS module: loaded as an ES module its function is one `default` deeper
const uni = ((uniPlugin as unknown as { default?: typeof uniPlugin }).default ?? uniPlugin) as () => PluginOption

export default defineConfig({ plugins: [uni(), whinchat()] })
