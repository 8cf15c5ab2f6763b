// How programs that drive a host are called: [FLAGS] [FILE ...] -- HOST ARGS...
import { parseArgs } from 'node:util'

/** `options` as `parseArgs` has them; gives the flags, the files, and the command that starts a host. */
export function hostArgs(options, takesFiles = false) {
  const args = process.argv.slice(2)
  const split = args.indexOf('--')
  const { values, positionals } = parseArgs({ args: args.slice(0, split), allowPositionals: takesFiles, options })
  return { flags: values, files: positionals, command: args.slice(split + 1) }
}
