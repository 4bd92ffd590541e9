import { z } from 'zod'

const DAY = 86_400

/** How what changes is watched. */
export const delivery = z
  .strictObject({
    observe: z
      .boolean()
      .default(true)
      .describe(
        'Watch what changes and write it down in the state. Without it, nothing is known of what was, beyond what was written before.',
      ),
    everySeconds: z
      .int()
      .min(1)
      .max(DAY)
      .default(300)
      .describe('Seconds between two looks at registries and servers, give or take a tenth: how exact times are.'),
    healthEverySeconds: z
      .int()
      .min(1)
      .max(7 * DAY)
      .default(1_800)
      .describe('Seconds between two looks at health, which means judging everything.'),
  })
  .describe(
    'Watching who is champion, what is served and how it is, since tools forget that. Of several instances with one state, one looks at a time. It sees what an admin sees; who asks for what was seen sees what they may.',
  )
