import { buffer } from 'node:stream/consumers'
import { inflateRawSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { aRegistration } from '../../test/rows.ts'
import { asText } from './cells.ts'
import { type ExportRow, exportColumns, exportRows } from './columns.ts'
import { toCsv } from './csv.ts'
import type { AttendeeOf } from './queries.ts'
import { toXlsx } from './xlsx.ts'

it.each([
  '=1+1',
  '+49 30 1',
  '-1',
  '@cmd',
  '＝1+1',
  '＋1',
  '－1',
  '＠cmd',
  '  =1+1',
  '\u00a0=1+1',
  '\u200b=1+1',
  '\ufeff=1+1',
  '\t=1',
  '\tword',
  '\rword',
])('has a spreadsheet read %j as text', (written) => {
  expect(asText(written)).toBe(`'${written}`)
})

it.each(['Ada', "O'Hara", 'a=b', '1+1', '', 'Zoë – 3', '🎟️ x', 'ada@example.org'])('leaves %j as it is', (written) => {
  expect(asText(written)).toBe(written)
})

const person = (changes: Partial<AttendeeOf> = {}): AttendeeOf => ({
  ...aRegistration({ checked_in_at: new Date('2027-10-31T00:30:00Z') }),
  ...{ nickname: 'ada', first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.org' },
  ...{ guest_id: null, guest_name: null, guest_email: null },
  ...changes,
})

it('tells an hour that comes twice apart, in the event’s zone', () => {
  const toRow = exportRows('Europe/Berlin')
  expect(toRow(person()).checked_in_at).toBe('2027-10-31 02:30:00 +02:00')
  const later = person({ checked_in_at: new Date('2027-10-31T01:30:00Z') })
  expect(toRow(later).checked_in_at).toBe('2027-10-31 02:30:00 +01:00')
  expect(exportRows('UTC')(person()).checked_in_at).toBe('2027-10-31 00:30:00 +00:00')
  expect(exportRows('Asia/Kathmandu')(person({ checked_in_at: null })).checked_in_at).toBe('')
})

async function* rows(...people: AttendeeOf[]): AsyncGenerator<ExportRow> {
  const toRow = exportRows('Europe/Berlin')
  for (const one of people) yield toRow(one)
}

const csvOf = async (...people: AttendeeOf[]) => (await buffer(toCsv(rows(...people)))).toString('utf8')

it('writes CSV with byte order mark, header and CRLF, and quotes what needs it', async () => {
  const guest = { guest_id: 'x', guest_name: 'A "B", C\nD', guest_email: null }
  const text = await csvOf(person({ ...guest }), person({ first_name: '=HYPERLINK("x")', last_name: null }))
  const [header, ...lines] = text.split('\r\n')
  expect(header).toBe(`\ufeff${exportColumns.join(',')}`)
  expect(lines.join('\r\n')).toContain('"A ""B"", C\nD"')
  expect(lines.join('\r\n')).toContain(`"'=HYPERLINK(""x"")"`)
  expect(text.endsWith('\r\n')).toBe(true)
})

it('has a header also where nobody came', async () => {
  expect(await csvOf()).toBe(`\ufeff${exportColumns.join(',')}\r\n`)
})

/** The content of the only file of this name in an archive, by the archive's directory. */
function unzipped(archive: Buffer, name: string): string {
  const entry = archive.lastIndexOf(name) - 46
  const size = archive.readUInt32LE(entry + 20)
  const start = archive.readUInt32LE(entry + 42)
  const content = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28)
  return inflateRawSync(archive.subarray(content, content + size)).toString('utf8')
}

it('writes a spreadsheet whose cells are texts, as they were written', async () => {
  const people = [
    person({ first_name: 'A & <b>', last_name: '_x0041_' }),
    person({ first_name: '=1+1', last_name: null }),
  ]
  const sheet = unzipped(await buffer(toXlsx(rows(...people))), 'xl/worksheets/sheet1.xml')
  expect(sheet.match(/<row>/g)).toHaveLength(3)
  expect(sheet).toContain('<t xml:space="preserve">A &amp; &lt;b&gt; _x005F_x0041_</t>')
  expect(sheet).toContain(`<t xml:space="preserve">'=1+1</t>`)
  expect(sheet).not.toMatch(/<f>|t="str"|<v>/)
  expect(sheet.match(/<c /g)?.length).toBe(sheet.match(/<c t="inlineStr">/g)?.length)
})

it('ends an export whose source breaks with its error', async () => {
  async function* broken(): AsyncGenerator<ExportRow> {
    yield exportRows('UTC')(person())
    throw new Error('the database is away')
  }
  await expect(buffer(toCsv(broken()))).rejects.toThrow('the database is away')
  await expect(buffer(toXlsx(broken()))).rejects.toThrow('the database is away')
})
