import { distance } from 'fastest-levenshtein'

const plain = (word: string) => word.toLowerCase().replaceAll(/[-_ ]/g, '')

/** The known word that somebody who wrote `word` most probably meant, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const written = plain(word)
  const furthest = Math.min(1 + Math.floor(written.length / 3), written.length - 1)
  const [best] = known
    .map((candidate) => ({ candidate, apart: distance(written, plain(candidate)) }))
    .filter(({ apart }) => apart <= furthest)
    .sort((a, b) => a.apart - b.apart)
  return best?.candidate
}
