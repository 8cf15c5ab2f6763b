// The browser of the system: nothing is downloaded.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium']

export async function launch(flags = []) {
  const executablePath = process.env.CHROMIUM || PLACES.find((place) => existsSync(place))
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium, or name one in CHROMIUM')
  // Chromium refuses its sandbox to root, as in a container.
  const args = [...flags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]
  return chromium.launch({ executablePath, args })
}
