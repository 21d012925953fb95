// Draws static/icons.svg, the one sprite of the pages, from the icons of Lucide.
//
//   npm install --prefix /tmp/lucide lucide-static@1.62.0
//   node templates/make-sprite.mjs /tmp/lucide/node_modules/lucide-static
//
// To add an icon, add its Lucide name below and run it again. Names are sorted, so that a diff shows only what changed.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSION = '1.62.0'
const ICONS = `
accessibility activity archive archive-restore arrow-down arrow-left arrow-right arrow-up at-sign baby badge-check ban bell
bell-off bell-ring bold book-open bookmark briefcase building-2 bus calendar-check calendar-days calendar-plus calendar-x
chart-column check chevron-down chevron-left chevron-right chevron-up circle-alert circle-check circle-question-mark
circle-user-round clock cloud-off construction contrast cookie copy copyright database download earth ellipsis
ellipsis-vertical external-link eye eye-off file-check file-plus file-text file-x fingerprint-pattern flag folder funnel
gauge gavel git-fork globe hand-heart hash heading heart history hourglass house image image-plus images inbox info italic
key-round landmark languages laptop layers library life-buoy lightbulb link list list-checks list-ordered locate lock
lock-open log-in log-out mail mail-check mail-open mail-plus map map-pin megaphone menu message-circle
message-square-warning messages-square minus moon navigation newspaper paperclip pen-line pencil phone pin play plus printer
qr-code quote receipt-text recycle refresh-cw repeat-2 reply rss save scale school scroll-text search send server settings
share-2 shield-alert shield-check siren smartphone sparkles stamp star store sun sun-moon tablet-smartphone tag timer trash-2
tree-pine triangle-alert type undo-2 upload user-check user-minus user-plus user-round user-x users users-round utensils
volume-2 vote wifi-off x
`.trim().split(/\s+/).sort()

const lucide = process.argv[2]
if (!lucide) throw new Error('usage: node make-sprite.mjs PATH_OF_LUCIDE_STATIC')
const { version } = JSON.parse(readFileSync(join(lucide, 'package.json'), 'utf8'))
if (version !== VERSION) throw new Error(`lucide-static ${VERSION} is wanted, this is ${version}`)

const symbols = ICONS.map((name) => {
  const source = readFileSync(join(lucide, 'icons', `${name}.svg`), 'utf8')
  const shapes = source.slice(source.indexOf('>', source.indexOf('<svg')) + 1, source.lastIndexOf('</svg>'))
    .trim().replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>')
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`
})
// The mark of Parvis: the fan of the cobbles.
symbols.push('<symbol id="parvis" viewBox="0 0 32 32"><path d="M3.5 15.5a12.5 12.5 0 0 1 25 0M4 27.5a12 12 0 0 1 24 0M10.2 27.5a5.8 5.8 0 0 1 11.6 0"/><circle cx="16" cy="27" r="2.1" fill="currentColor" stroke="none"/></symbol>')
const out = join(dirname(fileURLToPath(import.meta.url)), 'static', 'icons.svg')
writeFileSync(out, `<!-- Lucide ${VERSION}, ISC licence, see LICENCES.md. Drawn by make-sprite.mjs. -->\n<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`)
