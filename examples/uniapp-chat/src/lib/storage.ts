import { pageQuery } from './query'

/** Two phones in one browser page share its storage: each keeps its things under its device's name. */
const prefix = `whinchat-chat:${pageQuery().get('device') ?? ''}:`

export function load<T>(name: string, otherwise: T): T {
  try {
    const text = uni.getStorageSync(prefix + name)
    return text ? (JSON.parse(text) as T) : otherwise
  } catch {
    return otherwise
  }
}

export function save(name: string, value: unknown): void {
  uni.setStorageSync(prefix + name, JSON.stringify(value))
}
