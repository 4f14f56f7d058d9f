import { stripVTControlCharacters } from 'node:util'

/** What MinIO's build compiles where Go's own cache is empty; fewer where an earlier build has left some. */
const PACKAGES = 1300

/** Hears what `go install -v` says on its error stream, and tells how far it is. */
export function countPackages(tell: (detail: string) => void): (line: string) => void {
  let [modules, packages] = [0, 0]
  return (line) => {
    const text = stripVTControlCharacters(line).trim()
    if (text.startsWith('go: downloading ')) modules += 1
    // The path of a package, and nothing else.
    else if (/^[\w.~-]+(\/[\w.~-]+)*$/.test(text)) packages += 1
    else return
    tell(packages === 0 ? `${modules} modules fetched` : `${packages} of about ${PACKAGES} packages compiled`)
  }
}
