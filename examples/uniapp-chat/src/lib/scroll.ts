import { nextTick, ref, type ComponentPublicInstance } from 'vue'

const NEAR_END = 120

/**
 * A scroll view that begins at its end, follows it, and does not move under the reader when older messages are put
 * above. Works with what uni-app gives on every platform: a wanted `scroll-top` and measured sizes.
 */
export function chatScroll(page: ComponentPublicInstance) {
  const top = ref(0)
  const ready = ref(false)
  let now = 0
  let whole = 0
  let view = 0
  let turn = 0

  function measure(): Promise<{ content: number; view: number; top: number }> {
    return new Promise((done) => {
      const query = uni.createSelectorQuery().in(page)
      query.select('.chat-content').boundingClientRect()
      query.select('.chat-list').boundingClientRect()
      query.select('.chat-list').scrollOffset(() => {})
      query.exec((found) => done({ content: found?.[0]?.height ?? 0, view: found?.[1]?.height ?? 0, top: found?.[2]?.scrollTop ?? now }))
    })
  }

  /** The same number twice would not move it. */
  function set(wanted: number): void {
    turn = (turn + 1) % 2
    top.value = wanted + turn / 10
  }

  const atEnd = () => whole - now - view < NEAR_END

  function toEnd(): void {
    set(1e7)
    void measure().then((sizes) => {
      whole = sizes.content
      view = sizes.view
      now = Math.max(0, whole - view)
    })
  }

  /** After the first page: to the end before anything is shown. */
  async function settle(): Promise<void> {
    await nextTick()
    toEnd()
    setTimeout(() => {
      toEnd()
      ready.value = true
    }, 60)
  }

  function moved(detail: { scrollTop: number; scrollHeight: number }): void {
    now = detail.scrollTop
    whole = detail.scrollHeight
  }

  /** What comes above goes above the screen; where the browser keeps its place by itself there is nothing to do. */
  async function keeping(fetch: () => Promise<(() => void) | undefined>): Promise<void> {
    const put = await fetch()
    if (!put) return
    const before = await measure()
    put()
    await nextTick()
    const after = await measure()
    const wanted = before.top + after.content - before.content
    if (Math.abs(after.top - wanted) > 2) set(wanted)
    now = wanted
    whole = after.content
  }

  return { top, ready, atEnd, toEnd, settle, moved, keeping }
}
