/** Text that is HTML already. Everything else that stands in a template is escaped. */
export interface Html {
  readonly html: string
}

/** What can stand in a template. Nothing stands for undefined. */
export type Content = Html | string | number | undefined | readonly Content[]

/** HTML in which all that is put in is escaped, in text and in quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return { html: parts.map((part, i) => (i === 0 ? '' : written(contents[i - 1])) + part).join('') }
}

function written(content: Content): string {
  if (content === undefined) return ''
  if (typeof content === 'string' || typeof content === 'number') return escaped(String(content))
  return 'html' in content ? content.html : content.map(written).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Also in XML. Control characters, which neither allows, and halves of surrogate pairs are shown as U+FFFD. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what must not be there
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"']/g, (mark) => ENTITIES[mark] ?? mark)
  )
}
