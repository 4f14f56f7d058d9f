import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { type ExportRow, exportColumns } from './columns.ts'

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
const OOXML = 'http://schemas.openxmlformats.org'
const DOCUMENT = `${OOXML}/officeDocument/2006/relationships`
const SHEET = `${OOXML}/spreadsheetml/2006/main`
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** Parts of a workbook of one sheet beside the sheet itself (ECMA-376, Part 1). */
const parts: Record<string, string> = {
  '[Content_Types].xml': `${XML}<Types xmlns="${OOXML}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/></Types>`,
  '_rels/.rels': `${XML}<Relationships xmlns="${OOXML}/package/2006/relationships"><Relationship Id="rId1" Type="${DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${XML}<workbook xmlns="${SHEET}" xmlns:r="${DOCUMENT}"><sheets><sheet name="Attendees" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${OOXML}/package/2006/relationships"><Relationship Id="rId1" Type="${DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
}

/** Every cell is a text: none is computed. Written as it is read, so that its size takes no memory. */
export function toXlsx(rows: AsyncIterable<ExportRow>): Readable {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), name)
  const sheet = Readable.from(sheetOf(rows))
  // A PassThrough, though its type does not say so.
  const file = zip.outputStream as Readable
  sheet.once('error', (error) => file.destroy(error))
  file.once('close', () => sheet.destroy())
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml')
  zip.end()
  return file
}

async function* sheetOf(rows: AsyncIterable<ExportRow>): AsyncGenerator<string> {
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
  yield `${XML}<worksheet xmlns="${SHEET}"><sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`
  yield `<cols><col min="1" max="${exportColumns.length}" width="24"/></cols><sheetData>`
  yield rowOf(exportColumns)
  for await (const row of rows) yield rowOf(exportColumns.map((column) => row[column]))
  yield '</sheetData></worksheet>'
}

function rowOf(cells: readonly string[]): string {
  return `<row>${cells.map(cellOf).join('')}</row>`
}

const cellOf = (text: string) => `<c t="inlineStr"><is><t xml:space="preserve">${escapeXml(text)}</t></is></c>`

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** `_x0041_` would be read as the character of that code (ECMA-376, 22.9.2.19, ST_Xstring). */
function escapeXml(text: string): string {
  return text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replace(/[&<>]/g, (character) => escapes[character] ?? '')
}
