import uni from '@dcloudio/vite-plugin-uni'
import whinchat from '@whinchat/uniapp/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [uni.default(), whinchat()] })
