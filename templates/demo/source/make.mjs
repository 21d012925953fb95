// Draws the pictures of the demonstration again: node make.mjs
// Needs the npm package sharp 0.35 in a folder above, or NODE_PATH.
import sharp from 'sharp'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const pictures = {
  village: 'eze-village', sentier: 'eze-sentier', noel: 'eze-marche-de-noel',
  biblio: 'eze-bibliotheque', potager: 'eze-potager', travaux: 'eze-travaux',
}
for (const [source, name] of Object.entries(pictures)) {
  const { default: svg } = await import(`./${source}.mjs`)
  await sharp(Buffer.from(svg)).resize(1600, 900).webp({ quality: 84, smartSubsample: true }).toFile(join(here, '..', `${name}.webp`))
}
