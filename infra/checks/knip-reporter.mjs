// Shows knip's own report, then how many files it has looked at, which knip keeps to itself.
export default function report({ counters }) {
  process.stdout.write(`\nknip has looked at ${counters.processed} files\n`)
}
