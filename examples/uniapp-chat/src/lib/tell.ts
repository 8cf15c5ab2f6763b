import { WhinchatError } from '@whinchat/uniapp'
import { hasWords, t } from '../i18n'

/** What went wrong, for the person in front of the screen. */
export function wordsFor(error: unknown): string {
  if (!(error instanceof WhinchatError)) return String(error instanceof Error ? error.message : error)
  const key = `error.${error.code}`
  return hasWords(key) ? t(key) : t('error.other', { code: error.code, msg: error.msg })
}

export function tell(error: unknown): void {
  uni.showToast({ title: wordsFor(error), icon: 'none', duration: 3000 })
}
