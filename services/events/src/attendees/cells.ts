/** White space and what no eye sees stand before a formula without making it text. */
const FORMULA = /^[\s\p{Cc}\p{Default_Ignorable_Code_Point}]*[=+\-@＝＋－＠]/u

/**
 * A cell that people wrote, as text for every spreadsheet: where it would be read as a formula, an apostrophe stands before it.
 * By OWASP's list of what starts one (`=`, `+`, `-`, `@`, tab, carriage return), its full-width forms, and any of them behind
 * white space or invisible characters.
 */
export function asText(written: string): string {
  return FORMULA.test(written) || /^[\t\r]/.test(written) ? `'${written}` : written
}
