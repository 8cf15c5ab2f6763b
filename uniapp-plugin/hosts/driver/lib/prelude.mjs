// What is evaluated in front of a script.
import { readFile, readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const driver = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const plugin = resolve(driver, '../..')

/** The modules that a browser loads one by one, as one text for engines that have none. */
export async function runtime() {
  const files = ['../browser/watch.js', 'stage.js', 'runtime.js']
  const texts = await Promise.all(files.map((file) => readFile(join(driver, file), 'utf8')))
  const plain = texts.map((text) => text.replace(/^import .*$/gm, '').replace(/^export /gm, ''))
  return { name: 'runtime.js', source: `(() => {\n'use strict'\n${plain.join('\n')}\n})()` }
}

/** Everything in tests/lib, and the built faces that a script asks for: `// needs compat/zim`. */
export async function helpers(source) {
  const lib = join(plugin, 'tests/lib')
  const names = (await readdir(lib).catch(() => [])).filter((name) => name.endsWith('.js')).sort()
  const built = join(plugin, 'packages/whinchat-uniapp/dist')
  const needed = [...source.matchAll(/^\/\/ needs (compat\/\w+)$/gm)].map(([, face]) => `${face}.global.js`)
  const files = [...names.map((name) => [name, join(lib, name)]), ...needed.map((name) => [name, join(built, name)])]
  return Promise.all(files.map(async ([name, file]) => ({ name, source: await readFile(file, 'utf8') })))
}
