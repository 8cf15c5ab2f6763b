// Processes that speak lines of JSON.
import { spawn } from 'node:child_process'

/** How long one may take to quit, in milliseconds. */
const QUITTING = 5_000

/** A process. `hear` gets each of its lines; `gone` how it ended. */
export class Talker {
  #child
  #rest = ''
  /** Settles when it has ended and everything it said was heard. */
  ended

  constructor(command, hear) {
    const [program, ...args] = command
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    this.#child.stdin.on('error', () => {}) // It is gone, and `ended` tells.
    this.#child.stdout.setEncoding('utf8')
    this.#child.stdout.on('data', (text) => {
      const lines = (this.#rest + text).split('\n')
      this.#rest = lines.pop()
      for (const line of lines) if (line.trim() !== '') hear(parsed(line))
    })
    this.ended = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(`it did not start: ${error.message}`))
      this.#child.once('close', (code, signal) => resolve(signal ?? code))
    })
  }

  say(line) {
    this.#child.stdin.write(JSON.stringify(line) + '\n')
  }

  /** Lets it hear what it was told so far, and say what it makes of that; one that does not listen is killed. */
  async quit() {
    this.say({ do: 'quit' })
    const late = setTimeout(() => this.#child.kill('SIGKILL'), QUITTING)
    await this.ended
    clearTimeout(late)
  }

  /** As the system kills. */
  async kill() {
    this.#child.kill('SIGKILL')
    await this.ended
  }
}

function parsed(line) {
  try {
    return JSON.parse(line)
  } catch {
    return { violation: `it said something that is no JSON: ${line.slice(0, 200)}` }
  }
}
