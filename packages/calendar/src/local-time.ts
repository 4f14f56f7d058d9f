const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const made = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset', year: 'numeric' })
  formats.set(timeZone, made)
  return made
}

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. @throws {RangeError} for an unknown zone */
export function offsetAt(timeZone: string, instant: Date): number {
  const name = formatOf(timeZone)
    .formatToParts(instant)
    .find(({ type }) => type === 'timeZoneName')?.value
  const match = /^GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(name ?? '')
  if (!match) throw new RangeError(`no offset in ${name}`)
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match
  const size = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  return sign === '-' ? -size : size
}

/** `20270507T160000Z` */
export function utcTime(instant: Date): string {
  return `${localTime(instant, 0)}Z`
}

/** `20270507T180000`: what clocks show that are so many milliseconds ahead of UTC. */
export function localTime(instant: Date, offset: number): string {
  return new Date(instant.getTime() + offset).toISOString().slice(0, 19).replace(/[-:]/g, '')
}

/** `+0530` */
export function offsetText(offset: number): string {
  const minutes = Math.abs(Math.trunc(offset / 60_000))
  const digits = (value: number) => String(value).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${digits(Math.trunc(minutes / 60))}${digits(minutes % 60)}`
}
