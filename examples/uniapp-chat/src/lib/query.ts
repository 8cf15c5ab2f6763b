let known: URLSearchParams | undefined

/** The browser page's query, before or behind the `#`; empty in the app. Read once: navigation changes the hash. */
export function pageQuery(): URLSearchParams {
  if (known) return known
  known = new URLSearchParams()
  // #ifdef H5
  known = new URLSearchParams(location.search)
  for (const [name, value] of new URLSearchParams(location.hash.split('?')[1] ?? '')) if (!known.has(name)) known.set(name, value)
  // #endif
  return known
}
