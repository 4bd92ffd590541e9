/** Who may see what: asked at every exit of the port, through this one place. */
export { visible, visibleOf } from '#lib/visible.ts'
