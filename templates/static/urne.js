// The voter's part of an anonymous poll: writing a ballot, blinding it, casting it without a name.
//
// What happens, in order:
//   1. The ballot is a short text: the poll, the ticked choices, 32 random bytes. It is hashed and padded
//      (RFC 9474, RSABSSA-SHA384-PSS-Randomized), and multiplied by a random factor, so that it says nothing.
//   2. What takes the factor off again is kept in this browser BEFORE anything is sent: an answer that gets lost
//      costs no vote, since the same blinded ballot gets the same signature again.
//   3. The town hall, who knows who asks, signs the blinded ballot without being able to read it.
//   4. The factor is taken off, and the signature verified here.
//   5. The ballot is cast by another request, without cookie: nobody is asked who sends it.
// This file uses nothing but the browser's own random numbers, SHA-384 and verification of signatures. It is always
// served at the same address, so that its SHA-256 can be compared with the one printed on /sondages/anonymat.
(() => {
  'use strict'
  const encoder = new TextEncoder()

  // ---- numbers and bytes --------------------------------------------------------------------------------------

  const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const fromHex = (hex) => {
    if (hex.length % 2 || !/^[0-9a-f]*$/.test(hex)) throw new Error('not hexadecimal')
    return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
  }
  const toNumber = (bytes) => BigInt('0x' + (toHex(bytes) || '0'))
  const toBytes = (number, length) => {
    const hex = number.toString(16)
    if (hex.length > length * 2) throw new Error('number too large')
    return fromHex(hex.padStart(length * 2, '0'))
  }
  const joined = (...parts) => {
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }
  const random = (length) => crypto.getRandomValues(new Uint8Array(length))

  // base ^ exponent modulo n
  const power = (base, exponent, n) => {
    let result = 1n
    base %= n
    for (let e = exponent; e > 0n; e >>= 1n) {
      if (e & 1n) result = (result * base) % n
      base = (base * base) % n
    }
    return result
  }

  // The number that multiplied by `a` leaves 1 modulo n (extended Euclid).
  const inverse = (a, n) => {
    let [r0, r1, t0, t1] = [n, a % n, 0n, 1n]
    while (r1 !== 0n) {
      const q = r0 / r1
      ;[r0, r1, t0, t1] = [r1, r0 - q * r1, t1, t0 - q * t1]
    }
    if (r0 !== 1n) throw new Error('no inverse')
    return ((t0 % n) + n) % n
  }

  // A random number from 1 to n - 1, each as likely as any other.
  const randomBelow = (n, length) => {
    for (;;) {
      const number = toNumber(random(length))
      if (number > 0n && number < n) return number
    }
  }

  // ---- RFC 9474 -----------------------------------------------------------------------------------------------

  const HASH = 48
  const sha384 = async (bytes) => new Uint8Array(await crypto.subtle.digest('SHA-384', bytes))

  // MGF1 with SHA-384 (RFC 8017, B.2.1)
  const mgf1 = async (seed, length) => {
    const blocks = []
    for (let counter = 0; counter * HASH < length; counter++) {
      blocks.push(await sha384(joined(seed, Uint8Array.of(counter >>> 24, counter >>> 16, counter >>> 8, counter))))
    }
    return joined(...blocks).slice(0, length)
  }

  // EMSA-PSS-ENCODE (RFC 8017, 9.1.1) for a modulus of `size` whole bytes
  const encodePss = async (message, salt, size) => {
    const hash = await sha384(joined(new Uint8Array(8), await sha384(message), salt))
    const length = size - HASH - 1
    const block = joined(new Uint8Array(length - salt.length - 1), Uint8Array.of(1), salt)
    const mask = await mgf1(hash, length)
    for (let at = 0; at < length; at++) block[at] ^= mask[at]
    block[0] &= 0x7f
    return joined(block, hash, Uint8Array.of(0xbc))
  }

  // A public key from the hexadecimal modulus and exponent that the page shows
  const keyOf = (modulus, exponent) => {
    const bytes = fromHex(modulus)
    return { size: bytes.length, bytes, n: toNumber(bytes), e: toNumber(fromHex(exponent)), exponent }
  }

  // Blinds a message. The test vectors bring their own salt and factor.
  const blind = async (key, message, salt = random(HASH), factor = randomBelow(key.n, key.size)) => {
    const encoded = toNumber(await encodePss(message, salt, key.size))
    const blinded = (encoded * power(factor, key.e, key.n)) % key.n
    return { blinded: toHex(toBytes(blinded, key.size)), inverse: toHex(toBytes(inverse(factor, key.n), key.size)) }
  }

  const base64url = (bytes) =>
    btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

  const verify = async (key, message, signature) => {
    const jwk = { kty: 'RSA', n: base64url(key.bytes), e: base64url(fromHex(key.exponent)), ext: true }
    const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
    const imported = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
    return crypto.subtle.verify({ name: 'RSA-PSS', saltLength: HASH }, imported, signature, message)
  }

  // Takes the blinding off what the server signed, and believes it only if it verifies.
  const unblind = async (key, message, signed, inverse) => {
    const signature = toBytes((toNumber(fromHex(signed)) * toNumber(fromHex(inverse))) % key.n, key.size)
    if (!(await verify(key, message, signature))) throw new Error('the server signed something else')
    return toHex(signature)
  }

  // ---- the ballot ---------------------------------------------------------------------------------------------

  // What is signed: the randomizer of RFC 9474, then poll, choices and serial in letters
  const messageOf = (poll, ballot) =>
    joined(
      fromHex(ballot.randomizer),
      encoder.encode(`parvis-ballot-1|${poll}|${ballot.choices.join(',')}|${ballot.serial}`),
    )

  const newBallot = (choices) => ({
    choices: [...choices].sort((a, b) => a - b),
    serial: toHex(random(32)),
    randomizer: toHex(random(32)),
  })

  globalThis.parvisUrne = { toHex, fromHex, toNumber, keyOf, blind, unblind, verify, messageOf, newBallot }
  if (typeof document === 'undefined') return

  // ---- the page -----------------------------------------------------------------------------------------------

  const zone = document.querySelector('[data-urne]')
  if (!zone) return
  const { poll, voter, n, e, jeton, bulletin, resultats, address } = zone.dataset
  const words = JSON.parse(zone.dataset.mots)
  const place = `urne ${poll} ${voter}`
  const show = (name, yes = true) =>
    document.querySelectorAll(`[data-urne-${name}]`).forEach((part) => { part.hidden = !yes })

  if (!globalThis.isSecureContext || !crypto.subtle || typeof BigInt === 'undefined') {
    show('clair')
    return
  }
  try {
    localStorage.setItem('urne', '')
    localStorage.removeItem('urne')
  } catch {
    return // A browser that keeps nothing could lose a vote: the weaker way stays.
  }
  const key = keyOf(n, e)
  const form = document.querySelector('form[data-urne-formulaire]')
  show('faible', false)
  show('fort')

  const kept = () => JSON.parse(localStorage.getItem(place) ?? 'null')
  const keep = (state) => localStorage.setItem(place, JSON.stringify(state))
  const say = (text, wrong = false) => {
    const line = document.querySelector('[data-urne-etat]')
    line.hidden = !text
    line.className = wrong ? 'banniere alerte' : 'banniere information'
    line.querySelector('p').textContent = text
  }

  // What the server says, or why it does not.
  const ask = async (url, options) => {
    const answer = await fetch(url, { method: 'POST', cache: 'no-store', redirect: 'error', ...options })
    const said = await answer.json()
    if (!answer.ok) throw Object.assign(new Error(said.detail), { refusal: said.code, status: answer.status })
    return said
  }
  const asJson = { Accept: 'application/json', 'Content-Type': 'application/json' }

  // Step 3: with the session, since the register must know who took a ballot.
  const signed = async (state) => {
    say(words.ask)
    const body = new URLSearchParams({ csrf: zone.dataset.csrf, blinded: state.blinded })
    const said = await ask(jeton, { body, headers: { Accept: 'application/json' } })
    return unblind(key, messageOf(poll, state), said.signature, state.inverse)
  }

  // Step 5: without any cookie, and without saying from which page.
  const withoutName = { credentials: 'omit', referrerPolicy: 'no-referrer', headers: asJson }
  const ballotOf = ({ choices, serial, randomizer, signature }) => ({ poll, choices, serial, randomizer, signature })

  const vote = async (state) => {
    try {
      if (!state.signature) {
        state.signature = await signed(state)
        keep(state)
      }
      say(words.cast)
      const said = await ask(bulletin, { ...withoutName, body: JSON.stringify(ballotOf(state)) })
      // From here on only the receipt is kept: what could show that it came from here is thrown away.
      keep({ ...ballotOf(state), cast: true, number: said.number })
      await receipt()
    } catch (error) {
      // Only a ballot that will never be signed is thrown away.
      if (['already-taken', 'bad-blinding'].includes(error.refusal)) localStorage.removeItem(place)
      say(error.refusal ? error.message : words.lost, true)
    }
  }

  const receipt = async () => {
    const state = kept()
    const text = JSON.stringify({
      kind: 'parvis-receipt-1', address, ...ballotOf(state),
      words: state.choices.map((at) => words.options[at]), number: state.number,
    }, null, 2)
    say('')
    if (form) form.hidden = true
    show('pris', false)
    show('recu')
    document.querySelector('[data-urne-numero]').textContent = state.number
    document.querySelector('[data-urne-texte]').textContent = text
    const link = document.querySelector('[data-urne-telecharger]')
    link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }))
    link.download = `recu-sondage-${poll}.json`
    document.querySelector('[data-urne-imprimer]').onclick = () => print()
    document.querySelector('[data-urne-effacer]').onclick = () => {
      localStorage.removeItem(place)
      show('recu', false)
      say(words.erased)
    }
    document.querySelector('[data-urne-recu] h2').focus()
    await results(state)
  }

  const cell = (row, kind, text, name) => {
    const made = row.appendChild(document.createElement(kind))
    made.textContent = text
    if (name) made.className = name
    if (kind === 'th') made.scope = 'row'
  }

  // The counts, to whoever has a ballot in the box: the same table that everybody sees at the end.
  const results = async (state) => {
    const said = await ask(resultats, { ...withoutName, body: JSON.stringify(ballotOf(state)) })
    show('trop-tot', !said.tally)
    show('comptes', Boolean(said.tally))
    show('avant', !said.tally)
    if (!said.tally) return
    const rows = document.querySelector('[data-urne-comptes] tbody')
    rows.replaceChildren()
    for (const option of said.tally.options) {
      const row = rows.appendChild(document.createElement('tr'))
      cell(row, 'th', option.words)
      cell(row, 'td', option.votes_text, 'nombre')
      cell(row, 'td', option.share_text, 'nombre')
    }
    document.querySelector('[data-urne-participation]').textContent = said.tally.turnout_text
  }

  const begun = kept()
  if (begun?.cast) receipt().catch(() => say(words.lost, true))
  else if (begun) {
    say(words.resume)
    vote(begun)
  }
  form?.addEventListener('submit', async (event) => {
    event.preventDefault()
    const choices = new FormData(form).getAll('choices').map(Number)
    if (!choices.length) return say(words.choose, true)
    const button = form.querySelector('button[type=submit]')
    button.disabled = true
    const ballot = newBallot(choices)
    // Steps 1 and 2: what takes the blinding off is kept before anything is asked.
    const state = { ...ballot, ...(await blind(key, messageOf(poll, ballot))) }
    keep(state)
    await vote(state)
    button.disabled = false
  })
})()
