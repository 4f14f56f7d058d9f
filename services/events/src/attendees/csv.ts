import { pipeline, Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import { type ExportRow, exportColumns } from './columns.ts'

/** RFC 4180, with the byte order mark by which spreadsheets know UTF-8. */
export function toCsv(rows: AsyncIterable<ExportRow>): Readable {
  const format = stringify({ bom: true, header: true, columns: [...exportColumns], record_delimiter: 'windows' })
  // What breaks on one side ends the other; the answer hears of it.
  return pipeline(Readable.from(rows), format, () => {})
}
