import { createI18n } from 'vue-i18n'
import en from './en'
import zh from './zh-Hans'

export type Locale = 'zh-Hans' | 'en'

export function systemLocale(): Locale {
  return /^zh/i.test(uni.getSystemInfoSync().language ?? '') ? 'zh-Hans' : 'en'
}

export const i18n = createI18n({ legacy: false as boolean, locale: systemLocale() as string, fallbackLocale: 'en', messages: { en, 'zh-Hans': zh } as Record<string, any> })

const composer = i18n.global as unknown as {
  locale: { value: string }
  t(key: string, values: Record<string, unknown>): string
  te(key: string, locale: string): boolean
}

/** Follows the language wherever it is used in a template. */
export const t = (key: string, values: Record<string, unknown> = {}): string => composer.t(key, values)
export const hasWords = (key: string): boolean => composer.te(key, 'en')
export const setLocale = (locale: Locale): void => void (composer.locale.value = locale)
