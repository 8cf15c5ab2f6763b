const DAY = 86_400_000

function startOfDay(time: number): number {
  const date = new Date(time)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

export function sameDay(a: number, b: number): boolean {
  return startOfDay(a * 1000) === startOfDay(b * 1000)
}

const two = (n: number) => String(n).padStart(2, '0')

export function clock(seconds: number): string {
  const date = new Date(seconds * 1000)
  return `${two(date.getHours())}:${two(date.getMinutes())}`
}

type Translate = (key: string, values?: Record<string, unknown>) => string

function daysAgo(seconds: number): number {
  return Math.round((startOfDay(Date.now()) - startOfDay(seconds * 1000)) / DAY)
}

/** For a separator between days. */
export function dayName(seconds: number, t: Translate): string {
  const ago = daysAgo(seconds)
  if (ago <= 0) return t('time.today')
  if (ago === 1) return t('time.yesterday')
  const date = new Date(seconds * 1000)
  if (ago < 7) return t(`time.weekday.${date.getDay()}`)
  const values = { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate(), monthName: t(`time.month.${date.getMonth()}`) }
  return t(date.getFullYear() === new Date().getFullYear() ? 'time.date' : 'time.fullDate', values)
}

/** For a row of the list: the clock today, else the day. */
export function shortTime(seconds: number, t: Translate): string {
  return daysAgo(seconds) <= 0 ? clock(seconds) : dayName(seconds, t)
}
