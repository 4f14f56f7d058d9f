/**
 * The command that `words` begin with, word by word: `deliveries ls-dead` is not `deliveries ls`. Of several the longest, so
 * that `deliveries` and `deliveries ls` may both be there.
 */
export function matchCommand(names: Iterable<string>, words: readonly string[]): string | undefined {
  const matching = [...names].filter((name) => name.split(' ').every((word, index) => words[index] === word))
  return matching.sort((a, b) => b.split(' ').length - a.split(' ').length)[0]
}
