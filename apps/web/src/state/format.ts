/* Numbers as people read them. */

/** `0.9432` as `94.3%`. */
export function formatShare(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(100 * share).toFixed(digits)}%` : '–'
}

/** `60000` as `60,000`. */
export function formatCount(n: number): string {
  return Math.round(n).toLocaleString('en-US')
}

/** A loss or an accuracy with as many digits as Keras shows. */
export function formatMetric(value: number | undefined, digits = 4): string {
  return value === undefined || !Number.isFinite(value) ? '–' : value.toFixed(digits)
}

/** A day and a time; a dash for what is none. @param date as `Date` reads it */
export function formatWhen(date: string, language: string): string {
  const when = new Date(date)
  if (Number.isNaN(when.getTime())) return '–'
  return when.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' })
}

/** A text of others, no longer than a line or two. */
export function shortened(text: string, most = 60): string {
  const letters = [...text]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : text
}

/** Milliseconds as `< 0.1 ms`, `0.3 ms`, `12 ms`, `1.4 s`. */
export function formatMs(ms: number): string {
  if (ms < 0.1) return '< 0.1 ms'
  if (ms >= 1000) return `${(ms / 1000).toFixed(1)} s`
  return ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`
}

/** Seconds as `5 s`, `2:05`, `1:02:05`. */
export function formatSeconds(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return '–'
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (n: number): string => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
