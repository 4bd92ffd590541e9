/** Names that break whatever builds ids, filters, URLs or cursors by gluing text. */
export const namesToSurvive = [
  'a/b',
  'O\'Brien "x"',
  '100%',
  'a:b',
  '  both ends  ',
  '..',
  '🚀 rocket',
  'نموذج الاحتيال',
  'n'.repeat(250),
  '__proto__',
  'constructor',
  "x' OR name LIKE '%",
  "'; DROP TABLE registered_models; --",
  'q?a=1&b=2#c\\`d`',
  "!'()*~",
  '',
]
