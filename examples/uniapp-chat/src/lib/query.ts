let known: Map<string, string> | undefined

/**
 * The browser page's query, before or behind the `#`; empty in the app, whose JavaScript has nothing of a browser. Read once:
 * navigation changes the hash.
 */
export function pageQuery(): ReadonlyMap<string, string> {
  if (known) return known
  known = new Map()
  // #ifdef H5
  for (const query of [location.search, location.hash.split('?')[1] ?? '']) {
    for (const [name, value] of new URLSearchParams(query)) if (!known.has(name)) known.set(name, value)
  }
  // #endif
  return known
}
