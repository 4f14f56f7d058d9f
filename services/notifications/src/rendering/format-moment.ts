import { fallbackChain } from '@rollcall/i18n/languages'

/** Making a formatter costs fifty times as much as using it. */
const formatters = new Map<string, Intl.DateTimeFormat>()
const MOST_FORMATTERS = 2000

/** A date and time as people of that language write it, in that zone's local time, with the zone's name. */
export function formatMoment(moment: Date, { locale, timeZone }: { locale: string; timeZone: string }): string {
  const [language = 'en'] = fallbackChain(locale)
  const key = `${language} ${timeZone}`
  const known = formatters.get(key)
  if (known) return known.format(moment)
  if (formatters.size >= MOST_FORMATTERS) formatters.clear()
  const formatter = createFormatter(language, timeZone)
  formatters.set(key, formatter)
  return formatter.format(moment)
}

function createFormatter(language: string, timeZone: string): Intl.DateTimeFormat {
  const parts = {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  } as const
  try {
    return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...parts, timeZone })
  } catch {
    // A zone that is newer than this process's time zone data.
    return new Intl.DateTimeFormat('en-GB', { ...parts, timeZone: 'UTC' })
  }
}
