// What the compiler made of each function, in Kotlin and in Swift: the function for other UTS code, and the one for JavaScript.

/** `functions` is what has to be there. Gives a sentence for each that is missing, wrong, or too many. */
export function kotlin(text, functions) {
  const takes = 'UTSJSONObject? = null'
  const wrong = compare(functions, text.matchAll(/^(?:suspend )?fun (\w+)ByJs\(/gm))
  for (const [name, { asks, setter }] of functions) {
    const lines = setter
      ? [`fun ${name}(listener: WhinchatListener): Unit {`, `fun ${name}ByJs(listener: UTSCallback): Unit {`, `listen("${asks}", "${setter}", listener)`]
      : [`fun ${name}(params: ${takes}): UTSPromise<UTSJSONObject> {`, `suspend fun ${name}ByJs(params: ${takes}): Deferred<UTSJSONObject> {`]
    for (const line of lines) if (!text.includes(`${line}\n`)) wrong.push(`no \`${line}\``)
    if (!body(text, `fun ${name}(`).includes(`("${asks}", `)) wrong.push(`${name} does not ask for ${asks}`)
  }
  return wrong
}

export function swift(text, functions) {
  const takes = 'UTSJSONObject? = nil'
  const wrong = compare(functions, text.matchAll(/^ {4}public static func s_(\w+)ByJs\(/gm))
  const done = 'utsCompletionHandler: @escaping (_ res: Any?, _ err: Any?) -> Void) {'
  for (const [name, { asks, setter }] of functions) {
    const lines = setter
      ? [`public func ${name}(_ listener: @escaping WhinchatListener) -> Void {`, `public func ${name}ByJs(_ listener: UTSCallback) -> Void {`]
      : [`public func ${name}(_ params: ${takes}) -> UTSPromise<UTSJSONObject> {`, `public func ${name}ByJs(_ params: ${takes}, ${done}`]
    for (const line of lines) if (!text.includes(`${line}\n`)) wrong.push(`no \`${line}\``)
    if (!body(text, `func ${name}(`).includes(`("${asks}", `)) wrong.push(`${name} does not ask for ${asks}`)
  }
  return wrong
}

function compare(functions, found) {
  const names = new Set([...found].map((match) => match[1]))
  const missing = [...functions.keys()].filter((name) => !names.has(name)).map((name) => `${name} is missing`)
  const more = [...names].filter((name) => !functions.has(name)).map((name) => `${name} is too many`)
  return [...missing, ...more]
}

/** The text of a function up to its closing brace, which stands at the beginning of a line. */
function body(text, head) {
  const from = text.indexOf(head)
  return from < 0 ? '' : text.slice(from, text.indexOf('\n}', from))
}
