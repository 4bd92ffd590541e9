import { inspect } from 'node:util'

const SHOWN = '[secret]'

/**
 * A password or token that shows itself to nobody by accident: text, JSON, `console.log` and loggers all get `[secret]`.
 * Only `reveal()` gives the value, so every place that uses one is found by searching for that word.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  toString(): string {
    return SHOWN
  }

  toJSON(): string {
    return SHOWN
  }

  [inspect.custom](): string {
    return SHOWN
  }
}
