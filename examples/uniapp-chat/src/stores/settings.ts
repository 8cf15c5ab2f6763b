import { computed, reactive, ref, watch } from 'vue'
import { setLocale, systemLocale, type Locale } from '../i18n'
import { load, save } from '../lib/storage'

export type Theme = 'light' | 'dark' | 'system'
export type Language = Locale | 'system'

export const settings = reactive(load<{ theme: Theme; language: Language }>('settings', { theme: 'system', language: 'system' }))

const systemDark = ref(false)
// #ifdef H5
const media = matchMedia('(prefers-color-scheme: dark)')
systemDark.value = media.matches
media.addEventListener('change', (event) => (systemDark.value = event.matches))
// #endif
// #ifdef APP-PLUS
systemDark.value = uni.getSystemInfoSync().osTheme === 'dark'
uni.onThemeChange(({ theme }) => (systemDark.value = theme === 'dark'))
// #endif

export const dark = computed(() => settings.theme === 'dark' || (settings.theme === 'system' && systemDark.value))
export const locale = computed<Locale>(() => (settings.language === 'system' ? systemLocale() : settings.language))

watch(settings, () => save('settings', settings))
watch(locale, setLocale, { immediate: true })
// #ifdef H5
watch([dark, locale], () => {
  document.documentElement.dataset.theme = dark.value ? 'dark' : 'light'
  document.documentElement.lang = locale.value
}, { immediate: true })
// #endif
