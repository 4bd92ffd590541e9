/** What went wrong, in words for whoever started the program: shown as it is, without a stack. */
export class ReaderError extends Error {
  override readonly name: string = 'ReaderError'
}
