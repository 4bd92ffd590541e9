/** A table in Markdown, numbers to three digits. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(text)))].join('\n')
}

function text(cell: string | number): string {
  if (typeof cell === 'string') return cell
  const digits = cell === 0 || Math.abs(cell) >= 100 ? 0 : Math.abs(cell) >= 10 ? 1 : 2
  return cell.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: 0 })
}
