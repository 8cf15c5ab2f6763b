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

/** Everything in tests/lib. */
export async function helpers() {
  const lib = join(plugin, 'tests/lib')
  const names = (await readdir(lib).catch(() => [])).filter((name) => name.endsWith('.js')).sort()
  return Promise.all(names.map(async (name) => ({ name, source: await readFile(join(lib, name), 'utf8') })))
}
